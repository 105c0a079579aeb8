package io.claviger.application.webhooks.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stores webhooks, and the messages that are to be delivered to these webhooks. */
public interface WebhookStore {
  /**
   * The state of the deliveries to a webhook.
   *
   * @param waiting the number of messages that are not delivered yet
   * @param deliveredAt when the last message was delivered
   * @param failure the last failed attempt since {@code deliveredAt}; empty if there was none
   */
  record Deliveries(int waiting, Optional<Instant> deliveredAt, Optional<Failure> failure) {}

  /** An attempt that failed. */
  record Failure(DeliveryFailure why, Instant at) {}

  record StoredWebhook(Webhook webhook, Deliveries deliveries) {}

  /**
   * A message for this node to deliver. Until the lease ends, no other node delivers this message.
   *
   * @param failures how many attempts in a row have failed at this webhook
   * @param leasedUntil the time from which on another node may deliver the message
   */
  record DueDelivery(
      Webhook webhook,
      SealedValue secret,
      WebhookMessage message,
      int failures,
      Instant leasedUntil) {}

  Optional<StoredWebhook> find(GranteeId receiver);

  /** Finds the webhook of a user or group and locks it for changing until the transaction ends. */
  Optional<Webhook> lock(GranteeId receiver);

  /**
   * Stores a new webhook.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the receiver already has a
   *     webhook or has been deleted
   */
  void insert(Webhook webhook, SealedValue secret);

  /**
   * Stores which events a webhook gets, and in which format. Returns whether the webhook still
   * exists.
   */
  boolean update(Webhook webhook);

  /** Deletes a webhook, with its undelivered messages. */
  boolean delete(Webhook.Id webhook);

  /**
   * Takes the oldest message of each webhook to which no node is delivering a message now. No other
   * node takes messages of these webhooks until the lease ends. Messages that wait for the webhook
   * of a suspended user are deleted, so that the user does not get these messages after the
   * suspension either.
   *
   * @param most the greatest number of webhooks
   */
  default List<DueDelivery> takeDue(Instant now, Duration lease, int most) {
    return takeDue(now, lease, most, Set.of());
  }

  /**
   * Takes messages as {@link #takeDue(Instant, Duration, int)} does, but leaves out some webhooks.
   */
  List<DueDelivery> takeDue(Instant now, Duration lease, int most, Set<Webhook.Id> except);

  /**
   * Adds a test message to a webhook. Does nothing if a test message or too many other messages
   * already wait, or if the webhook's user is suspended. Returns whether the message was added.
   */
  boolean addTest(Webhook.Id webhook, WebhookMessage.Happened message);

  /**
   * Removes a message that was delivered. The next message of this webhook is due immediately,
   * unless the lease has ended in the meantime.
   */
  void recordDelivered(DueDelivery due, Instant now);

  /** Records that a message could not be delivered, unless the lease has ended in the meantime. */
  void recordFailed(DueDelivery due, DeliveryFailure why, Instant now, Instant nextAttempt);

  /** Deletes messages that were created before a time. Returns how many messages were deleted. */
  int deleteCreatedBefore(Instant time);
}
