package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import java.util.ArrayList;
import java.util.List;

final class StoreUserKeyService implements StoreUserKey {
  private final InstanceStore instances;
  private final UserKeyStore keys;
  private final Sealer sealer;
  private final AuditedChanges attempts;

  StoreUserKeyService(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges attempts) {
    this.instances = instances;
    this.keys = keys;
    this.sealer = sealer;
    this.attempts = attempts;
  }

  @Override
  public Outcome store(Actor actor, InstanceRef ref, Command command) {
    return attempts.change(
        actor,
        AuditAction.USER_KEY_CREATE,
        AuditTargets.userKey(ref, actor.id()),
        ledger -> {
          // Held: who moves it, disables it or turns user keys off waits, or was first.
          Instance instance =
              UsableInstance.of(actor, instances.hold(ref, actor.id()), attempts.now());
          demandTakesKey(instance);
          demandSameDestination(instance, command);
          UserKey key = new UserKey(instance.id(), actor.id(), attempts.now());
          SealedValue stored =
              sealer.seal(
                  command.apiKey(),
                  KeyBinding.ofUserKey(instance.id(), actor.id(), instance.destination()));
          boolean created = keys.save(key, stored);
          if (created) {
            ledger.recordAddition(CountedKind.USER_KEY, actor.id());
          }
          ledger.recordChange(
              created ? AuditAction.USER_KEY_CREATE : AuditAction.USER_KEY_UPDATE,
              AuditTargets.userKey(instance, actor.id()),
              List.of("api_key"));
          return new Outcome.Stored(key, created);
        },
        Outcome.Refused::new);
  }

  private static void demandTakesKey(Instance instance) {
    List<Fault> faults = new ArrayList<>();
    if (instance.placement().isNone()) {
      faults.add(Fault.notAllowed("api_key", "This service takes no key."));
    } else if (!instance.settings().keyPolicy().userKeys()) {
      faults.add(
          new Fault("/api_key", "user_keys_off", "This service does not use its users' own keys."));
    }
    if (!instance.settings().enabled()) {
      faults.add(
          new Fault("/api_key", "service_disabled", "This service is disabled at the moment."));
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static void demandSameDestination(Instance instance, Command command) {
    if (!instance.destination().endpoint().equals(command.endpoint())) {
      throw new RefusedException(
          new Refusal.Conflict(
              "destination_differs",
              "This service does not send keys to the endpoint that you name. Look where it does,"
                  + " and decide again."));
    }
  }
}
