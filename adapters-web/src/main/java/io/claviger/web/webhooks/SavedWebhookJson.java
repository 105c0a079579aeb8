package io.claviger.web.webhooks;

import io.claviger.application.webhooks.IssuedSecret;
import io.claviger.application.webhooks.Webhooks.SavedWebhook;
import io.claviger.application.webhooks.port.WebhookStore.StoredWebhook;
import io.claviger.web.webhooks.WebhookJson.DeliveriesJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A webhook after a write.
 *
 * @param secret shown this once; empty if the former one still holds
 */
record SavedWebhookJson(
    String url,
    List<Integer> thresholds,
    Optional<String> secret,
    DeliveriesJson deliveries,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  static SavedWebhookJson of(SavedWebhook saved) {
    WebhookJson webhook = WebhookJson.of(new StoredWebhook(saved.webhook(), saved.deliveries()));
    return new SavedWebhookJson(
        webhook.url(),
        webhook.thresholds(),
        saved.secret().map(IssuedSecret::text),
        webhook.deliveries(),
        webhook.version(),
        webhook.createdAt(),
        webhook.updatedAt());
  }
}
