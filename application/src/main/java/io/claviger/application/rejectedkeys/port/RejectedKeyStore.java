package io.claviger.application.rejectedkeys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores which keys were rejected: one row at most for each stored key. */
public interface RejectedKeyStore {
  /**
   * A rejection.
   *
   * @param status the status of the provider's answer
   */
  record KeyRejection(StoredKey key, Instant at, int status) {}

  /** Records rejections. Those of keys that are not stored any more are left out. */
  void reject(Collection<KeyRejection> rejections);

  /** Forgets the rejections of keys that were accepted. */
  void accept(Collection<StoredKey> keys);

  /**
   * Lists the rejected keys.
   *
   * @param most how many at most
   */
  List<StoredKey> all(int most);

  /**
   * Lists rejected keys that a user may have to replace: the user's own keys, and those of services
   * that they own or hold as owner; for an administrator also those of {@code _system}. Replaced
   * keys are left out. Ordered by service.
   *
   * @param service the only one that is wanted; empty for all
   */
  List<RejectedKey> of(
      User.Id user, boolean administrator, Optional<Instance.Ref> service, Instant now, int most);

  /** Finds since when the keys of services are rejected, leaving out users' own keys. */
  Map<Instance.Id, Instant> rejectedSince(Collection<Instance.Id> services);

  /** Removes the rejections of keys that were replaced. Returns how many there were. */
  int removeReplaced();
}
