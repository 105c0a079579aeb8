package io.claviger.application.webhooks.port;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.DeliveryRetry;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stores webhooks and their messages. */
public interface WebhookStore {
  /**
   * The state of a webhook's deliveries.
   *
   * @param waiting the number of undelivered messages
   * @param deliveredAt when the last message was delivered; empty if no message was delivered
   * @param failure the last failed attempt since {@code deliveredAt}; empty if no attempt has
   *     failed since then
   */
  record Deliveries(int waiting, Optional<Instant> deliveredAt, Optional<Failure> failure) {}

  /** A failed attempt. */
  record Failure(DeliveryFailure why, Instant at) {}

  record StoredWebhook(Webhook webhook, Deliveries deliveries) {}

  /**
   * A message that this node has to deliver. Until the lease ends, no other node delivers the
   * message.
   *
   * @param failures the number of consecutive failed attempts to deliver to this webhook
   * @param leasedUntil the time from which another node may deliver the message
   */
  record DueDelivery(
      Webhook webhook,
      SealedValue secret,
      WebhookMessage message,
      int failures,
      Instant leasedUntil) {}

  Optional<StoredWebhook> find(GranteeId receiver);

  /** Finds the webhook of a user or group and locks it exclusively until the transaction ends. */
  Optional<Webhook> lock(GranteeId receiver);

  /**
   * Stores a new webhook.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the receiver already has a
   *     webhook or was deleted
   */
  void insert(Webhook webhook, SealedValue secret);

  /**
   * Stores the events that a webhook gets, and their format. Returns whether the webhook still
   * exists.
   */
  boolean update(Webhook webhook);

  /** Deletes a webhook, with its undelivered messages. */
  boolean delete(Webhook.Id webhook);

  /** Returns whether any message is stored that has not been delivered yet. */
  boolean anyMessage();

  /**
   * For each webhook that is not leased to a node, takes the oldest message. Until the lease ends,
   * no other node takes messages of these webhooks. A lease or pause that would end later than
   * {@link DeliveryRetry#LATEST} counts as ended. Messages for webhooks of suspended users are
   * deleted, so that users do not get such messages after their suspension either.
   *
   * @param most the maximum number of webhooks of which messages are taken
   */
  default List<DueDelivery> takeDue(Instant now, Duration lease, int most) {
    return takeDue(now, lease, most, Set.of());
  }

  /**
   * Takes messages like {@link #takeDue(Instant, Duration, int)}, but leaves out the messages of
   * the given webhooks.
   */
  List<DueDelivery> takeDue(Instant now, Duration lease, int most, Set<Webhook.Id> except);

  /**
   * Adds a test message to a webhook. Does nothing if a test message or too many other messages are
   * waiting, or if the webhook's user is suspended. Returns whether the message was added.
   */
  boolean addTest(Webhook.Id webhook, WebhookMessage.Happened message);

  /**
   * Removes a delivered message. If the lease has not ended yet, the webhook's next message becomes
   * due immediately.
   */
  void recordDelivered(DueDelivery due, Instant now);

  /** Records that a delivery has failed, unless the lease has ended. */
  void recordFailed(DueDelivery due, DeliveryFailure why, Instant now, Instant nextAttempt);

  /**
   * Deletes messages that were created before a certain time. Returns the number of deleted
   * messages.
   */
  int deleteCreatedBefore(Instant time);
}
