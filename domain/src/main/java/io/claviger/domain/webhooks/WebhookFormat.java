package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** How the messages of a webhook are written. */
public enum WebhookFormat {
  /** JSON for programs. */
  PLAIN,
  /** What incoming webhooks of Slack take. */
  SLACK,
  /** An Adaptive Card, as workflows of Microsoft Teams take it. */
  TEAMS;

  /** The name in JSON and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds the format with this name, or throws {@link InvalidValue}. */
  public static WebhookFormat of(String wireName) {
    return Arrays.stream(values())
        .filter(format -> format.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("format", "plain, slack or teams"));
  }
}
