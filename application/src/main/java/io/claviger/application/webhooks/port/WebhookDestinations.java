package io.claviger.application.webhooks.port;

import io.claviger.domain.webhooks.WebhookUrl;

/** Decides which URLs are refused because messages can't be delivered there. */
@FunctionalInterface
public interface WebhookDestinations {
  /**
   * Returns whether the URL's host is an address that is forbidden for users' services. Host names
   * are accepted, because this method queries no name server. The addresses of a host are checked
   * at each delivery. Never blocks.
   */
  boolean refuse(WebhookUrl url);
}
