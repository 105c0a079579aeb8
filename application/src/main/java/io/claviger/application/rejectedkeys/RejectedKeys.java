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

/** Shows people which keys they have to replace. */
public interface RejectedKeys {
  /** The greatest number of keys that {@link #list} returns. */
  int MOST = 100;

  static RejectedKeys of(RejectedKeyStore store, InstantSource clock) {
    return new RejectedKeyReader(store, clock);
  }

  /**
   * Lists the rejected keys that the actor may replace, ordered by service: the actor's own keys,
   * and the keys that the actor may set for services. The list has {@link #MOST} keys at most, and
   * is empty for an access token of scope use.
   */
  List<RejectedKey> list(Actor actor);

  /**
   * Returns the times since which providers have rejected the keys of services. Only administrators
   * with a token of scope manage get these times; for anybody else the map is empty. Services whose
   * key is not rejected are left out. Users' own keys are left out too.
   *
   * @param services the services, {@link #MOST} at most
   */
  Map<Instance.Id, Instant> rejectedSince(Actor actor, Collection<Instance.Id> services);

  /**
   * Lists the rejected keys of one service, as {@link #list} does. The list has two keys at most:
   * the key of the service and the actor's own key for the service.
   */
  List<RejectedKey> list(Actor actor, Instance.Ref service);

  /**
   * Lists the keys of services with their ages, the oldest first. Keys that people stored for
   * themselves are only counted. Actors who are not administrators are refused with {@code
   * forbidden}.
   *
   * @param setBefore the time before which the listed keys were set; empty for keys of any age
   * @param rejected whether to list only keys that providers reject
   */
  Outcome<KeyAges> ages(
      Actor actor, Optional<Instant> setBefore, boolean rejected, PageRequest<TimeCursor> page);

  /** The keys of services, and the numbers of people's own keys. */
  record KeyAges(Page<AgedKey, TimeCursor> page, OwnKeyCounts own) {}
}
