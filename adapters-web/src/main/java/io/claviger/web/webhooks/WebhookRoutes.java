package io.claviger.web.webhooks;

import io.claviger.application.shared.Precondition;
import io.claviger.application.webhooks.IssuedSecret;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.application.webhooks.Webhooks.SavedWebhook;
import io.claviger.application.webhooks.port.WebhookStore.StoredWebhook;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.claviger.web.webhooks.WebhookJson.DeliveriesJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /v1/users/{user}/webhook}. */
public final class WebhookRoutes implements RouteGroup {
  private static final JsonConverter<Thresholds> THRESHOLDS =
      JsonConverter.listOf(JsonConverter.wholeNumber(percent -> percent)).then(Thresholds::of);

  private final Webhooks webhooks;

  public WebhookRoutes(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/users/{user}/webhook").get(this::show).put(this::save).delete(this::delete);
  }

  private void show(ApiCall call) {
    StoredWebhook found = Problems.valueOf(webhooks.find(call.actor(), call.handle("user")));
    call.shown(WebhookJson.of(found), found.webhook().version());
  }

  private void save(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<WebhookUrl> url =
          fields.required(
              "url", JsonConverter.text(WebhookUrl::of), "Say where messages are to be posted.");
      Field<Thresholds> thresholds = fields.value("thresholds", THRESHOLDS);
      fields.ignore("deliveries");
      Precondition precondition =
          call.done(fields, List.of(), () -> CurrentState.nothing(new Object()));
      SavedWebhook saved =
          Problems.valueOf(
              webhooks.save(
                  call.actor(),
                  user,
                  precondition,
                  url.given().orElseThrow(),
                  thresholds.or(Thresholds.USUAL)));
      call.written(saved.created(), SavedWebhookJson.of(saved));
    }
  }

  private void delete(ApiCall call) {
    Handle unused =
        Problems.valueOf(webhooks.delete(call.actor(), call.handle("user"), call.precondition()));
    call.noContent();
  }

  /**
   * A webhook after a write.
   *
   * @param secret shown only in this answer; empty if the former secret stays
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
}
