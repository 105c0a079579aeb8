package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** The format of a webhook's messages. */
public enum WebhookFormat {
  /** JSON for programs. */
  PLAIN,
  /** The format of Slack's incoming webhooks. */
  SLACK,
  /** An Adaptive Card, as workflows of Microsoft Teams accept it. */
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
