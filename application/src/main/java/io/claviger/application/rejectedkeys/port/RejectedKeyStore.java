package io.claviger.application.rejectedkeys.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores which keys were rejected, in at most one row for each stored key. */
public interface RejectedKeyStore {
  /**
   * A rejection.
   *
   * @param status the status code of the provider's answer
   */
  record KeyRejection(StoredKey key, Instant at, int status) {}

  /** Records rejections. Rejections of keys that are no longer stored are ignored. */
  void reject(Collection<KeyRejection> rejections);

  /** Deletes the rejections of keys that were accepted. */
  void accept(Collection<StoredKey> keys);

  /**
   * Lists the rejected keys.
   *
   * @param most the maximum number of keys to list
   */
  List<StoredKey> all(int most);

  /**
   * Lists rejected keys that a user might have to replace: the user's own keys, and the keys of
   * services that the user owns or co-owns. For an administrator, the list also contains the keys
   * of services of {@code _system}. Keys that were replaced are not listed. The list is ordered by
   * service.
   *
   * @param service if present, only the keys of this service are listed
   */
  List<RejectedKey> of(
      User.Id user, boolean administrator, Optional<Instance.Ref> service, Instant now, int most);

  /**
   * Finds when the keys of services were first rejected. Keys that users have stored as their own
   * keys are not included.
   */
  Map<Instance.Id, Instant> rejectedSince(Collection<Instance.Id> services);

  /**
   * Lists the keys of services and all other secrets with which Claviger requests tokens, the
   * oldest first. If {@code rejected} is true, the list also contains credentials without a secret.
   *
   * @param setBefore if present, only keys that were set before this time are listed
   * @param rejected whether to list only rejected keys; the list then also contains those
   *     credentials without a secret that get rejected tokens
   * @param after the entry after which the list begins, given by the time at which its key was set
   *     and by the id of its service; if empty, the list begins with the first entry
   */
  List<AgedKey> ages(
      Optional<Instant> setBefore, boolean rejected, Optional<TimeCursor> after, int limit);

  /**
   * Counts the keys that users have stored as their own keys.
   *
   * @param setBefore a key counts as old if it was set before this time; if empty, no key counts as
   *     old
   */
  OwnKeyCounts ownKeys(Optional<Instant> setBefore);

  /**
   * The key of a service, with its age and its rejection.
   *
   * @param rejectedSince when the provider began to reject the key
   * @param status the status code with which the provider rejects the key
   */
  record AgedKey(
      Instance.Id service,
      Instance.Ref ref,
      Instant setAt,
      Optional<Instant> rejectedSince,
      Optional<Integer> status) {}

  /**
   * The numbers of keys that users have stored as their own keys: the number of all such keys, of
   * old keys, and of rejected keys.
   */
  record OwnKeyCounts(long stored, long old, long rejected) {}

  /**
   * Removes the rejections of keys that were replaced. Returns the number of removed rejections.
   */
  int removeReplaced();
}
