package io.claviger.web.webhooks;

import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.application.webhooks.port.WebhookStore.Failure;
import io.claviger.application.webhooks.port.WebhookStore.StoredWebhook;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.Webhook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A webhook as the API shows it. */
record WebhookJson(
    String url,
    List<Integer> thresholds,
    List<String> events,
    String format,
    DeliveriesJson deliveries,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** How the latest deliveries went. */
  record DeliveriesJson(
      int waiting,
      Optional<Instant> deliveredAt,
      Optional<Instant> failedAt,
      Optional<String> failure) {

    static DeliveriesJson of(Deliveries deliveries) {
      return new DeliveriesJson(
          deliveries.waiting(),
          deliveries.deliveredAt(),
          deliveries.failure().map(Failure::at),
          deliveries.failure().map(Failure::why).map(DeliveryFailure::wireName));
    }
  }

  static WebhookJson of(StoredWebhook stored) {
    Webhook webhook = stored.webhook();
    return new WebhookJson(
        webhook.url().url(),
        webhook.thresholds().percents(),
        webhook.events().wireNames(),
        webhook.format().wireName(),
        DeliveriesJson.of(stored.deliveries()),
        webhook.version(),
        webhook.createdAt(),
        webhook.updatedAt());
  }
}
