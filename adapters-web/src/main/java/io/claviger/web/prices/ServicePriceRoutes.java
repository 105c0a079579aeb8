package io.claviger.web.prices;

import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
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
    PriceRoutes.save(
        call,
        new PriceRoutes.Fixed(Optional.empty(), Optional.of(service.toString()), model.value()),
        day -> prices.find(call.actor(), service, model, day),
        (precondition, content) -> prices.save(call.actor(), service, model, precondition, content),
        price -> PriceJson.of(price, service),
        "/v1/llm-services/" + service + "/prices?model=");
  }

  private void delete(ApiCall call) {
    Instance.Ref service = call.service();
    ModelName model = PriceRoutes.model(call.query());
    Optional<LocalDate> from = call.query().value("valid_from", Times.dayOf("valid_from"));
    call.query().rejectUnread();
    Problems.throwIfRefused(prices.delete(call.actor(), service, model, from));
    call.noContent();
  }
}
