package io.claviger.application.routing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;

/**
 * Lets users accept that names of models without a service lead to a service that is shared with
 * them. A share needs nobody's consent, so without this, whoever shares a service named like a
 * popular model would receive calls meant for another.
 *
 * <p>All methods are refused as {@code not_found} to anybody who can't see the service or whose
 * token is restricted to another one, as {@code forbidden} to anybody who may see but not use it
 * and to a token of scope use, and as invalid with {@code not_shared} for the user's own services
 * and system-level ones, to which such names lead anyway.
 */
public interface BareNames {
  static BareNames of(InstanceStore instances, BareNameStore accepted, AuditedChanges changes) {
    return new BareNameUseCases(instances, accepted, changes);
  }

  /** Accepts it. It is no error if it was accepted already. The acceptance ends with the share. */
  Outcome<Instance.Ref> accept(Actor actor, Instance.Ref service);

  /** Takes the acceptance back. It is no error if there is none. */
  Outcome<Instance.Ref> withdraw(Actor actor, Instance.Ref service);
}
