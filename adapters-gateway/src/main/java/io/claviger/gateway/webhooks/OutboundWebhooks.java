package io.claviger.gateway.webhooks;

import io.claviger.application.webhooks.port.WebhookSender;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.gateway.out.OutboundCalls;
import io.claviger.gateway.out.OutboundSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends messages to webhooks by POST. A webhook can only have an address that would be permitted
 * for a user's service. This class has its own event loop and threads, which start with the first
 * message.
 */
public final class OutboundWebhooks implements WebhookSender, AutoCloseable {
  private final OutboundCalls calls;
  private final Optional<URI> publicUrl;

  private OutboundWebhooks(OutboundSettings settings, Optional<URI> publicUrl) {
    this.calls = new OutboundCalls("webhooks", settings);
    this.publicUrl = publicUrl;
  }

  public static OutboundWebhooks start(OutboundSettings settings) {
    return start(settings, Optional.empty());
  }

  /**
   * @param publicUrl the URL of the console for users; if empty, messages contain no links
   */
  public static OutboundWebhooks start(OutboundSettings settings, Optional<URI> publicUrl) {
    return new OutboundWebhooks(settings, publicUrl);
  }

  @Override
  public CompletableFuture<Optional<DeliveryFailure>> post(
      Posting posting, Secret secret, Duration limit) {
    return calls.send(
        new WebhookCall(WebhookRequest.of(posting, secret, publicUrl), posting.owner(), limit));
  }

  /** Ends the running attempts, whose futures complete with an exception. */
  @Override
  public void close() {
    calls.close();
  }
}
