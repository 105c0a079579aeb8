package io.claviger.application.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;

/**
 * Default services: the choice of each user, and the choice of {@code _system}, which applies to
 * users who have not chosen a default service.
 *
 * <p>Users see and choose their own default. Administrators also see and choose the default of
 * {@code _system}. For the default of any other user, all methods answer {@code not_found}, whether
 * or not that user exists.
 */
public interface DefaultServices {

  static DefaultServices of(
      InstanceStore instances, DefaultServiceStore defaults, AuditedChanges changes) {
    return new DefaultServiceUseCases(instances, defaults, changes);
  }

  /**
   * Returns the instance that is a user's default at the moment, together with who chose it. The
   * answer is {@code not_found} if there is no default.
   */
  Outcome<EffectiveDefault> find(Actor actor, Handle user);

  /**
   * Chooses a user's default, which replaces an earlier choice. The choice is kept if the instance
   * is disabled later.
   *
   * <p>A token of scope use is refused with {@code forbidden}. The choice is invalid if the caller
   * can't use the instance, if the instance is disabled ({@code service_disabled}), or if the
   * choice is for {@code _system} and the instance is not system-level.
   */
  Outcome<ChosenDefault> choose(Actor actor, Handle user, Instance.Ref service);

  /**
   * Removes a user's choice and returns the user. The answer is {@code not_found} if there is no
   * choice that could be cleared; a token of scope use is refused with {@code forbidden}.
   */
  Outcome<Handle> forget(Actor actor, Handle user);

  /**
   * The default after it was chosen.
   *
   * @param created whether there was no earlier choice
   */
  record ChosenDefault(EffectiveDefault effective, boolean created) {}
}
