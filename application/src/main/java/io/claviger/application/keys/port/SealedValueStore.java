package io.claviger.application.keys.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Every sealed value there is, wherever it stands: what the life of encryption keys is about. */
public interface SealedValueStore {
  /** So many values of a kind are under a key. */
  record Count(EncryptionKeyId under, KeyBinding.Kind kind, long values) {}

  /** How many services, and how many users with keys of their own, have something under a key. */
  record Concerned(long services, long users) {}

  /**
   * A value where it stands.
   *
   * @param user whose own key it is, where it is one
   * @param holder their handle
   * @param binding empty where the row is not one that Claviger could have written
   */
  record StoredValue(
      KeyBinding.Kind kind,
      InstanceId instance,
      Optional<UserId> user,
      InstanceRef service,
      Optional<Handle> holder,
      Optional<KeyBinding> binding,
      SealedValue value) {}

  /** What is to stand in the place of what stood there. */
  record Replacement(StoredValue old, SealedValue with) {}

  /** Behind this row of a table a walk through all of them goes on. */
  record Position(Table table, UUID instance, UUID user) {
    public static final Position BEGINNING = beginning(Table.INSTANCES);

    public static Position beginning(Table table) {
      return new Position(table, new UUID(0, 0), new UUID(0, 0));
    }
  }

  /** The tables that hold sealed values, in the order in which they are walked through. */
  enum Table {
    INSTANCES,
    USER_KEYS
  }

  /**
   * @param next empty at the end
   */
  record Batch<T>(List<T> found, Optional<Position> next) {
    public Batch {
      found = List.copyOf(found);
    }
  }

  /**
   * Something that could not be opened any more and was taken away.
   *
   * @param user whose own key it was; else it was the service's
   */
  record Cleared(
      InstanceId instance,
      InstanceRef service,
      UserId owner,
      boolean apiKey,
      boolean headers,
      Optional<UserId> user) {}

  List<Count> counts();

  Concerned concerned(EncryptionKeyId key);

  /**
   * Values under other keys than this one.
   *
   * @param rows at most so many rows, each of which may hold several values
   */
  Batch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows);

  /**
   * Replaces each value that still stands where and as it stood; of a row all or none. Nothing else
   * of the row changes. Who replaces in the same table at the same time waits for the end of the
   * transaction. When the server crashes a moment after that end, the values may be what they were.
   *
   * @return how many
   * @throws io.claviger.application.shared.ConcurrencyConflict when somebody else is writing one of
   *     the rows and does not end soon
   */
  int replace(List<Replacement> replacements);

  /**
   * Takes away what is under a key: a change of the services concerned.
   *
   * @param rows at most so many
   */
  Batch<Cleared> clear(EncryptionKeyId key, Position after, int rows, Instant now);
}
