package io.claviger.application.rejectedkeys;

import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class RejectedKeyReader implements RejectedKeys {
  private final RejectedKeyStore store;
  private final InstantSource clock;

  RejectedKeyReader(RejectedKeyStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public List<RejectedKey> list(Actor actor) {
    return list(actor, Optional.empty());
  }

  @Override
  public List<RejectedKey> list(Actor actor, Instance.Ref service) {
    return list(actor, Optional.of(service));
  }

  @Override
  public Map<Instance.Id, Instant> rejectedSince(Actor actor, Collection<Instance.Id> services) {
    return actor.administrator() && actor.mayManage() ? store.rejectedSince(services) : Map.of();
  }

  @Override
  public Outcome<KeyAges> ages(
      Actor actor, Optional<Instant> setBefore, boolean rejected, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators may see the ages of all keys.");
          }
          return new KeyAges(
              Page.of(
                  store.ages(setBefore, rejected, page.after(), page.limit() + 1),
                  page.limit(),
                  key -> new TimeCursor(key.setAt(), key.service().value())),
              store.ownKeys(setBefore));
        });
  }

  private List<RejectedKey> list(Actor actor, Optional<Instance.Ref> service) {
    if (!actor.mayManage()) {
      return List.of();
    }
    return store.of(actor.id(), actor.administrator(), service, clock.instant(), MOST).stream()
        .filter(key -> actor.isWithinRestriction(key.service()))
        .filter(key -> key.own() || maySet(actor, key))
        .toList();
  }

  private static boolean maySet(Actor actor, RejectedKey key) {
    Relationship relationship =
        Relationship.of(
            actor.id(), actor.administrator(), key.owner(), Audience.SHARED, key.role());
    return Permissions.allows(relationship, Action.SET_KEY);
  }
}
