package io.claviger.application.webhooks;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.webhooks.port.WebhookDestinations;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

final class WebhookUseCases implements Webhooks {
  /**
   * The length of a secret in bytes. The specification "Standard Webhooks" requires 24 to 64 bytes.
   */
  private static final int SECRET_BYTES = 32;

  private static final Fault NOT_REACHED =
      Fault.notAllowed(
          "url",
          "Claviger does not deliver to this address. Give a globally reachable address, or ask the"
              + " operator to allow this address in CLAVIGER_ALLOWED_PRIVATE_HOSTS.");

  private static final Deliveries NO_DELIVERIES =
      new Deliveries(0, Optional.empty(), Optional.empty());

  private final UserStore users;
  private final GroupStore groups;
  private final WebhookStore webhooks;
  private final CredentialStore credentials;
  private final WebhookDestinations destinations;
  private final Sealer sealer;
  private final RandomBytes random;
  private final AuditedChanges changes;

  WebhookUseCases(
      UserStore users,
      GroupStore groups,
      WebhookStore webhooks,
      CredentialStore credentials,
      WebhookDestinations destinations,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    this.users = users;
    this.groups = groups;
    this.webhooks = webhooks;
    this.credentials = credentials;
    this.destinations = destinations;
    this.sealer = sealer;
    this.random = random;
    this.changes = changes;
  }

  @Override
  public Outcome<Optional<WebhookStore.StoredWebhook>> look(Actor actor, GranteeName receiver) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          GranteeId id =
              receiver.isGroup()
                  ? kept(actor, groups.find(receiver.handle(), actor.id()))
                  : UserAccess.visible(actor, receiver.handle(), users::find).id();
          return webhooks.find(id);
        });
  }

  /**
   * Attempts to change a user's or group's webhook. Locks this user or group, so that two
   * simultaneous requests can't both create its first webhook.
   */
  private <T> Outcome<T> change(
      Actor actor,
      AuditAction action,
      GranteeName receiver,
      BiFunction<GranteeId, ChangeLog, T> change) {
    return changes.change(
        actor,
        action,
        AuditTargets.webhook(receiver),
        log -> change.apply(locked(actor, receiver, log), log));
  }

  private GranteeId locked(Actor actor, GranteeName receiver, ChangeLog log) {
    GranteeId id =
        receiver.isGroup()
            ? kept(actor, groups.lock(receiver.handle(), actor.id()))
            : UserAccess.visible(actor, receiver.handle(), users::lock).id();
    log.setTarget(AuditTargets.webhook(id, receiver));
    return id;
  }

  /**
   * Returns the group's id if the actor may manage the group's members. For anybody else, the
   * answer is {@code not_found}.
   */
  private static GranteeId kept(Actor actor, Optional<GroupStore.VisibleGroup> found) {
    return found
        .filter(
            seen ->
                GroupPermissions.allows(
                    actor.administrator(), seen.role(), GroupAction.KEEP_MEMBERS))
        .orElseThrow(RefusedException::notFound)
        .group()
        .id();
  }

  @Override
  public Outcome<SavedWebhook> save(
      Actor actor,
      GranteeName receiver,
      Precondition precondition,
      WebhookUrl url,
      Webhook.Choice choice) {
    return change(
        actor,
        AuditAction.WEBHOOK_UPDATE,
        receiver,
        (id, log) -> {
          Lockout.demandPresented(actor, credentials);
          Optional<Webhook> before = webhooks.lock(id);
          if (before.isEmpty()) {
            log.recordAttemptAs(AuditAction.WEBHOOK_CREATE);
          }
          precondition.demand(before, Webhook::version);
          if (destinations.refuse(url)) {
            throw RefusedException.invalid(NOT_REACHED);
          }
          AuditTarget target = AuditTargets.webhook(id, receiver);
          return before.isPresent() && before.get().url().equals(url)
              ? change(before.get(), choice, target, log)
              : replace(before, id, url, choice, target, log);
        });
  }

  private SavedWebhook change(
      Webhook before, Webhook.Choice choice, AuditTarget target, ChangeLog log) {
    Webhook after = before.choice().equals(choice) ? before : before.with(choice, changes.now());
    if (!after.equals(before)) {
      if (!webhooks.update(after)) {
        throw RefusedException.notFound();
      }
      log.recordChange(
          AuditAction.WEBHOOK_UPDATE, target, changed(Optional.of(before.choice()), choice));
    }
    Deliveries deliveries =
        webhooks
            .find(after.receiver())
            .map(WebhookStore.StoredWebhook::deliveries)
            .orElseThrow(RefusedException::notFound);
    return new SavedWebhook(after, deliveries, false, Optional.empty());
  }

  private SavedWebhook replace(
      Optional<Webhook> before,
      GranteeId receiver,
      WebhookUrl url,
      Webhook.Choice choice,
      AuditTarget target,
      ChangeLog log) {
    Instant now = changes.now();
    boolean unused = before.isPresent() && webhooks.delete(before.get().id());
    Webhook after =
        new Webhook(
            new Webhook.Id(changes.ids().next()),
            receiver,
            url,
            choice.thresholds(),
            choice.events(),
            choice.format(),
            before.map(w -> w.version() + 1).orElse(1L),
            before.map(Webhook::createdAt).orElse(now),
            now);
    byte[] bytes = random.next(SECRET_BYTES);
    IssuedSecret issued = new IssuedSecret(bytes);
    try (Secret secret = Secret.takingOver(bytes)) {
      SealedValue sealed = sealer.seal(secret, KeyBinding.ofWebhookSecret(after.id(), after.url()));
      webhooks.insert(after, sealed);
    }
    List<String> fields = new ArrayList<>(List.of("url", "secret"));
    fields.addAll(changed(before.map(Webhook::choice), choice));
    log.recordChange(
        before.isEmpty() ? AuditAction.WEBHOOK_CREATE : AuditAction.WEBHOOK_UPDATE, target, fields);
    return new SavedWebhook(after, NO_DELIVERIES, before.isEmpty(), Optional.of(issued));
  }

  private static List<String> changed(Optional<Webhook.Choice> before, Webhook.Choice after) {
    List<String> fields = new ArrayList<>();
    if (!before.map(Webhook.Choice::thresholds).equals(Optional.of(after.thresholds()))) {
      fields.add("thresholds");
    }
    if (!before.map(Webhook.Choice::events).orElse(SelectedEvents.ALL).equals(after.events())) {
      fields.add("events");
    }
    if (!before.map(Webhook.Choice::format).orElse(WebhookFormat.PLAIN).equals(after.format())) {
      fields.add("format");
    }
    return fields;
  }

  @Override
  public Outcome<GranteeName> delete(Actor actor, GranteeName receiver, Precondition precondition) {
    return change(
        actor,
        AuditAction.WEBHOOK_DELETE,
        receiver,
        (id, log) -> {
          Webhook webhook = webhooks.lock(id).orElseThrow(RefusedException::notFound);
          precondition.demand(webhook.version());
          if (!webhooks.delete(webhook.id())) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.WEBHOOK_DELETE, AuditTargets.webhook(id, receiver), List.of());
          return receiver;
        });
  }

  @Override
  public Outcome<GranteeName> test(Actor actor, GranteeName receiver) {
    return change(
        actor,
        AuditAction.WEBHOOK_UPDATE,
        receiver,
        (id, log) -> {
          Webhook webhook = webhooks.lock(id).orElseThrow(RefusedException::notFound);
          boolean unused =
              webhooks.addTest(
                  webhook.id(),
                  new WebhookMessage.Happened(
                      changes.ids().next(),
                      EventType.WEBHOOK_TEST,
                      List.of(new Fact("asked_by", actor.handle().value())),
                      Optional.empty(),
                      changes.now()));
          return receiver;
        });
  }
}
