package io.claviger.application.webhooks;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.UserStore;
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
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class WebhookUseCases implements Webhooks {
  /** The length of a secret; the specification Standard Webhooks demands 24 to 64 bytes. */
  private static final int SECRET_BYTES = 32;

  private static final Fault NOT_REACHED =
      Fault.notAllowed(
          "url",
          "Claviger does not deliver to this address. Give a globally reachable one, or "
              + "ask the operator to allow it in CLAVIGER_ALLOWED_PRIVATE_HOSTS.");

  private static final Deliveries NO_DELIVERIES =
      new Deliveries(0, Optional.empty(), Optional.empty());

  private final UserStore users;
  private final WebhookStore webhooks;
  private final WebhookDestinations destinations;
  private final Sealer sealer;
  private final RandomBytes random;
  private final AuditedChanges changes;

  WebhookUseCases(
      UserStore users,
      WebhookStore webhooks,
      WebhookDestinations destinations,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    this.users = users;
    this.webhooks = webhooks;
    this.destinations = destinations;
    this.sealer = sealer;
    this.random = random;
    this.changes = changes;
  }

  @Override
  public Outcome<WebhookStore.StoredWebhook> find(Actor actor, Handle handle) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          User user = UserAccess.visible(actor, handle, users::find);
          return webhooks.find(user.id()).orElseThrow(RefusedException::notFound);
        });
  }

  @Override
  public Outcome<SavedWebhook> save(
      Actor actor, Handle handle, Precondition precondition, WebhookUrl url, Thresholds percents) {
    return changes.change(
        actor,
        AuditAction.WEBHOOK_UPDATE,
        AuditTargets.webhook(handle),
        log -> {
          // Locks the user, so that two simultaneous requests don't both create the first webhook.
          User user = UserAccess.visible(actor, handle, users::lock);
          AuditTarget target = AuditTargets.webhook(user.id(), handle);
          log.setTarget(target);
          Optional<Webhook> before = webhooks.lock(user.id());
          if (before.isEmpty()) {
            log.recordAttemptAs(AuditAction.WEBHOOK_CREATE);
          }
          precondition.demand(
              before.map(w -> OptionalLong.of(w.version())).orElse(OptionalLong.empty()));
          if (destinations.refuse(url)) {
            throw RefusedException.invalid(NOT_REACHED);
          }
          return before.isPresent() && before.get().url().equals(url)
              ? change(before.get(), percents, target, log)
              : replace(before, user, url, percents, target, log);
        });
  }

  private SavedWebhook change(
      Webhook before, Thresholds percents, AuditTarget target, ChangeLog log) {
    Webhook after =
        before.thresholds().equals(percents) ? before : before.with(percents, changes.now());
    if (!after.equals(before)) {
      if (!webhooks.update(after)) {
        throw RefusedException.notFound();
      }
      log.recordChange(AuditAction.WEBHOOK_UPDATE, target, List.of("thresholds"));
    }
    Deliveries deliveries =
        webhooks
            .find(after.user())
            .map(WebhookStore.StoredWebhook::deliveries)
            .orElseThrow(RefusedException::notFound);
    return new SavedWebhook(after, deliveries, false, Optional.empty());
  }

  private SavedWebhook replace(
      Optional<Webhook> before,
      User user,
      WebhookUrl url,
      Thresholds percents,
      AuditTarget target,
      ChangeLog log) {
    Instant now = changes.now();
    boolean unused = before.isPresent() && webhooks.delete(before.get().id());
    Webhook after =
        new Webhook(
            new Webhook.Id(changes.ids().next()),
            user.id(),
            url,
            percents,
            before.map(w -> w.version() + 1).orElse(1L),
            before.map(Webhook::createdAt).orElse(now),
            now);
    byte[] bytes = random.next(SECRET_BYTES);
    IssuedSecret issued = new IssuedSecret(bytes);
    try (Secret secret = Secret.takingOver(bytes)) {
      SealedValue sealed = sealer.seal(secret, KeyBinding.ofWebhookSecret(after.id(), after.url()));
      webhooks.insert(after, sealed);
    }
    log.recordChange(
        before.isEmpty() ? AuditAction.WEBHOOK_CREATE : AuditAction.WEBHOOK_UPDATE,
        target,
        changed(before, percents));
    return new SavedWebhook(after, NO_DELIVERIES, before.isEmpty(), Optional.of(issued));
  }

  private static List<String> changed(Optional<Webhook> before, Thresholds percents) {
    List<String> fields = new ArrayList<>(List.of("url", "secret"));
    if (before.isEmpty() || !before.get().thresholds().equals(percents)) {
      fields.add("thresholds");
    }
    return fields;
  }

  @Override
  public Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.WEBHOOK_DELETE,
        AuditTargets.webhook(handle),
        log -> {
          User user = UserAccess.visible(actor, handle, users::lock);
          AuditTarget target = AuditTargets.webhook(user.id(), handle);
          log.setTarget(target);
          Webhook webhook = webhooks.lock(user.id()).orElseThrow(RefusedException::notFound);
          precondition.demand(OptionalLong.of(webhook.version()));
          if (!webhooks.delete(webhook.id())) {
            throw RefusedException.notFound();
          }
          log.recordChange(AuditAction.WEBHOOK_DELETE, target, List.of());
          return handle;
        });
  }
}
