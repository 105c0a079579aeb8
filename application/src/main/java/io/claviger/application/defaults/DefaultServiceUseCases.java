package io.claviger.application.defaults;

import io.claviger.application.defaults.DefaultServices.ChosenDefault;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class DefaultServiceUseCases implements DefaultServices {
  private final InstanceStore instances;
  private final DefaultServiceStore defaults;
  private final AuditedChanges changes;

  DefaultServiceUseCases(
      InstanceStore instances, DefaultServiceStore defaults, AuditedChanges changes) {
    this.instances = instances;
    this.defaults = defaults;
    this.changes = changes;
  }

  @Override
  public Outcome<EffectiveDefault> find(Actor actor, Handle user) {
    return Outcome.of(() -> effective(actor, owner(actor, user)));
  }

  @Override
  public Outcome<ChosenDefault> choose(Actor actor, Handle user, Instance.Ref service) {
    return changes.change(
        actor,
        AuditAction.DEFAULT_UPDATE,
        AuditTargets.defaultService(user),
        log -> {
          User.Id chooser = owner(actor, user);
          Instance instance = choosable(actor, chooser, service);
          boolean created = defaults.choose(chooser, instance.id());
          log.recordChange(
              created ? AuditAction.DEFAULT_CREATE : AuditAction.DEFAULT_UPDATE,
              AuditTargets.defaultService(chooser, user),
              List.of("service"));
          return new ChosenDefault(
              new EffectiveDefault(
                  instance.ref(),
                  chooser.equals(User.Id.SYSTEM)
                      ? EffectiveDefault.Source.SYSTEM
                      : EffectiveDefault.Source.OWN),
              created);
        });
  }

  @Override
  public Outcome<Handle> forget(Actor actor, Handle user) {
    return changes.change(
        actor,
        AuditAction.DEFAULT_DELETE,
        AuditTargets.defaultService(user),
        log -> {
          User.Id chooser = owner(actor, user);
          if (!defaults.forget(chooser)) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.DEFAULT_DELETE,
              AuditTargets.defaultService(chooser, user),
              List.of("service"));
          return user;
        });
  }

  private EffectiveDefault effective(Actor actor, User.Id chooser) {
    DefaultServiceStore.Choices choices = defaults.choicesFor(chooser, changes.now());
    Instant now = changes.now();
    return EffectiveDefault.of(
            chooser.equals(User.Id.SYSTEM)
                ? Optional.empty()
                : choices.own().map(s -> choice(actor, s, now)),
            choices.system().map(s -> choice(actor, s, now)))
        .orElseThrow(RefusedException::notFound);
  }

  /**
   * Finds the chosen instance and locks it, so that nobody disables it before the choice is stored.
   */
  private Instance choosable(Actor actor, User.Id chooser, Instance.Ref service) {
    Instance instance =
        instances
            .hold(service, actor.sight(), changes.now())
            .filter(s -> isUsable(actor, s, changes.now()))
            .map(InstanceStore.VisibleInstance::instance)
            .orElseThrow(
                () -> RefusedException.invalid(Fault.unknownReference("service", "service")));
    if (chooser.equals(User.Id.SYSTEM) && !instance.isSystemLevel()) {
      throw RefusedException.invalid(
          Fault.notAllowed("service", "The system default must be a system-level service."));
    }
    if (!instance.settings().enabled()) {
      throw RefusedException.invalid(
          new Fault("/service", "service_disabled", "This service is disabled."));
    }
    return instance;
  }

  /**
   * Returns the user of the default, if the caller may see and choose this default.
   *
   * @throws RefusedException if the default belongs to another user, whether or not this user
   *     exists
   */
  private static User.Id owner(Actor actor, Handle user) {
    if (actor.handle().equals(user)) {
      return actor.id();
    }
    if (user.isSystem() && actor.administrator() && actor.mayManage()) {
      return User.Id.SYSTEM;
    }
    throw RefusedException.notFound();
  }

  private static EffectiveDefault.Choice choice(
      Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    return new EffectiveDefault.Choice(
        seen.instance().ref(),
        seen.instance().settings().enabled(),
        isUsable(actor, seen, now) && actor.isWithinRestriction(seen.instance().id()));
  }

  private static boolean isUsable(Actor actor, InstanceStore.VisibleInstance seen, Instant now) {
    return seen.allows(actor, Action.USE, now);
  }
}
