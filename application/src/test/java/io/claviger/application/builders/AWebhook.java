package io.claviger.application.builders;

import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Instant;
import java.util.UUID;

/** Builds a webhook. Unless told otherwise it gets all events, as they are. */
public final class AWebhook {
  private final GranteeId receiver;
  private final Instant at;
  private SelectedEvents events = SelectedEvents.ALL;
  private WebhookFormat format = WebhookFormat.PLAIN;

  private AWebhook(GranteeId receiver, Instant at) {
    this.receiver = receiver;
    this.at = at;
  }

  /** A webhook that was made at this time. */
  public static AWebhook of(GranteeId receiver, Instant at) {
    return new AWebhook(receiver, at);
  }

  public AWebhook selecting(SelectedEvents given) {
    events = given;
    return this;
  }

  public AWebhook format(WebhookFormat given) {
    format = given;
    return this;
  }

  public Webhook build() {
    return new Webhook(
        new Webhook.Id(UUID.randomUUID()),
        receiver,
        WebhookUrl.of("https://hooks.example/"),
        Thresholds.USUAL,
        events,
        format,
        1,
        at,
        at);
  }
}
