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
 * Posts messages over https. Even for webhooks of {@code _system}, the sender connects only to
 * addresses that are permitted for users' services. The sender follows no redirect, and reads only
 * the status of the answer.
 */
public interface WebhookSender {
  /**
   * A message to post.
   *
   * @param owner the id of the webhook's user or group, whose limits apply to look-ups of host
   *     names
   * @param names the display names of a budget's holders, if the message is about a budget; only
   *     holders who still exist have a name here
   * @param at the time at which the message is sent
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
   * @param secret the secret for the signature; the caller must close it after this method has
   *     returned
   * @param limit the timeout of the whole attempt
   * @return the reason why the message was not delivered; empty if it was delivered, which means
   *     that the status of the answer was a success. The future never fails
   */
  CompletableFuture<Optional<DeliveryFailure>> post(Posting posting, Secret secret, Duration limit);
}
