package io.claviger.application.webhooks.port;

import io.claviger.application.budgets.port.HolderNames;
import io.claviger.domain.accounts.User;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Posts messages over https. The sender connects only to addresses that are permitted for users'
 * services, even for webhooks of _system, follows no redirect, and reads only the status of the
 * answer.
 */
public interface WebhookSender {
  /**
   * A message to post.
   *
   * @param owner the id of the user or group that has the webhook; look-ups of host names count
   *     against the limits of this user or group
   * @param names the names of those holders of the budget that still exist
   * @param at when the message is sent
   */
  record Posting(
      User.Id owner,
      WebhookUrl url,
      WebhookFormat format,
      WebhookMessage message,
      HolderNames names,
      Instant at) {}

  /**
   * Signs a message and posts it.
   *
   * @param secret the secret that signs; the caller closes it when this method has returned
   * @param limit the longest time for the whole attempt
   * @return empty when the message was delivered: the answer had a status of success. The future
   *     never fails
   */
  CompletableFuture<Optional<DeliveryFailure>> post(Posting posting, Secret secret, Duration limit);
}
