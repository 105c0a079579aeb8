package io.claviger.application.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import java.time.Instant;
import java.util.Optional;

final class FindDefaultService implements FindDefault {
  private final DefaultServiceStore defaults;
  private final AuditedChanges attempts;

  FindDefaultService(DefaultServiceStore defaults, AuditedChanges attempts) {
    this.defaults = defaults;
    this.attempts = attempts;
  }

  @Override
  public Outcome find(Actor actor, Handle user) {
    try {
      UserId chooser = DefaultOwner.of(actor, user);
      DefaultServiceStore.Choices choices = defaults.choicesFor(chooser);
      Instant now = attempts.now();
      Optional<EffectiveDefault> effective =
          EffectiveDefault.of(
              chooser.equals(UserId.SYSTEM)
                  ? Optional.empty()
                  : choices.own().map(s -> choice(actor, s, now)),
              choices.system().map(s -> choice(actor, s, now)));
      return effective
          .<Outcome>map(Outcome.Found::new)
          .orElseGet(() -> new Outcome.Refused(new Refusal.NotFound()));
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  private static EffectiveDefault.Choice choice(Actor actor, InstanceStore.Seen seen, Instant now) {
    return new EffectiveDefault.Choice(
        seen.instance().ref(),
        seen.instance().settings().enabled(),
        isUsable(actor, seen, now) && actor.isWithinRestriction(seen.instance().id()));
  }

  static boolean isUsable(Actor actor, InstanceStore.Seen seen, Instant now) {
    return Permissions.allows(actor.towards(seen.instance(), seen.share(), now), Action.USE);
  }
}
