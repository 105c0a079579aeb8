package io.claviger.application.webhooks;

import io.claviger.application.budgets.HolderNames;
import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.webhooks.port.WebhookSender;
import io.claviger.application.webhooks.port.WebhookSender.Posting;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.application.webhooks.port.WebhookStore.DueDelivery;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.DeliveryRetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Delivers the messages of webhooks. Any number of nodes may do that side by side: a webhook is
 * leased to one node at a time, so that a message is posted twice only if a node ends, or does not
 * run for a minute, between posting it and recording that. No transaction is open while a message
 * is posted.
 */
public final class WebhookDelivery {
  /** How long an endpoint may take. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  /** Much longer than an endpoint may take, so that a slow database does not end it too soon. */
  static final Duration LEASE = Duration.ofSeconds(60);

  /** The most messages that are on their way at once, one for each webhook. */
  static final int AT_ONCE = 64;

  private final WebhookStore webhooks;
  private final HolderDirectory directory;
  private final WebhookSender sender;
  private final Sealer sealer;
  private final AuditedChanges changes;

  public WebhookDelivery(
      WebhookStore webhooks,
      HolderDirectory directory,
      WebhookSender sender,
      Sealer sealer,
      AuditedChanges changes) {
    this.webhooks = webhooks;
    this.directory = directory;
    this.sender = sender;
    this.sealer = sealer;
    this.changes = changes;
  }

  private record DeliveryInProgress(
      DueDelivery due, CompletableFuture<Optional<DeliveryFailure>> answer) {}

  /**
   * Posts one message to each webhook that has one which is due, side by side, and waits for all of
   * them.
   *
   * @return how many were posted; if there are any, more may be due
   */
  public int deliverDue() {
    Instant now = changes.now();
    List<DueDelivery> due =
        changes.transactions().inTransaction(() -> webhooks.takeDue(now, LEASE, AT_ONCE));
    if (due.isEmpty()) {
      return 0;
    }
    Map<BudgetHolder, HolderNames> names =
        directory.names(due.stream().map(one -> one.message().holder()).distinct().toList());
    List<DeliveryInProgress> inProgress =
        due.stream()
            .map(
                one ->
                    new DeliveryInProgress(
                        one,
                        post(one, names.getOrDefault(one.message().holder(), HolderNames.NONE))))
            .toList();
    inProgress.forEach(one -> record(one.due(), one.answer().join()));
    return due.size();
  }

  private CompletableFuture<Optional<DeliveryFailure>> post(DueDelivery due, HolderNames names) {
    Optional<Secret> secret =
        sealer.open(
            due.secret(), KeyBinding.ofWebhookSecret(due.webhook().id(), due.webhook().url()));
    if (secret.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.of(DeliveryFailure.SECRET_UNUSABLE));
    }
    try (Secret open = secret.get()) {
      return sender.post(
          new Posting(
              due.webhook().user(), due.webhook().url(), due.message(), names, changes.now()),
          open,
          LONGEST);
    }
  }

  private void record(DueDelivery due, Optional<DeliveryFailure> failure) {
    Instant now = changes.now();
    boolean unused =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  failure.ifPresentOrElse(
                      why ->
                          webhooks.recordFailed(
                              due, why, now, now.plus(DeliveryRetry.after(due.failures() + 1))),
                      () -> webhooks.recordDelivered(due, now));
                  return true;
                });
  }

  /** Deletes messages that have been tried for a day. */
  public int removeExpired() {
    return webhooks.deleteCreatedBefore(changes.now().minus(DeliveryRetry.LONGEST));
  }
}
