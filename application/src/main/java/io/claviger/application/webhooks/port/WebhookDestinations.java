package io.claviger.application.webhooks.port;

import io.claviger.domain.webhooks.WebhookUrl;

/** Says to which webhooks nothing can be delivered. */
@FunctionalInterface
public interface WebhookDestinations {
  /**
   * Whether the URL has an address, instead of a name, that is not connected to for users'
   * services. Asks no name server and never blocks, so a name is refused by deliveries alone.
   */
  boolean refuse(WebhookUrl url);
}
