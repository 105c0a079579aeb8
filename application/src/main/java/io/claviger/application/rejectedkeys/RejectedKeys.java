package io.claviger.application.rejectedkeys;

import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Shows people which keys they have to replace. */
public interface RejectedKeys {
  /** The most keys that {@link #list} returns. */
  int MOST = 100;

  static RejectedKeys of(RejectedKeyStore store, InstantSource clock) {
    return new RejectedKeyReader(store, clock);
  }

  /**
   * Lists the rejected keys that the actor may replace, ordered by service: the actor's own keys,
   * and the keys of services whose key they may set. Empty for an access token of scope use.
   * Returns {@link #MOST} at most.
   */
  List<RejectedKey> list(Actor actor);

  /**
   * Says since when the providers reject the keys of services, for an administrator with a token of
   * scope manage; nothing for anybody else. Services whose key is not rejected are left out, and so
   * are the own keys of users.
   *
   * @param services {@link #MOST} at most
   */
  Map<Instance.Id, Instant> rejectedSince(Actor actor, Collection<Instance.Id> services);

  /** Lists the rejected keys of one service, as {@link #list} does. There are two at most. */
  List<RejectedKey> list(Actor actor, Instance.Ref service);
}
