package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The format of a webhook's messages. */
public enum WebhookFormat implements WireNamed {
  /** JSON for programs. */
  PLAIN,
  /** The format of Slack's incoming webhooks. */
  SLACK,
  /** An Adaptive Card for workflows of Microsoft Teams. */
  TEAMS;

  /** Finds the format with the given name, or throws {@link InvalidValue}. */
  public static WebhookFormat of(String wireName) {
    return WireNamed.of(values(), wireName, "format");
  }
}
