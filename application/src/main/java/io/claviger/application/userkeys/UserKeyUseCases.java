package io.claviger.application.userkeys;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.keys.port.UserKeyStore.NamedUserKey;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.application.userkeys.UserKeys.SavedUserKey;
import io.claviger.domain.Fault;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class UserKeyUseCases implements UserKeys {
  private final InstanceStore instances;
  private final UserKeyStore keys;
  private final Sealer sealer;
  private final AuditedChanges changes;

  UserKeyUseCases(
      InstanceStore instances, UserKeyStore keys, Sealer sealer, AuditedChanges changes) {
    this.instances = instances;
    this.keys = keys;
    this.sealer = sealer;
    this.changes = changes;
  }

  @Override
  public Outcome<Optional<UserKey>> find(Actor actor, Instance.Ref ref) {
    return Outcome.of(
        () -> {
          Instance instance =
              UsableInstance.of(
                  actor, instances.find(ref, actor.sight(), changes.now()), changes.now());
          return keys.find(instance.id(), actor.id());
        });
  }

  @Override
  public Outcome<Page<NamedUserKey, Instance.Ref>> list(
      Actor actor, PageRequest<Instance.Ref> page) {
    List<NamedUserKey> found =
        keys.of(actor.id(), actor.sight().only(), page.after(), page.limit() + 1);
    return Outcome.done(Page.of(found, page.limit(), NamedUserKey::instance));
  }

  @Override
  public Outcome<SavedUserKey> save(Actor actor, Instance.Ref ref, NewUserKey command) {
    return changes.change(
        actor,
        AuditAction.USER_KEY_CREATE,
        AuditTargets.userKey(ref, actor.id()),
        log -> {
          // Locks the instance. So any other transaction that changes the instance's destination,
          // disables the instance or turns user keys off has already ended, or waits for this
          // transaction.
          Instance instance =
              UsableInstance.of(
                  actor, instances.hold(ref, actor.sight(), changes.now()), changes.now());
          demandTakesKey(instance);
          demandSameDestination(instance, command);
          UserKey key = new UserKey(instance.id(), actor.id(), changes.now());
          SealedValue stored =
              sealer.seal(
                  command.apiKey(),
                  KeyBinding.ofUserKey(instance.id(), actor.id(), instance.destination()));
          boolean created = keys.save(key, stored);
          if (created) {
            log.recordAddition(CountedKind.USER_KEY, actor.id());
          }
          log.recordChange(
              created ? AuditAction.USER_KEY_CREATE : AuditAction.USER_KEY_UPDATE,
              AuditTargets.userKey(instance, actor.id()),
              List.of("api_key"));
          return new SavedUserKey(key, created);
        });
  }

  @Override
  public Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref) {
    return changes.change(
        actor,
        AuditAction.USER_KEY_DELETE,
        AuditTargets.userKey(ref, actor.id()),
        log -> {
          Optional<InstanceStore.VisibleInstance> seen =
              instances.find(ref, actor.sight(), changes.now());
          boolean deleted = seen.isPresent() && keys.delete(seen.get().instance().id(), actor.id());
          if (deleted) {
            log.recordChange(
                AuditAction.USER_KEY_DELETE,
                AuditTargets.userKey(seen.get().instance(), actor.id()),
                List.of("api_key"));
          } else {
            UsableInstance.of(actor, seen, changes.now());
          }
          return ref;
        });
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
      faults.add(new Fault("/api_key", "service_disabled", "This service is disabled."));
    }
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static void demandSameDestination(Instance instance, NewUserKey command) {
    if (!instance.destination().endpoint().equals(command.endpoint())) {
      throw RefusedException.conflict(
          "destination_differs",
          "This service does not send keys to the endpoint that you name. State the endpoint"
              + " of the service instead, if you trust it with your key.");
    }
  }

  /** Finds the services for which a user may store a key: the services that the user may call. */
  private static final class UsableInstance {
    private UsableInstance() {}

    /**
     * @throws RefusedException if the actor can't see the instance, or may not use it
     */
    static Instance of(Actor actor, Optional<InstanceStore.VisibleInstance> found, Instant now) {
      InstanceStore.VisibleInstance seen = InstanceStore.VisibleInstance.shownTo(actor, found, now);
      Relationship relationship = seen.relationship(actor, now);
      if (!Permissions.allows(relationship, Action.USE)) {
        throw RefusedException.forbidden(
            "You may see this service but not use it, so you have no key for it.",
            MissingTerms.role(seen.instance().id(), relationship, Action.USE));
      }
      return seen.instance();
    }
  }
}
