package io.claviger.application.instances;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.instances.out.SecretChange;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Ledger;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillInUse;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.out.Ids;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.Deposit.Treatment;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

final class WriteInstanceService implements WriteInstance {
  private final Instances instances;
  private final UserKeys userKeys;
  private final Drafting drafting;
  private final Deposits deposits;
  private final InstanceViews views;
  private final Ids ids;
  private final Attempts attempts;

  WriteInstanceService(
      Instances instances,
      UserKeys userKeys,
      Drafting drafting,
      Deposits deposits,
      InstanceViews views,
      Ids ids,
      Attempts attempts) {
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
        Targets.service(ref),
        ledger -> {
          Optional<Instances.Seen> seen = visible(actor, ref);
          if (seen.isEmpty()) {
            ledger.attempts(AuditAction.SERVICE_CREATE);
          }
          seen.ifPresent(s -> ledger.about(Targets.service(s.instance())));
          UserId owner = seen.map(s -> s.instance().owner()).orElseGet(() -> namespace(actor, ref));
          precondition.demand(
              seen.map(s -> OptionalLong.of(s.instance().version())).orElse(OptionalLong.empty()));
          Draft draft = drafting.replacing(actor, ref, seen.map(Instances.Seen::instance), command);
          return seen.isPresent()
              ? changed(actor, seen.get(), draft, command, ledger)
              : created(actor, owner, ref, draft, command, ledger);
        },
        Outcome.Refused::new);
  }

  @Override
  public Outcome patch(Actor actor, InstanceRef ref, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_UPDATE,
        Targets.service(ref),
        ledger -> {
          Instances.Seen seen = visible(actor, ref).orElseThrow(RefusedException::notFound);
          ledger.about(Targets.service(seen.instance()));
          precondition.demand(OptionalLong.of(seen.instance().version()));
          return changed(
              actor, seen, drafting.merging(actor, seen.instance(), command), command, ledger);
        },
        Outcome.Refused::new);
  }

  private Optional<Instances.Seen> visible(Actor actor, InstanceRef ref) {
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

  private Outcome created(
      Actor actor, UserId owner, InstanceRef ref, Draft draft, Command command, Ledger ledger) {
    Deposits.demandInOrder(actor.id(), Optional.empty(), draft, command);
    Treatment key = Deposits.ofKey(command, Optional.empty());
    Treatment headers = Deposits.ofHeaders(command, Optional.empty());
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
            headers == Treatment.REPLACE
                ? command.customHeaders().given().orElseThrow().names()
                : List.of(),
            key == Treatment.REPLACE ? Optional.of(now) : Optional.empty(),
            Deposits.endpointSetter(actor.id(), Optional.empty(), draft, command),
            1,
            now,
            now);
    SecretChange keyChange = deposits.sealedKey(id, draft, command, key);
    SecretChange headersChange = deposits.sealedHeaders(id, draft, command, headers);
    instances.insert(instance, keyChange, headersChange);
    ledger.added(CountedKind.SERVICE, owner);
    ledger.changed(AuditAction.SERVICE_CREATE, Targets.service(instance), List.of());
    if (key == Treatment.REPLACE) {
      ledger.changed(AuditAction.SERVICE_KEY_SET, Targets.service(instance), List.of("api_key"));
    }
    SealedKeys stored = after(SealedKeys.NONE, keyChange, headersChange);
    return new Outcome.Written(
        views.view(actor, new Instances.Seen(instance, Optional.empty(), stored, false), now),
        true,
        OptionalInt.empty());
  }

  private Outcome changed(
      Actor actor, Instances.Seen seen, Draft draft, Command command, Ledger ledger) {
    Instance before = seen.instance();
    Instant now = attempts.now();
    Standing standing = InstanceViews.standing(actor, seen, now);
    Set<InstanceField> differing = draft.settings().differingFrom(before.settings());
    Treatment key = Deposits.ofKey(command, Optional.of(before));
    Treatment headers = Deposits.ofHeaders(command, Optional.of(before));
    demandPermitted(standing, differing, key, headers);
    Deposits.demandInOrder(actor.id(), Optional.of(before), draft, command);

    Optional<UserId> setter =
        Permissions.allows(standing, Action.CONFIGURE)
            ? Deposits.endpointSetter(actor.id(), Optional.of(before), draft, command)
            : before.endpointSetBy();
    boolean nothing =
        differing.isEmpty()
            && key == Treatment.KEEP
            && headers == Treatment.KEEP
            && setter.equals(before.endpointSetBy());
    if (nothing) {
      return new Outcome.Written(views.view(actor, seen, now), false, OptionalInt.empty());
    }
    boolean moved = headers != Treatment.KEEP || movesUserKeys(before, draft);
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
        views.view(actor, new Instances.Seen(after, seen.share(), stored, seen.isDefault()), now),
        false,
        removed);
  }

  private void update(Instance after, SecretChange key, SecretChange headers) {
    try {
      instances.update(after, key, headers);
    } catch (StillInUse e) {
      throw new RefusedException(
          new Refusal.Conflict(
              "in_use",
              "Models of the catalogue are bound to this service, so its provider can't change."));
    }
  }

  /** What users deposited their keys for: where they go, how, and on whose account. */
  private static boolean movesUserKeys(Instance before, Draft draft) {
    InstanceSettings old = before.settings();
    return !old.fields().endpoint().equals(draft.endpoint())
        || !old.fields().apiStandard().equals(draft.standard().handle())
        || !old.organization().equals(draft.settings().organization());
  }

  private static SealedKeys withoutUserKey(Instances.Seen seen) {
    return new SealedKeys(seen.keys().apiKey(), seen.keys().headers(), Optional.empty());
  }

  private static SealedKeys after(SealedKeys before, SecretChange key, SecretChange headers) {
    return new SealedKeys(
        key.over(before.apiKey()), headers.over(before.headers()), before.userKey());
  }

  private static void demandPermitted(
      Standing standing, Set<InstanceField> differing, Treatment key, Treatment headers) {
    for (InstanceField field : differing) {
      demand(standing, field.needed(), field.wireName());
    }
    switch (key) {
      case KEEP -> {}
      case CLEAR -> demand(standing, Action.CLEAR_KEY, "api_key");
      case REPLACE -> demand(standing, Action.SET_KEY, "api_key");
    }
    if (headers != Treatment.KEEP) {
      demand(standing, Action.CONFIGURE, "custom_headers");
    }
  }

  private static void demand(Standing standing, Action action, String field) {
    if (!Permissions.allows(standing, action)) {
      throw RefusedException.forbidden(
          "Your role on this service does not allow changing " + field + ".");
    }
  }

  private static void record(
      Instance after,
      Set<InstanceField> differing,
      Treatment key,
      Treatment headers,
      int userKeysRemoved,
      Ledger ledger) {
    List<String> fields = new ArrayList<>(differing.stream().map(InstanceField::wireName).toList());
    if (headers != Treatment.KEEP) {
      fields.add("custom_headers");
    }
    if (userKeysRemoved > 0) {
      fields.add("user_keys");
    }
    if (!fields.isEmpty()) {
      ledger.changed(AuditAction.SERVICE_UPDATE, Targets.service(after), fields);
    }
    switch (key) {
      case KEEP -> {}
      case CLEAR ->
          ledger.changed(AuditAction.SERVICE_KEY_CLEAR, Targets.service(after), List.of("api_key"));
      case REPLACE ->
          ledger.changed(AuditAction.SERVICE_KEY_SET, Targets.service(after), List.of("api_key"));
    }
  }
}
