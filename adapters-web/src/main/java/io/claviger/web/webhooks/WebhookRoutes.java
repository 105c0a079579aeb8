package io.claviger.web.webhooks;

import io.claviger.application.shared.Precondition;
import io.claviger.application.webhooks.IssuedSecret;
import io.claviger.application.webhooks.Webhooks;
import io.claviger.application.webhooks.Webhooks.SavedWebhook;
import io.claviger.application.webhooks.port.WebhookStore.Deliveries;
import io.claviger.application.webhooks.port.WebhookStore.Failure;
import io.claviger.application.webhooks.port.WebhookStore.StoredWebhook;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.webhooks.DeliveryFailure;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Thresholds;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookFormat;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The webhooks of users, of groups, and of the installation. */
public final class WebhookRoutes implements RouteGroup {
  private static final JsonConverter<Thresholds> THRESHOLDS =
      JsonConverter.listOf(JsonConverter.wholeNumber(percent -> percent)).then(Thresholds::of);

  private static final JsonConverter<SelectedEvents> EVENTS =
      JsonConverter.listOf(JsonConverter.text(EventType::of)).then(SelectedEvents::of);

  private final Webhooks webhooks;

  public WebhookRoutes(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @Override
  public void addTo(Routes routes) {
    add(routes, "/v1/users/{user}/webhook", call -> GranteeName.user(call.handle("user")));
    add(routes, "/v1/groups/{group}/webhook", call -> GranteeName.group(call.handle("group")));
    add(routes, "/v1/webhook", call -> GranteeName.user(Handle.SYSTEM));
  }

  private void add(Routes routes, String path, Function<ApiCall, GranteeName> receiver) {
    routes
        .at(path)
        .get(call -> show(call, receiver.apply(call)))
        .put(call -> save(call, receiver.apply(call)))
        .delete(call -> delete(call, receiver.apply(call)));
    routes.at(path + "/test").post(call -> test(call, receiver.apply(call)));
  }

  private void show(ApiCall call, GranteeName receiver) {
    StoredWebhook found = Problems.valueOf(webhooks.find(call.actor(), receiver));
    call.shown(WebhookJson.of(found), found.webhook().version());
  }

  private void save(ApiCall call, GranteeName receiver) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<WebhookUrl> url =
          fields.required(
              "url", JsonConverter.text(WebhookUrl::of), "Say where messages are to be posted.");
      Field<Thresholds> thresholds = fields.value("thresholds", THRESHOLDS);
      Field<SelectedEvents> events = fields.value("events", EVENTS);
      Field<WebhookFormat> format = fields.value("format", JsonConverter.text(WebhookFormat::of));
      fields.ignore("deliveries");
      Precondition precondition =
          call.done(fields, List.of(), () -> CurrentState.nothing(new Object()));
      SavedWebhook saved =
          Problems.valueOf(
              webhooks.save(
                  call.actor(),
                  receiver,
                  precondition,
                  url.given().orElseThrow(),
                  new Webhook.Choice(
                      thresholds.or(Thresholds.USUAL),
                      events.or(SelectedEvents.ALL),
                      format.or(WebhookFormat.PLAIN))));
      call.written(saved.created(), SavedWebhookJson.of(saved));
    }
  }

  private void delete(ApiCall call, GranteeName receiver) {
    Problems.throwIfRefused(webhooks.delete(call.actor(), receiver, call.precondition()));
    call.noContent();
  }

  private void test(ApiCall call, GranteeName receiver) {
    Problems.throwIfRefused(webhooks.test(call.actor(), receiver));
    call.noContent();
  }

  /**
   * A webhook as the API shows it in the answer to a write.
   *
   * @param secret the new secret, which only this answer shows; empty if the secret was not changed
   */
  record SavedWebhookJson(
      String url,
      List<Integer> thresholds,
      List<String> events,
      String format,
      Optional<String> secret,
      WebhookJson.DeliveriesJson deliveries,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    static SavedWebhookJson of(SavedWebhook saved) {
      WebhookJson webhook = WebhookJson.of(new StoredWebhook(saved.webhook(), saved.deliveries()));
      return new SavedWebhookJson(
          webhook.url(),
          webhook.thresholds(),
          webhook.events(),
          webhook.format(),
          saved.secret().map(IssuedSecret::text),
          webhook.deliveries(),
          webhook.version(),
          webhook.createdAt(),
          webhook.updatedAt());
    }
  }

  private record WebhookJson(
      String url,
      List<Integer> thresholds,
      List<String> events,
      String format,
      DeliveriesJson deliveries,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    /**
     * The number of messages waiting for delivery, the time of the last delivery, and the time and
     * reason of the last failure.
     */
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
}
