package io.claviger.application.rejectedkeys;

import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.AgedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.OwnKeyCounts;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows users which keys they have to replace. */
public interface RejectedKeys {
  /** The maximum number of keys that {@link #list} returns. */
  int MOST = 100;

  static RejectedKeys of(RejectedKeyStore store, InstantSource clock) {
    return new RejectedKeyReader(store, clock);
  }

  /**
   * Lists the rejected keys that the actor may replace, ordered by service: the actor's own keys,
   * and the keys that the actor may set for services. The list has at most {@link #MOST} keys. For
   * an access token of scope {@code use}, the list is empty.
   */
  List<RejectedKey> list(Actor actor);

  /**
   * Returns when providers began to reject the keys of services. The map contains only services
   * whose own key is rejected. The map is empty unless the actor is an administrator with a token
   * of scope {@code manage}.
   *
   * @param services at most {@link #MOST} services
   */
  Map<Instance.Id, Instant> rejectedSince(Actor actor, Collection<Instance.Id> services);

  /**
   * Lists the rejected keys of a single service, under the rules of {@link #list}. The list has at
   * most two keys: the key of the service and the actor's own key for the service.
   */
  List<RejectedKey> list(Actor actor, Instance.Ref service);

  /**
   * Lists the keys of services with their ages, the oldest first. Keys that users have stored as
   * their own keys are only counted. Actors who are not administrators are refused with {@code
   * forbidden}.
   *
   * @param setBefore if present, only keys that were set before this time are listed
   * @param rejected whether to list only keys that providers reject
   */
  Outcome<KeyAges> ages(
      Actor actor, Optional<Instant> setBefore, boolean rejected, PageRequest<TimeCursor> page);

  /** The keys of services, and the numbers of keys that users have stored as their own keys. */
  record KeyAges(Page<AgedKey, TimeCursor> page, OwnKeyCounts own) {}
}
