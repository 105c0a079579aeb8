package io.claviger.application.webhooks.port;

import io.claviger.domain.webhooks.WebhookUrl;

/** Decides which URLs are refused because messages can't be delivered to them. */
@FunctionalInterface
public interface WebhookDestinations {
  /**
   * Returns whether the host of the URL is an address that is not permitted for users' services.
   * Host names are all accepted, because no name server is queried here; each delivery checks the
   * addresses of the host. Never blocks.
   */
  boolean refuse(WebhookUrl url);
}
