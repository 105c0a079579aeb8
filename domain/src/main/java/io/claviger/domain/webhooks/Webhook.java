package io.claviger.domain.webhooks;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.UUID;

/**
 * Where messages about thresholds of a user's budgets go. A user has at most one.
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

  /** This webhook with other thresholds. Another URL makes another webhook. */
  public Webhook with(Thresholds others, Instant now) {
    return new Webhook(id, user, url, others, version + 1, createdAt, now);
  }

  /** Identifies a webhook. Another webhook of the same user has another id. */
  public record Id(UUID value) {}
}
