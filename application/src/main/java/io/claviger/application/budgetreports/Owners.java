package io.claviger.application.budgetreports;

import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.shared.Actor;
import io.claviger.domain.sharing.Action;
import java.time.Instant;

/**
 * Decides who is an owner of a service. Owners are the owning user, and the co-owners who may write
 * limits of the service.
 */
final class Owners {
  private Owners() {}

  static boolean owns(Actor actor, VisibleInstance seen, Instant now) {
    return actor.mayManage() && seen.allows(actor, Action.CONFIGURE, now);
  }
}
