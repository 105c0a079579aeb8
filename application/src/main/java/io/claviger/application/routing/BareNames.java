package io.claviger.application.routing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;

/**
 * Lets users accept that bare names select a service that is shared with them. A bare name is the
 * name of a model without the name of a service. A user can share a service with other users
 * without their consent. So if no acceptance were needed, somebody could share a service that
 * offers a popular model, and would receive calls that are meant for another service.
 *
 * <p>All methods refuse as {@code not_found} anybody who can't see the service or whose token is
 * restricted to another service. All methods refuse as {@code forbidden} a token of scope use, and
 * anybody who may see but not use the service. All methods are refused as invalid with {@code
 * not_shared} for the user's own services and for system-level services, because bare names select
 * such services anyway.
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
