package io.claviger.domain.webhooks;

import io.claviger.domain.accounts.GranteeId;
import java.time.Instant;
import java.util.UUID;

/**
 * The URL to which messages for a user or a group are posted. Each user or group has at most one
 * webhook. The webhook of {@code _system} is the installation's webhook.
 *
 * @param receiver the user or group
 * @param thresholds the budget thresholds for which messages are sent
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
   * Returns this webhook with other events and another format. The URL can't be changed: a
   * different URL means a different webhook.
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

  /** Identifies a webhook. A new webhook of the same receiver has a new id. */
  public record Id(UUID value) {}
}
