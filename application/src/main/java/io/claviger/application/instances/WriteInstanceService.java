package io.claviger.application.instances;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

final class WriteInstanceService implements WriteInstance {
  private final InstanceStore instances;
  private final UserKeyStore userKeys;
  private final SettingsResolver drafting;
  private final SecretUpdates deposits;
  private final InstanceViews views;
  private final Ids ids;
  private final AuditedChanges attempts;

  WriteInstanceService(
      InstanceStore instances,
      UserKeyStore userKeys,
      SettingsResolver drafting,
      SecretUpdates deposits,
      InstanceViews views,
      Ids ids,
      AuditedChanges attempts) {
    this.instances = instances;
    this.userKeys = userKeys;
    this.drafting = drafting;
    this.deposits = deposits;
    this.views = views;
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome put(Actor actor, InstanceRef ref, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_UPDATE,
        AuditTargets.service(ref),
        ledger -> {
          Optional<InstanceStore.Seen> seen = visible(actor, ref);
          if (seen.isEmpty()) {
            ledger.recordAttemptAs(AuditAction.SERVICE_CREATE);
          }
          seen.ifPresent(s -> ledger.setTarget(AuditTargets.service(s.instance())));
          UserId owner = seen.map(s -> s.instance().owner()).orElseGet(() -> namespace(actor, ref));
          precondition.demand(
              seen.map(s -> OptionalLong.of(s.instance().version())).orElse(OptionalLong.empty()));
          ResolvedSettings draft =
              drafting.replacing(actor, ref, seen.map(InstanceStore.Seen::instance), command);
          return seen.isPresent()
              ? update(actor, seen.get(), draft, command, ledger)
              : insert(actor, owner, ref, draft, command, ledger);
        },
        Outcome.Refused::new);
  }

  @Override
  public Outcome patch(Actor actor, InstanceRef ref, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_UPDATE,
        AuditTargets.service(ref),
        ledger -> {
          InstanceStore.Seen seen = visible(actor, ref).orElseThrow(RefusedException::notFound);
          ledger.setTarget(AuditTargets.service(seen.instance()));
          precondition.demand(OptionalLong.of(seen.instance().version()));
          return update(
              actor, seen, drafting.merging(actor, seen.instance(), command), command, ledger);
        },
        Outcome.Refused::new);
  }

  private Optional<InstanceStore.Seen> visible(Actor actor, InstanceRef ref) {
    return instances
        .lock(ref, actor.id())
        .filter(s -> InstanceViews.isVisible(actor, s, attempts.now()));
  }

  /**
   * Whose namespace it is, where the caller may create; in anybody else's it is forbidden, whatever
   * is there.
   */
  private static UserId namespace(Actor actor, InstanceRef ref) {
    if (actor.handle().equals(ref.owner())) {
      return actor.id();
    }
    if (ref.owner().isSystem() && actor.administrator()) {
      return UserId.SYSTEM;
    }
    throw RefusedException.forbidden(
        "Only the owning user, for _system administrators, creates services there.");
  }

  private Outcome insert(
      Actor actor,
      UserId owner,
      InstanceRef ref,
      ResolvedSettings draft,
      Command command,
      ChangeLog ledger) {
    SecretUpdates.demandInOrder(actor.id(), Optional.empty(), draft, command);
    SecretAction key = SecretUpdates.ofKey(command, Optional.empty());
    SecretAction headers = SecretUpdates.ofHeaders(command, Optional.empty());
    Instant now = attempts.now();
    InstanceId id = new InstanceId(ids.next());
    Instance instance =
        new Instance(
            id,
            owner,
            ref,
            draft.settings(),
            draft.standard().placement(),
            command.definition().given(),
            headers == SecretAction.REPLACE
                ? command.customHeaders().given().orElseThrow().names()
                : List.of(),
            key == SecretAction.REPLACE ? Optional.of(now) : Optional.empty(),
            SecretUpdates.endpointSetter(actor.id(), Optional.empty(), draft, command),
            1,
            now,
            now);
    SecretChange keyChange = deposits.sealedKey(id, draft, command, key);
    SecretChange headersChange = deposits.sealedHeaders(id, draft, command, headers);
    instances.insert(instance, keyChange, headersChange);
    ledger.recordAddition(CountedKind.SERVICE, owner);
    ledger.recordChange(AuditAction.SERVICE_CREATE, AuditTargets.service(instance), List.of());
    if (key == SecretAction.REPLACE) {
      ledger.recordChange(
          AuditAction.SERVICE_KEY_SET, AuditTargets.service(instance), List.of("api_key"));
    }
    SealedKeys stored = after(SealedKeys.NONE, keyChange, headersChange);
    return new Outcome.Written(
        views.view(actor, new InstanceStore.Seen(instance, Optional.empty(), stored, false), now),
        true,
        OptionalInt.empty());
  }

  private Outcome update(
      Actor actor,
      InstanceStore.Seen seen,
      ResolvedSettings draft,
      Command command,
      ChangeLog ledger) {
    Instance before = seen.instance();
    Instant now = attempts.now();
    Relationship standing = InstanceViews.standing(actor, seen, now);
    Set<InstanceField> differing = draft.settings().differingFrom(before.settings());
    SecretAction key = SecretUpdates.ofKey(command, Optional.of(before));
    SecretAction headers = SecretUpdates.ofHeaders(command, Optional.of(before));
    demandPermitted(standing, differing, key, headers);
    SecretUpdates.demandInOrder(actor.id(), Optional.of(before), draft, command);

    Optional<UserId> setter =
        Permissions.allows(standing, Action.CONFIGURE)
            ? SecretUpdates.endpointSetter(actor.id(), Optional.of(before), draft, command)
            : before.endpointSetBy();
    boolean nothing =
        differing.isEmpty()
            && key == SecretAction.KEEP
            && headers == SecretAction.KEEP
            && setter.equals(before.endpointSetBy());
    if (nothing) {
      return new Outcome.Written(views.view(actor, seen, now), false, OptionalInt.empty());
    }
    boolean moved = headers != SecretAction.KEEP || movesUserKeys(before, draft);
    if (!setter.equals(before.endpointSetBy())) {
      // Who named it is stored, so it is a change, even where the endpoint is the same.
      differing.add(InstanceField.ENDPOINT);
    }
    Instance after =
        new Instance(
            before.id(),
            before.owner(),
            before.ref(),
            draft.settings(),
            draft.standard().placement(),
            command.definition().isAbsent() && draft.settings().definition().isPresent()
                ? before.definitionRef()
                : command.definition().given(),
            switch (headers) {
              case KEEP -> before.customHeaderNames();
              case CLEAR -> List.of();
              case REPLACE -> command.customHeaders().given().orElseThrow().names();
            },
            switch (key) {
              case KEEP -> before.apiKeySetAt();
              case CLEAR -> Optional.empty();
              case REPLACE -> Optional.of(now);
            },
            setter,
            before.version() + 1,
            before.createdAt(),
            now);
    SecretChange keyChange = deposits.sealedKey(before.id(), draft, command, key);
    SecretChange headersChange = deposits.sealedHeaders(before.id(), draft, command, headers);
    update(after, keyChange, headersChange);
    OptionalInt removed =
        moved ? OptionalInt.of(userKeys.deleteAllFor(before.id())) : OptionalInt.empty();
    record(after, differing, key, headers, removed.orElse(0), ledger);
    SealedKeys stored = after(moved ? withoutUserKey(seen) : seen.keys(), keyChange, headersChange);
    return new Outcome.Written(
        views.view(
            actor, new InstanceStore.Seen(after, seen.share(), stored, seen.isDefault()), now),
        false,
        removed);
  }

  private void update(Instance after, SecretChange key, SecretChange headers) {
    try {
      instances.update(after, key, headers);
    } catch (StillReferenced e) {
      throw new RefusedException(
          new Refusal.Conflict(
              "in_use",
              "Models of the catalogue are bound to this service, so its provider can't change."));
    }
  }

  /** What users deposited their keys for: where they go, how, and on whose account. */
  private static boolean movesUserKeys(Instance before, ResolvedSettings draft) {
    InstanceSettings old = before.settings();
    return !old.fields().endpoint().equals(draft.endpoint())
        || !old.fields().apiStandard().equals(draft.standard().handle())
        || !old.organization().equals(draft.settings().organization());
  }

  private static SealedKeys withoutUserKey(InstanceStore.Seen seen) {
    return new SealedKeys(seen.keys().apiKey(), seen.keys().headers(), Optional.empty());
  }

  private static SealedKeys after(SealedKeys before, SecretChange key, SecretChange headers) {
    return new SealedKeys(
        key.over(before.apiKey()), headers.over(before.headers()), before.userKey());
  }

  private static void demandPermitted(
      Relationship standing, Set<InstanceField> differing, SecretAction key, SecretAction headers) {
    for (InstanceField field : differing) {
      demand(standing, field.needed(), field.wireName());
    }
    switch (key) {
      case KEEP -> {}
      case CLEAR -> demand(standing, Action.CLEAR_KEY, "api_key");
      case REPLACE -> demand(standing, Action.SET_KEY, "api_key");
    }
    if (headers != SecretAction.KEEP) {
      demand(standing, Action.CONFIGURE, "custom_headers");
    }
  }

  private static void demand(Relationship standing, Action action, String field) {
    if (!Permissions.allows(standing, action)) {
      throw RefusedException.forbidden(
          "Your role on this service does not allow changing " + field + ".");
    }
  }

  private static void record(
      Instance after,
      Set<InstanceField> differing,
      SecretAction key,
      SecretAction headers,
      int userKeysRemoved,
      ChangeLog ledger) {
    List<String> fields = new ArrayList<>(differing.stream().map(InstanceField::wireName).toList());
    if (headers != SecretAction.KEEP) {
      fields.add("custom_headers");
    }
    if (userKeysRemoved > 0) {
      fields.add("user_keys");
    }
    if (!fields.isEmpty()) {
      ledger.recordChange(AuditAction.SERVICE_UPDATE, AuditTargets.service(after), fields);
    }
    switch (key) {
      case KEEP -> {}
      case CLEAR ->
          ledger.recordChange(
              AuditAction.SERVICE_KEY_CLEAR, AuditTargets.service(after), List.of("api_key"));
      case REPLACE ->
          ledger.recordChange(
              AuditAction.SERVICE_KEY_SET, AuditTargets.service(after), List.of("api_key"));
    }
  }
}
