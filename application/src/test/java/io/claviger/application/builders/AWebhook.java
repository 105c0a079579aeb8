package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookUrl;
import java.time.Instant;

/** A webhook that gets everything as plain JSON, unless said otherwise. */
public final class AWebhook {
  public static final WebhookUrl URL = WebhookUrl.of("https://hooks.example/");

  private final GranteeId receiver;
  private WebhookUrl url = URL;
  private SelectedEvents events = SelectedEvents.ALL;
  private WebhookFormat format = WebhookFormat.PLAIN;
  private Instant createdAt = Seeds.SEEDED_AT;

  private AWebhook(GranteeId receiver) {
    this.receiver = receiver;
  }

  public static AWebhook of(GranteeId receiver) {
    return new AWebhook(receiver);
  }

  public AWebhook url(WebhookUrl given) {
    this.url = given;
    return this;
  }

  public AWebhook selecting(SelectedEvents given) {
    this.events = given;
    return this;
  }

  public AWebhook format(WebhookFormat given) {
    this.format = given;
    return this;
  }

  public AWebhook createdAt(Instant given) {
    this.createdAt = given;
    return this;
  }

  public Webhook build() {
    return new Webhook(
        new Webhook.Id(TestIds.next()),
        receiver,
        url,
        Thresholds.USUAL,
        events,
        format,
        1,
        createdAt,
        createdAt);
  }
}
