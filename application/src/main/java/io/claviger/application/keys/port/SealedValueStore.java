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

/**
 * Reads and replaces the sealed values of all tables, so that encryption keys can be rotated and
 * discarded.
 */
public interface SealedValueStore {
  /** The number of values of a kind that are sealed with a key. */
  record Count(EncryptionKeyId under, KeyBinding.Kind kind, long values) {}

  /**
   * The numbers of services and of users with values that are sealed with a key. A webhook that
   * belongs to a group or to the installation is not counted as a user's value.
   */
  record Concerned(long services, long users) {}

  record ServiceRow(Instance.Id instance, Instance.Ref ref) {}

  /**
   * A sealed value and the row that holds it.
   *
   * @param at the row of the service to which the value belongs; empty if the value is a refresh
   *     token, a webhook secret, or a key of the issuer or of the audit trail
   * @param user the user or group to whom a user key, refresh token or webhook secret belongs, or
   *     the id of a change that waits for consent; empty if the value is none of these
   * @param holder the name of the user or group
   * @param binding the binding that opens the value; empty if Claviger can't have written the row
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
     * @throws java.util.NoSuchElementException if the value belongs to no service
     */
    public Instance.Id instance() {
      return at.orElseThrow().instance();
    }

    /**
     * @throws java.util.NoSuchElementException if the value belongs to no service
     */
    public Instance.Ref service() {
      return at.orElseThrow().ref();
    }
  }

  record Replacement(StoredValue old, SealedValue with) {}

  /** The last row that was read. The next read continues with the row after it. */
  record Position(Table table, UUID instance, UUID user) {
    public static final Position BEGINNING = beginning(Table.INSTANCES);

    public static Position beginning(Table table) {
      return new Position(table, new UUID(0, 0), new UUID(0, 0));
    }
  }

  /** The tables with sealed values, in the order in which they are read. */
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

    /** Returns the beginning of the next table; empty if this is the last table. */
    public Optional<Position> next() {
      return Arrays.stream(values())
          .filter(table -> table.compareTo(this) > 0)
          .findFirst()
          .map(Position::beginning);
    }
  }

  /**
   * The results of reading a part of a table.
   *
   * @param next the row after which the next read continues; empty at the end of the last table
   */
  record SealedValueBatch<T>(List<T> found, Optional<Position> next) {
    public SealedValueBatch {
      found = List.copyOf(found);
    }
  }

  /**
   * The kinds of values that belong to a user and not to a service. A value of a user is a refresh
   * token, a webhook secret or a signing key. A webhook secret can also belong to a group. A
   * signing key belongs to {@code _system}.
   */
  record UserValue(KeyBinding.Kind kind, GranteeName holder) {}

  /**
   * A value that was deleted because it could no longer be opened.
   *
   * @param at the service to which the value belonged; empty if the value is a refresh token or a
   *     webhook secret
   * @param owner the owner of the service, or the user to whom the value belonged
   * @param user the user to whom the user key belonged, or the id of the change that waited for
   *     consent; empty if the value belonged to the service
   * @param ofUser the kind of the value, if it belonged to a user and to no service
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

    /** Creates a deleted value that belonged to a user and to no service. */
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
   * @param rows the maximum number of rows to read; a row can hold several values
   */
  SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows);

  /**
   * Replaces each value unless it was changed since it was read. The values of a row are replaced
   * all together or not at all. No other column of the row changes. Until the transaction ends,
   * other transactions that replace values in the same table wait. If the database server crashes
   * shortly after the transaction ends, the replacement can be lost.
   *
   * @return the number of values that were replaced
   * @throws io.claviger.application.shared.ConcurrencyConflict if one of the rows stays locked too
   *     long by another transaction
   */
  int replace(List<Replacement> replacements);

  /**
   * Deletes the values that are sealed with a key. If a deleted value belonged to a service, the
   * service counts as changed.
   *
   * @param rows the maximum number of rows to change
   */
  SealedValueBatch<Cleared> clear(EncryptionKeyId key, Position after, int rows, Instant now);
}
