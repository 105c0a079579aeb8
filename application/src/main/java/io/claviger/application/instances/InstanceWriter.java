package io.claviger.application.instances;

import io.claviger.application.instances.SecretUpdates.SecretWrite;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.approvals.ConsentRules;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialUpdate.Ruling;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.AccountUpdate;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stores the result of a write. This class checks the caller's right to each field whose value
 * changes, seals the secrets, and records the changes.
 */
final class InstanceWriter {
  private final InstanceStore instances;
  private final UserKeyStore userKeys;
  private final ProviderAccounts accounts;
  private final SecretUpdates secrets;
  private final Confirmations confirmations;
  private final InstanceViews views;
  private final AuditedChanges changes;

  InstanceWriter(
      InstanceStore instances,
      UserKeyStore userKeys,
      ProviderAccounts accounts,
      SecretUpdates secrets,
      Confirmations confirmations,
      InstanceViews views,
      AuditedChanges changes) {
    this.instances = instances;
    this.userKeys = userKeys;
    this.accounts = accounts;
    this.secrets = secrets;
    this.confirmations = confirmations;
    this.views = views;
    this.changes = changes;
  }

  /** Stores a new instance. */
  WrittenInstance insert(
      Actor actor,
      User.Id owner,
      Instance.Ref ref,
      ResolvedSettings resolved,
      InstanceWrite write,
      ChangeLog log) {
    SecretWrite written = new SecretWrite(actor.id(), Optional.empty(), resolved, write);
    Ruling ruling = written.ruling(true);
    written.demandInOrder(ruling);
    SecretAction key = SecretUpdates.action(ruling);
    SecretAction headers = written.headers();
    Instant now = changes.now();
    Instance.Id id = new Instance.Id(changes.ids().next());
    Instance instance =
        new Instance(
            id,
            owner,
            ref,
            resolved.settings(),
            resolved.standard().placement(),
            write.definition().given(),
            headers == SecretAction.REPLACE
                ? write.customHeaders().given().orElseThrow().names()
                : List.of(),
            key == SecretAction.REPLACE ? Optional.of(now) : Optional.empty(),
            written.endpointSetter(),
            written.headersSetter(),
            1,
            now,
            now);
    SecretChange keyChange = secrets.sealedKey(id, owner, resolved, write, ruling);
    SecretChange headersChange = secrets.sealedHeaders(id, resolved, write, headers);
    instances.insert(instance, keyChange, headersChange);
    log.recordAddition(CountedKind.SERVICE, owner);
    log.recordChange(AuditAction.SERVICE_CREATE, AuditTargets.service(instance), List.of());
    record(instance, ruling, log);
    InstanceStore.VisibleInstance inserted = instances.find(id, actor.id(), now).orElseThrow();
    return new WrittenInstance(views.view(actor, inserted, now), true, OptionalInt.empty());
  }

  /** Changes an instance. If the write changes nothing, nothing is stored. */
  WrittenInstance update(
      Actor actor,
      InstanceStore.VisibleInstance seen,
      ResolvedSettings resolved,
      InstanceWrite write,
      ChangeLog log) {
    Instance before = seen.instance();
    Instant now = changes.now();
    Relationship relationship = InstanceViews.relationship(actor, seen, now);
    Set<InstanceField> differing = resolved.settings().differingFrom(before.settings());
    boolean mayConfirm =
        Permissions.allows(relationship, Action.CONFIRM_DESTINATION)
            && !confirmations.isOfFormerOwner(before, resolved.settings().credential());
    SecretWrite written = new SecretWrite(actor.id(), Optional.of(before), resolved, write);
    Ruling ruling = written.ruling(mayConfirm);
    SecretAction key = SecretUpdates.action(ruling);
    SecretAction headers = written.headers();
    Changed changed = new Changed(differing, key, headers, write.clearsKind());
    demandMay(before, resolved.settings(), relationship, changed);
    written.demandInOrder(ruling);

    Optional<User.Id> setter =
        Permissions.allows(relationship, Action.CONFIGURE)
            ? endpointSetter(before, written, key)
            : before.endpointSetBy();
    boolean nothing =
        differing.isEmpty()
            && key == SecretAction.KEEP
            && headers == SecretAction.KEEP
            && setter.equals(before.endpointSetBy());
    if (nothing) {
      return new WrittenInstance(views.view(actor, seen, now), false, OptionalInt.empty());
    }
    boolean moved = headers != SecretAction.KEEP || movesUserKeys(before, resolved);
    if (!setter.equals(before.endpointSetBy())) {
      // The service stores which user named the endpoint, so naming the endpoint is a change even
      // if the endpoint stays the same.
      differing.add(InstanceField.ENDPOINT);
    }
    SecretChange keyChange =
        secrets.sealedKey(before.id(), before.owner(), resolved, write, ruling);
    SecretChange headersChange = secrets.sealedHeaders(before.id(), resolved, write, headers);
    PlannedWrite planned =
        new PlannedWrite(
            after(before, written, key, setter, now),
            differing,
            ruling,
            headers,
            write.clearsKind(),
            moved,
            write.sameAccount(),
            keyChange,
            headersChange);
    StoredWrite stored = store(actor, seen, planned, now, log);
    demandConsent(actor, before, planned, resolved.destination(), stored, log);
    return stored.written();
  }

  /** Returns the user who counts as having set the endpoint after the write. */
  private Optional<User.Id> endpointSetter(Instance before, SecretWrite written, SecretAction key) {
    Optional<User.Id> setter = written.endpointSetter();
    boolean keeps =
        !setter.equals(before.endpointSetBy())
            && key == SecretAction.KEEP
            && !written.mayMove(before)
            && confirmations.isEndpointOfFirstOwner(before);
    return keeps ? before.endpointSetBy() : setter;
  }

  /** Returns the instance as a write leaves it. */
  private static Instance after(
      Instance before,
      SecretWrite written,
      SecretAction key,
      Optional<User.Id> setter,
      Instant now) {
    ResolvedSettings resolved = written.resolved();
    InstanceWrite write = written.write();
    return new Instance(
        before.id(),
        before.owner(),
        before.ref(),
        resolved.settings(),
        resolved.standard().placement(),
        write.definition().isAbsent() && resolved.settings().definition().isPresent()
            ? before.definitionRef()
            : write.definition().given(),
        switch (written.headers()) {
          case KEEP -> before.customHeaderNames();
          case CLEAR -> List.of();
          case REPLACE -> write.customHeaders().given().orElseThrow().names();
        },
        switch (key) {
          case KEEP -> before.apiKeySetAt();
          case CLEAR -> Optional.empty();
          case REPLACE -> Optional.of(now);
        },
        setter,
        written.headersSetter(),
        before.version() + 1,
        before.createdAt(),
        now);
  }

  /**
   * Performs a write to which other users have consented, if the requester still has the right to
   * make the write.
   *
   * @param forwardsMore a function of the instance before and after the write. The function returns
   *     true if the new API standard forwards headers or query parameters of callers that the
   *     former API standard did not forward
   */
  void writeConsented(
      Actor asker,
      InstanceStore.VisibleInstance seen,
      String image,
      BiPredicate<Instance, Instance> forwardsMore,
      ChangeLog log) {
    Instant now = changes.now();
    PlannedWrite planned = secrets.sealedAnew(PlannedWrite.of(image, instances, asker, now));
    if (planned.keepsSecrets(seen.instance())
        && forwardsMore.test(seen.instance(), planned.after())) {
      throw RefusedException.conflict(
          "lapsed",
          "Since the change was requested, the API standard has begun to forward more headers"
              + " or query parameters.");
    }
    demandMay(
        seen.instance(),
        planned.after().settings(),
        InstanceViews.relationship(asker, seen, now),
        new Changed(planned.differing(), planned.key(), planned.headers(), planned.clearsKind()));
    StoredWrite unused = store(asker, seen, planned, now, log);
  }

  /**
   * If the service allows users' own keys, the demand for consent names these keys even if nobody
   * has stored such a key. If the demand named only stored keys, an owner could merely request a
   * change, and never make it, to find out whether somebody has stored such a key. The demand also
   * names keys that were stored before the service ceased to allow them, because these keys would
   * be deleted too.
   *
   * @param tried the things that the change would delete or end
   */
  private void demandConsent(
      Actor actor,
      Instance before,
      PlannedWrite planned,
      Destination destination,
      StoredWrite tried,
      ChangeLog log) {
    Instance after = planned.after();
    Set<InstanceField> waiting =
        ConsentRules.waitingFor(
            planned.differing(),
            planned.key(),
            planned.headers(),
            planned.clearsKind(),
            !before.destination().equals(destination),
            before.settings().approvals(),
            after.settings().approvals());
    if (waiting.isEmpty() || before.settings().approvals().count() == 1) {
      return;
    }
    Set<InstanceField> all = EnumSet.copyOf(waiting);
    all.addAll(planned.differing());
    boolean mayEndKeys = planned.movesUserKeys() && before.keyPolicy().userKeys();
    List<String> ended = ended(mayEndKeys || tried.endsUserKeys(), tried.endsObjects());
    changes
        .consents()
        .demand(
            log,
            actor,
            before,
            new ConsentDemand.Wanted(
                Approval.Kind.WRITE,
                "write",
                Stream.concat(all.stream().map(InstanceField::wireName), ended.stream()).toList(),
                AuditEvent.Term.changedInFull(before.texts(), after.texts()),
                planned.text(instances.image(before.id()))));
  }

  /**
   * @param endsUserKeys whether the write deleted users' own keys
   * @param endsObjects whether the write makes it impossible for borrowers to use objects that they
   *     have stored
   */
  private record StoredWrite(WrittenInstance written, boolean endsUserKeys, boolean endsObjects) {}

  private StoredWrite store(
      Actor actor,
      InstanceStore.VisibleInstance seen,
      PlannedWrite planned,
      Instant now,
      ChangeLog log) {
    Instance before = seen.instance();
    Instance after = planned.after();
    boolean moved = planned.movesUserKeys();
    boolean otherAccount =
        movesAccount(
            before.id(),
            moved
                || planned.key() == SecretAction.REPLACE
                || planned.differing().contains(InstanceField.CREDENTIAL),
            planned.sameAccount());
    boolean opened =
        before.audience() != after.audience() && after.audience() == Audience.EVERYBODY;
    update(after, opened, planned.keyChange(), planned.headersChange());
    OptionalInt removed =
        moved ? OptionalInt.of(userKeys.deleteAllFor(before.id())) : OptionalInt.empty();
    boolean endsObjects = otherAccount && accounts.change(before.id()) > 0;
    boolean endsUserKeys = removed.orElse(0) > 0;
    List<String> ended = ended(endsUserKeys, endsObjects);
    record(before, after, planned.differing(), planned.ruling(), planned.headers(), ended, log);
    SealedKeys stored =
        after(
            moved ? withoutUserKey(seen) : seen.keys(),
            planned.keyChange(),
            planned.headersChange());
    return new StoredWrite(
        new WrittenInstance(views.view(actor, seen.with(after, stored), now), false, removed),
        endsUserKeys,
        endsObjects);
  }

  private boolean movesAccount(
      Instance.Id service, boolean replaces, Optional<Boolean> sameAccount) {
    boolean asked = replaces && sameAccount.isEmpty();
    return switch (new AccountUpdate(replaces, asked && accounts.holdsObjects(service), sameAccount)
        .judge()) {
      case STAYS -> false;
      case MOVES -> true;
      case ANSWER_REQUIRED ->
          throw RefusedException.invalid(
              Fault.required(
                  "same_account",
                  "The account has objects that borrowers stored or that are shared. State whether"
                      + " calls still reach this account after the change: true keeps the"
                      + " objects, false ends them."));
    };
  }

  /** Returns the audit trail's names for the things that a change deletes or ends. */
  private static List<String> ended(boolean userKeys, boolean objects) {
    List<String> ended = new ArrayList<>();
    if (userKeys) {
      ended.add("user_keys");
    }
    if (objects) {
      ended.add("stored_objects");
    }
    return ended;
  }

  /**
   * @param opened whether the change opens the instance to everybody
   */
  private void update(Instance after, boolean opened, SecretChange key, SecretChange headers) {
    try {
      instances.update(after, key, headers);
    } catch (StillReferenced e) {
      throw RefusedException.conflict(
          "in_use",
          opened
              ? "This service is lent. End its shares before you open it to everybody."
              : "Models of the catalogue are bound to this service, so its provider can't"
                  + " change.");
    }
  }

  /**
   * Whether users' own keys would be sent to another destination or for another organization after
   * the change.
   */
  private static boolean movesUserKeys(Instance before, ResolvedSettings resolved) {
    InstanceSettings old = before.settings();
    return !old.fields().endpoint().equals(resolved.endpoint())
        || !old.sent().equals(resolved.settings().sent())
        || !old.fields().apiStandard().equals(resolved.standard().handle())
        || !old.organization().equals(resolved.settings().organization());
  }

  private static SealedKeys withoutUserKey(InstanceStore.VisibleInstance seen) {
    return new SealedKeys(seen.keys().apiKey(), seen.keys().headers(), Optional.empty());
  }

  private static SealedKeys after(SealedKeys before, SecretChange key, SecretChange headers) {
    return new SealedKeys(
        key.over(before.apiKey()), headers.over(before.headers()), before.userKey());
  }

  /**
   * The parts of a service that a write changes.
   *
   * @param differing the fields whose values change
   * @param key the effect on the stored secret or confirmation of the credential
   * @param headers the effect on the custom headers
   * @param clearsKind whether the write replaces a credential of another kind by an API key that
   *     has no stored value
   */
  private record Changed(
      Set<InstanceField> differing, SecretAction key, SecretAction headers, boolean clearsKind) {}

  private static void demandMay(
      Instance before, InstanceSettings after, Relationship relationship, Changed changed) {
    demandOwnPrices(before, relationship, changed.differing());
    demandPermitted(before.id(), relationship, changed);
    demandOwnCapacity(before, relationship, changed);
    if (!after.limits().areWithin(before.settings().limits())) {
      demand(before.id(), relationship, Action.WIDEN_LIMITS, InstanceField.LIMITS);
    }
    if (!after.providerLimits().areWithin(before.settings().providerLimits())) {
      demand(before.id(), relationship, Action.WIDEN_LIMITS, InstanceField.PROVIDER_LIMITS);
    }
  }

  private static void demandPermitted(
      Instance.Id service, Relationship relationship, Changed changed) {
    for (InstanceField field : changed.differing()) {
      boolean clears =
          field == InstanceField.CREDENTIAL
              && changed.key() != SecretAction.REPLACE
              && changed.clearsKind();
      demand(service, relationship, clears ? field.neededToClear() : field.needed(), field);
    }
    demandPermitted(service, relationship, InstanceField.API_KEY, changed.key());
    demandPermitted(service, relationship, InstanceField.CUSTOM_HEADERS, changed.headers());
  }

  /**
   * Allows only the owning user to change the fields that decide the prices of calls. Writers and
   * co-owners call the service too, and could lower the prices at which their own calls are
   * charged.
   */
  private static void demandOwnPrices(
      Instance before, Relationship relationship, Set<InstanceField> differing) {
    Provider provider = before.settings().fields().provider();
    String choosing =
        differing.stream()
            .filter(field -> field.choosesPrices(provider))
            .map(InstanceField::wireName)
            .collect(Collectors.joining(", "));
    if (!choosing.isEmpty() && !Permissions.allows(relationship, Action.SET_PRICES)) {
      throw RefusedException.forbidden(
          "Only the service's owning user may change the fields that decide prices: "
              + choosing
              + ".");
    }
  }

  /**
   * Refuses changes by which a co-owner could slow down other services. If a service shares its
   * provider's limits with other services, only the owning user may change these limits. For such a
   * service, only the owning user may also change the fields that decide which provider or account
   * states the limits. The reason is that a co-owner of this service might have no rights to the
   * other services.
   */
  private static void demandOwnCapacity(
      Instance before, Relationship relationship, Changed changed) {
    if (before.settings().capacity().group().isEmpty()
        || Permissions.allows(relationship, Action.GROUP_CAPACITY)) {
      return;
    }
    Set<InstanceField> stating = EnumSet.noneOf(InstanceField.class);
    stating.addAll(changed.differing());
    stating.retainAll(InstanceField.STATING_CAPACITY);
    if (changed.key() != SecretAction.KEEP) {
      stating.add(InstanceField.API_KEY);
    }
    if (changed.headers() != SecretAction.KEEP) {
      stating.add(InstanceField.CUSTOM_HEADERS);
    }
    if (!stating.isEmpty()) {
      throw RefusedException.forbidden(
          "The service is in a capacity group, so only its owning user may change "
              + stating.stream().map(InstanceField::wireName).collect(Collectors.joining(", "))
              + ".");
    }
  }

  private static void demandPermitted(
      Instance.Id service, Relationship relationship, InstanceField secret, SecretAction action) {
    switch (action) {
      case KEEP -> {}
      case CLEAR -> demand(service, relationship, secret.neededToClear(), secret);
      case REPLACE -> demand(service, relationship, secret.needed(), secret);
    }
  }

  private static void demand(
      Instance.Id service, Relationship relationship, Action action, InstanceField field) {
    if (!Permissions.allows(relationship, action)) {
      throw RefusedException.forbidden(
          "Your role on this service does not allow changing " + field.wireName() + ".",
          MissingTerms.role(service, relationship, action));
    }
  }

  private static void record(
      Instance before,
      Instance after,
      Set<InstanceField> differing,
      Ruling credential,
      SecretAction headers,
      List<String> ended,
      ChangeLog log) {
    List<String> fields = new ArrayList<>(differing.stream().map(InstanceField::wireName).toList());
    if (headers != SecretAction.KEEP) {
      fields.add(InstanceField.CUSTOM_HEADERS.wireName());
    }
    fields.addAll(ended);
    if (!fields.isEmpty()) {
      log.recordChange(
          AuditAction.SERVICE_UPDATE,
          AuditTargets.service(after),
          fields,
          AuditEvent.Term.changed(before.texts(), after.texts()));
    }
    record(after, credential, log);
  }

  private static void record(Instance after, Ruling credential, ChangeLog log) {
    Optional<AuditAction> action =
        switch (credential) {
          case SEAL -> Optional.of(AuditAction.SERVICE_KEY_SET);
          case CLEAR -> Optional.of(AuditAction.SERVICE_KEY_CLEAR);
          case CONFIRM -> Optional.of(AuditAction.SERVICE_CREDENTIAL_CONFIRM);
          case KEEP, SECRET_REQUIRED, TAKES_NO_SECRET, DESTINATION_REQUIRED, HEADERS_REQUIRED ->
              Optional.empty();
        };
    InstanceField field =
        after.credential().kind() == CredentialKind.API_KEY
            ? InstanceField.API_KEY
            : InstanceField.CREDENTIAL;
    action.ifPresent(
        what -> log.recordChange(what, AuditTargets.service(after), List.of(field.wireName())));
  }
}
