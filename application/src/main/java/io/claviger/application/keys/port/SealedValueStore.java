package io.claviger.application.keys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads and replaces the sealed values of all tables, to rotate and discard encryption keys. */
public interface SealedValueStore {
  /** The number of values of one kind that are sealed with one key. */
  record Count(EncryptionKeyId under, KeyBinding.Kind kind, long values) {}

  /**
   * The number of services and the number of users for which a value is sealed with a key. A
   * webhook of a group or of the installation belongs to no user.
   */
  record Concerned(long services, long users) {}

  record ServiceRow(Instance.Id instance, Instance.Ref ref) {}

  /**
   * A sealed value and the row that holds it.
   *
   * @param at the row of the service to which the value belongs; empty for refresh tokens, secrets
   *     of webhooks, and keys of the issuer and of the audit trail
   * @param user the user or group to whom an own key, a refresh token or the secret of a webhook
   *     belongs, or the id of a change that waits for consent; empty for other values
   * @param holder the name of that user or group
   * @param binding the binding with which the value can be opened; empty when Claviger can't have
   *     written such a row
   */
  record StoredValue(
      KeyBinding.Kind kind,
      Optional<ServiceRow> at,
      Optional<User.Id> user,
      Optional<GranteeName> holder,
      Optional<KeyBinding> binding,
      SealedValue value) {

    public StoredValue(
        KeyBinding.Kind kind,
        Instance.Id instance,
        Optional<User.Id> user,
        Instance.Ref service,
        Optional<GranteeName> holder,
        Optional<KeyBinding> binding,
        SealedValue value) {
      this(kind, Optional.of(new ServiceRow(instance, service)), user, holder, binding, value);
    }

    /**
     * @throws java.util.NoSuchElementException for a value that belongs to a user and to no service
     */
    public Instance.Id instance() {
      return at.orElseThrow().instance();
    }

    /**
     * @throws java.util.NoSuchElementException for a value that belongs to a user and to no service
     */
    public Instance.Ref service() {
      return at.orElseThrow().ref();
    }
  }

  record Replacement(StoredValue old, SealedValue with) {}

  /** The row after which the reading of a table continues. */
  record Position(Table table, UUID instance, UUID user) {
    public static final Position BEGINNING = beginning(Table.INSTANCES);

    public static Position beginning(Table table) {
      return new Position(table, new UUID(0, 0), new UUID(0, 0));
    }
  }

  /** The tables that contain sealed values, in the order in which they are read. */
  enum Table {
    INSTANCES,
    USER_KEYS,
    IDENTITIES,
    WEBHOOKS,
    NAMING_KEYS,
    BILLING_CREDENTIALS,
    ISSUER_KEYS,
    AUDIT_KEYS,
    APPROVALS;

    /**
     * Returns the beginning of the table that is read after this table; empty for the last table.
     */
    public Optional<Position> next() {
      return Arrays.stream(values())
          .filter(table -> table.compareTo(this) > 0)
          .findFirst()
          .map(Position::beginning);
    }
  }

  /**
   * The results from one part of a table.
   *
   * @param next where to continue; empty at the end
   */
  record SealedValueBatch<T>(List<T> found, Optional<Position> next) {
    public SealedValueBatch {
      found = List.copyOf(found);
    }
  }

  /**
   * A value that belongs to a user and not to a service. It is one of these: a refresh token, a
   * webhook's secret (which may also belong to a group), or a signing key (which belongs to {@code
   * _system}).
   */
  record UserValue(KeyBinding.Kind kind, GranteeName holder) {}

  /**
   * A value that was deleted because it could no longer be opened.
   *
   * @param at the service; empty for a refresh token and a webhook's secret
   * @param owner the owner of the service, or the user to whom the value belonged
   * @param user the user whose own key the value was, or the id of the change that waited; empty
   *     when the value belonged to the service
   * @param ofUser the kind of the value, if it belonged to a user and not to a service
   */
  record Cleared(
      Optional<ServiceRow> at,
      User.Id owner,
      boolean apiKey,
      boolean headers,
      Optional<User.Id> user,
      Optional<UserValue> ofUser) {

    public Cleared(
        Instance.Id instance,
        Instance.Ref service,
        User.Id owner,
        boolean apiKey,
        boolean headers,
        Optional<User.Id> user) {
      this(
          Optional.of(new ServiceRow(instance, service)),
          owner,
          apiKey,
          headers,
          user,
          Optional.empty());
    }

    /** A value that belonged to a user and to no service. */
    public static Cleared ofUser(User.Id user, UserValue value) {
      return new Cleared(
          Optional.empty(), user, false, false, Optional.of(user), Optional.of(value));
    }
  }

  List<Count> counts();

  Concerned concerned(EncryptionKeyId key);

  /**
   * Finds values that are sealed with keys other than the given key.
   *
   * @param rows the greatest number of rows to read; a row may hold several values
   */
  SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows);

  /**
   * Replaces each value that is still stored unchanged in its row. Either all given values of a row
   * are replaced, or no value of this row is replaced. No other column of the row changes. Other
   * transactions that replace values in the same table wait until the present transaction ends. If
   * the database server crashes shortly after the end of the transaction, the database may contain
   * the old values again.
   *
   * @return the number of values that were replaced
   * @throws io.claviger.application.shared.ConcurrencyConflict when another transaction that writes
   *     one of the rows takes too long
   */
  int replace(List<Replacement> replacements);

  /**
   * Deletes the values that are sealed with a key. Deleting such a value changes the service to
   * which it belongs.
   *
   * @param rows the greatest number of rows to change
   */
  SealedValueBatch<Cleared> clear(EncryptionKeyId key, Position after, int rows, Instant now);
}
