package io.claviger.web.prices;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.PriceContent;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.net.URLEncoder;
import java.time.LocalDate;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/prices}. */
public final class ServicePriceRoutes implements RouteGroup {
  private final ServicePrices prices;

  public ServicePriceRoutes(ServicePrices prices) {
    this.prices = prices;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/prices")
        .get(this::list, "model", "on", "limit", "cursor")
        .put(this::save, "model")
        .delete(this::delete, "model", "valid_from");
  }

  private void list(ApiCall call) {
    Instance.Ref service = call.service();
    PriceFilter filter = PriceRoutes.filter(call.query());
    PageRequest<PricePosition> page = call.page(CursorFormat.PRICE);
    call.list(
        Problems.valueOf(prices.list(call.actor(), service, filter, page)),
        CursorFormat.PRICE,
        listed -> PriceJson.of(listed, service));
  }

  private void save(ApiCall call) {
    Instance.Ref service = call.service();
    ModelName model = PriceRoutes.model(call.query());
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Optional<PriceContent> content = PriceReader.read(fields);
      Precondition precondition =
          call.done(
              fields,
              PriceReader.READ_ONLY,
              () ->
                  fixed(service, model)
                      .current(content, day -> prices.find(call.actor(), service, model, day)));
      SavedPrice saved =
          Problems.valueOf(
              prices.save(call.actor(), precondition, service, model, content.orElseThrow()));
      PriceJson answer = PriceJson.of(saved.price(), service);
      if (saved.created()) {
        call.created(
            "/v1/llm-services/"
                + service
                + "/prices?model="
                + URLEncoder.encode(model.value(), UTF_8),
            answer);
      } else {
        call.ok(answer);
      }
    }
  }

  private static PriceRoutes.Fixed fixed(Instance.Ref service, ModelName model) {
    return new PriceRoutes.Fixed(Optional.empty(), Optional.of(service.toString()), model.value());
  }

  private void delete(ApiCall call) {
    Instance.Ref service = call.service();
    ModelName model = PriceRoutes.model(call.query());
    Optional<LocalDate> from = call.query().value("valid_from", PriceReader.day("valid_from"));
    call.query().rejectUnread();
    int unused = Problems.valueOf(prices.delete(call.actor(), service, model, from));
    call.noContent();
  }
}
