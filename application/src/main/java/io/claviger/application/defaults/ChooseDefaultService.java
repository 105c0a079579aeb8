package io.claviger.application.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import java.util.List;

final class ChooseDefaultService implements ChooseDefault {
  private final InstanceStore instances;
  private final DefaultServiceStore defaults;
  private final AuditedChanges attempts;

  ChooseDefaultService(
      InstanceStore instances, DefaultServiceStore defaults, AuditedChanges attempts) {
    this.instances = instances;
    this.defaults = defaults;
    this.attempts = attempts;
  }

  @Override
  public Outcome choose(Actor actor, Handle user, InstanceRef service) {
    return attempts.change(
        actor,
        AuditAction.DEFAULT_UPDATE,
        AuditTargets.defaultService(user),
        ledger -> {
          UserId chooser = DefaultOwner.of(actor, user);
          Instance instance = choosable(actor, chooser, service);
          boolean created = defaults.choose(chooser, instance.id());
          ledger.recordChange(
              created ? AuditAction.DEFAULT_CREATE : AuditAction.DEFAULT_UPDATE,
              AuditTargets.defaultService(chooser, user),
              List.of("service"));
          return new Outcome.Chosen(
              new EffectiveDefault(
                  service,
                  chooser.equals(UserId.SYSTEM)
                      ? EffectiveDefault.Source.SYSTEM
                      : EffectiveDefault.Source.OWN),
              created);
        },
        Outcome.Refused::new);
  }

  /** Held as it is: who disables it waits until the choice is made, or was first. */
  private Instance choosable(Actor actor, UserId chooser, InstanceRef service) {
    Instance instance =
        instances
            .hold(service, actor.id())
            .filter(s -> FindDefaultService.isUsable(actor, s, attempts.now()))
            .map(InstanceStore.Seen::instance)
            .orElseThrow(
                () -> RefusedException.invalid(Fault.unknownReference("service", "service")));
    if (chooser.equals(UserId.SYSTEM) && !instance.isSystemLevel()) {
      throw RefusedException.invalid(
          Fault.notAllowed("service", "The system default is a system-level service."));
    }
    if (!instance.settings().enabled()) {
      throw RefusedException.invalid(
          new Fault("/service", "service_disabled", "This service is disabled."));
    }
    return instance;
  }
}
