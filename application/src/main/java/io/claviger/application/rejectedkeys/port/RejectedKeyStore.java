package io.claviger.application.rejectedkeys.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores which keys were rejected: at most one row for each stored key. */
public interface RejectedKeyStore {
  /**
   * A rejection.
   *
   * @param status the status of the provider's answer
   */
  record KeyRejection(StoredKey key, Instant at, int status) {}

  /** Records rejections. Rejections of keys that are no longer stored are left out. */
  void reject(Collection<KeyRejection> rejections);

  /** Deletes the rejections of keys that were accepted. */
  void accept(Collection<StoredKey> keys);

  /**
   * Lists the rejected keys.
   *
   * @param most the greatest number of keys
   */
  List<StoredKey> all(int most);

  /**
   * Lists rejected keys that a user may have to replace: the user's own keys, and the keys of
   * services that the user owns or co-owns. For an administrator, the list also contains the keys
   * of services of {@code _system}. Keys that have been replaced are left out. The list is ordered
   * by service.
   *
   * @param service lists only the keys of this service; empty for all services
   */
  List<RejectedKey> of(
      User.Id user, boolean administrator, Optional<Instance.Ref> service, Instant now, int most);

  /**
   * Finds the times since which the keys of services have been rejected. Users' own keys are left
   * out.
   */
  Map<Instance.Id, Instant> rejectedSince(Collection<Instance.Id> services);

  /**
   * Lists the keys of services, and other secrets that are used to make tokens, the oldest first.
   * Credentials without a secret are left out, unless {@code rejected} is true.
   *
   * @param setBefore the time before which the listed keys were set; empty for keys of any age
   * @param rejected whether to list only rejected keys, and credentials without a secret whose
   *     tokens are rejected
   * @param after the position after which the list begins: the time at which a key was set, and the
   *     id of the key's service
   */
  List<AgedKey> ages(
      Optional<Instant> setBefore, boolean rejected, Optional<TimeCursor> after, int limit);

  /**
   * Counts the keys that people stored for themselves.
   *
   * @param setBefore keys that were set before this time are counted as old; if empty, no key is
   *     old
   */
  OwnKeyCounts ownKeys(Optional<Instant> setBefore);

  /**
   * The key of a service.
   *
   * @param rejectedSince the time since which the provider rejects the key
   * @param status the status with which the provider rejects the key
   */
  record AgedKey(
      Instance.Id service,
      Instance.Ref ref,
      Instant setAt,
      Optional<Instant> rejectedSince,
      Optional<Integer> status) {}

  /**
   * The numbers of keys that people stored for themselves: the number of all these keys, the number
   * of old keys among them, and the number of rejected keys among them.
   */
  record OwnKeyCounts(long stored, long old, long rejected) {}

  /**
   * Removes the rejections of keys that were replaced. Returns how many rejections were removed.
   */
  int removeReplaced();
}
