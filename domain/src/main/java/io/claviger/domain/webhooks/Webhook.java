package io.claviger.domain.webhooks;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.UUID;

/**
 * The address to which messages about thresholds of a user's budgets are posted. A user has at most
 * one webhook.
 *
 * @param version counts the changes of URL and thresholds
 */
public record Webhook(
    Id id,
    User.Id user,
    WebhookUrl url,
    Thresholds thresholds,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** Returns this webhook with other thresholds. A webhook with another URL is another webhook. */
  public Webhook with(Thresholds others, Instant now) {
    return new Webhook(id, user, url, others, version + 1, createdAt, now);
  }

  /** Identifies a webhook. Another webhook of the same user has another id. */
  public record Id(UUID value) {}
}
