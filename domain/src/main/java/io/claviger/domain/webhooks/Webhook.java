package io.claviger.domain.webhooks;

import io.claviger.domain.accounts.GranteeId;
import java.time.Instant;
import java.util.UUID;

/**
 * The address to which messages for a user or a group are posted. Each user or group has at most
 * one webhook. The webhook of {@code _system} is the webhook of the installation.
 *
 * @param receiver the user or group
 * @param thresholds the thresholds of budgets about which messages are sent
 * @param version a number that increases with each change
 */
public record Webhook(
    Id id,
    GranteeId receiver,
    WebhookUrl url,
    Thresholds thresholds,
    SelectedEvents events,
    WebhookFormat format,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** The events about which a webhook gets messages, and their format. */
  public record Choice(Thresholds thresholds, SelectedEvents events, WebhookFormat format) {
    public static final Choice USUAL =
        new Choice(Thresholds.USUAL, SelectedEvents.ALL, WebhookFormat.PLAIN);
  }

  public Choice choice() {
    return new Choice(thresholds, events, format);
  }

  /**
   * Returns this webhook with other events and another format. The URL can't be changed, because a
   * webhook with another URL is treated as a different webhook.
   */
  public Webhook with(Choice other, Instant now) {
    return new Webhook(
        id,
        receiver,
        url,
        other.thresholds(),
        other.events(),
        other.format(),
        version + 1,
        createdAt,
        now);
  }

  /**
   * Identifies a webhook. If a receiver's webhook is deleted and another one is created, the new
   * webhook has another id.
   */
  public record Id(UUID value) {}
}
