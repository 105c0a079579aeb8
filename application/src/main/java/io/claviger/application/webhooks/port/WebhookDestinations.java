package io.claviger.application.webhooks.port;

import io.claviger.domain.webhooks.WebhookUrl;

/** Says to which URLs nothing can be delivered. */
@FunctionalInterface
public interface WebhookDestinations {
  /**
   * Whether the URL has an address, instead of a name, that is not permitted for users' services.
   * Asks no name server and never blocks, so it accepts all names; deliveries check them.
   */
  boolean refuse(WebhookUrl url);
}
