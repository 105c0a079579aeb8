package io.claviger.application.routing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;

/**
 * Lets users accept that bare names select a service that is shared with them. A bare name is a
 * model's name without a service. Services can be shared with users without their consent. So if
 * this acceptance were not needed, somebody could share a service that offers a popular model, and
 * receive calls that are meant for another service.
 *
 * <p>If the user can't see the service, or the token is restricted to another service, the answer
 * is {@code not_found}. If the token has the scope {@code use}, or the user may see but not use the
 * service, the answer is {@code forbidden}. For the user's own services and for system-level
 * services, the request is invalid with {@code not_shared}, because bare names already select these
 * services.
 */
public interface BareNames {
  static BareNames of(InstanceStore instances, BareNameStore accepted, AuditedChanges changes) {
    return new BareNameUseCases(instances, accepted, changes);
  }

  /** Whether the user has accepted that bare names select the given service. */
  Outcome<Boolean> isAccepted(Actor actor, Instance.Ref service);

  /**
   * Accepts that bare names select the given service. If the user has already accepted this, the
   * call changes nothing and succeeds. The acceptance ends with the share.
   */
  Outcome<Instance.Ref> accept(Actor actor, Instance.Ref service);

  /** Withdraws the acceptance. If there is no acceptance, the call changes nothing and succeeds. */
  Outcome<Instance.Ref> withdraw(Actor actor, Instance.Ref service);
}
