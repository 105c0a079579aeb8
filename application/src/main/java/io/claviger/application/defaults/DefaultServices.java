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
 * users without one.
 *
 * <p>Users see and choose their own default, administrators also that of {@code _system}. For the
 * choice of anybody else, all methods are refused as {@code not_found}, whether or not that user
 * exists.
 */
public interface DefaultServices {

  static DefaultServices of(
      InstanceStore instances, DefaultServiceStore defaults, AuditedChanges changes) {
    return new DefaultServiceUseCases(instances, defaults, changes);
  }

  /**
   * Tells which instance is a user's default at the moment, and whose choice that is. Refused as
   * {@code not_found} when there is none.
   */
  Outcome<EffectiveDefault> find(Actor actor, Handle user);

  /**
   * Chooses a user's default in place of the one before. The choice stays when the instance is
   * disabled later.
   *
   * <p>Refused as {@code forbidden} to a token of scope use, and as invalid when the caller can't
   * use the instance, when it is disabled ({@code service_disabled}), and when {@code _system} is
   * to have a default that is not system-level.
   */
  Outcome<ChosenDefault> choose(Actor actor, Handle user, Instance.Ref service);

  /**
   * Takes back a user's choice. Refused as {@code not_found} when there is none, and as {@code
   * forbidden} to a token of scope use. Returns the user.
   */
  Outcome<Handle> forget(Actor actor, Handle user);

  /**
   * The default after it was chosen.
   *
   * @param created whether nothing was chosen before
   */
  record ChosenDefault(EffectiveDefault effective, boolean created) {}
}
