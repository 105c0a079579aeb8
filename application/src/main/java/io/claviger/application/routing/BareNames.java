package io.claviger.application.routing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;

/**
 * Lets users accept that bare names select a service that is shared with them. A bare name is the
 * name of a model without the name of a service. The acceptance is needed because a user can share
 * a service with other users without their consent. Without it, somebody could share a service that
 * offers a popular model, and would then receive calls that are meant for another service.
 *
 * <p>All methods answer {@code not_found} to anybody who can't see the service or whose token is
 * restricted to another service. They answer {@code forbidden} to a token of scope use, and to
 * anybody who may see but not use the service. For the user's own services and for system-level
 * services, all methods are refused as invalid with {@code not_shared}, because bare names select
 * these services anyway.
 */
public interface BareNames {
  static BareNames of(InstanceStore instances, BareNameStore accepted, AuditedChanges changes) {
    return new BareNameUseCases(instances, accepted, changes);
  }

  /**
   * Accepts that bare names select a service. If the user has already accepted this, the call
   * succeeds and changes nothing. The acceptance ends with the share.
   */
  Outcome<Instance.Ref> accept(Actor actor, Instance.Ref service);

  /** Withdraws the acceptance. If there is no acceptance, the call succeeds and changes nothing. */
  Outcome<Instance.Ref> withdraw(Actor actor, Instance.Ref service);
}
