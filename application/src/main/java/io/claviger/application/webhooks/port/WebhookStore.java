package io.claviger.application.webhooks.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores webhooks and the messages that are to be delivered to them. */
public interface WebhookStore {
  /**
   * The state of the deliveries to a webhook.
   *
   * @param waiting messages that are not delivered yet
   * @param deliveredAt when the last one was delivered
   * @param failure why the last attempt failed, if an attempt failed since then
   */
  record Deliveries(int waiting, Optional<Instant> deliveredAt, Optional<Failure> failure) {}

  /** An attempt that failed. */
  record Failure(DeliveryFailure why, Instant at) {}

  record StoredWebhook(Webhook webhook, Deliveries deliveries) {}

  /**
   * A message that this node is to deliver, alone until the lease ends.
   *
   * @param failures how many attempts in a row have failed at this webhook
   * @param leasedUntil when another node may try
   */
  record DueDelivery(
      Webhook webhook,
      SealedValue secret,
      WebhookMessage message,
      int failures,
      Instant leasedUntil) {}

  Optional<StoredWebhook> find(User.Id user);

  /** Finds the webhook of a user and locks it for changing until the transaction ends. */
  Optional<Webhook> lock(User.Id user);

  /**
   * Stores a new webhook.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the user has one already or is
   *     gone
   */
  void insert(Webhook webhook, SealedValue secret);

  /** Stores the changed thresholds of a webhook. Returns whether it is still there. */
  boolean update(Webhook webhook);

  /** Deletes the webhook of a user, with its undelivered messages. */
  boolean delete(Webhook.Id webhook);

  /**
   * Takes the oldest message of each webhook to which no node is delivering now. No other node
   * takes messages of these webhooks until the lease ends.
   *
   * @param most the greatest number of webhooks
   */
  List<DueDelivery> takeDue(Instant now, Duration lease, int most);

  /**
   * Removes a message that was delivered. The next message of this webhook is due at once, unless
   * the lease has ended meanwhile.
   */
  void recordDelivered(DueDelivery due, Instant now);

  /** Records that a message could not be delivered, unless the lease has ended meanwhile. */
  void recordFailed(DueDelivery due, DeliveryFailure why, Instant now, Instant nextAttempt);

  /** Deletes messages that were created before a time. Returns how many there were. */
  int deleteCreatedBefore(Instant time);
}
