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
 * Shows and chooses default services. Each user can choose a default service. The choice of {@code
 * _system} applies to users who have chosen none.
 *
 * <p>Users see and choose their own default. Administrators also see and choose the default of
 * {@code _system}. For any other user's default, all methods answer {@code not_found}, whether or
 * not the user exists.
 */
public interface DefaultServices {

  static DefaultServices of(
      InstanceStore instances, DefaultServiceStore defaults, AuditedChanges changes) {
    return new DefaultServiceUseCases(instances, defaults, changes);
  }

  /**
   * Returns a user's current default instance, and who chose it. If there is no default, the answer
   * is {@code not_found}.
   */
  Outcome<EffectiveDefault> find(Actor actor, Handle user);

  /**
   * Chooses a user's default in place of any earlier choice. The choice remains if the instance is
   * disabled later.
   *
   * <p>A token with the scope {@code use} is refused with {@code forbidden}. The choice is invalid
   * if the caller can't use the instance, or if the instance is disabled ({@code
   * service_disabled}). A choice for {@code _system} is also invalid if the instance is not a
   * system-level instance.
   */
  Outcome<ChosenDefault> choose(Actor actor, Handle user, Instance.Ref service);

  /**
   * Removes a user's choice and returns the user. If there is no choice, the answer is {@code
   * not_found}. A token with the scope {@code use} is refused with {@code forbidden}.
   */
  Outcome<Handle> forget(Actor actor, Handle user);

  /**
   * A chosen default.
   *
   * @param created whether the user had no choice before
   */
  record ChosenDefault(EffectiveDefault effective, boolean created) {}
}
