package io.claviger.web.routing;

import io.claviger.application.routing.Offers;
import io.claviger.application.routing.Offers.OfferedModel;
import io.claviger.domain.ModelName;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/offers}. */
public final class OfferRoutes implements RouteGroup {
  private static final CursorFormat<ModelName> MODEL =
      new CursorFormat<>(ModelName::value, ModelName::new);

  private final Offers offers;

  public OfferRoutes(Offers offers) {
    this.offers = offers;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/offers").get(this::list, "limit", "cursor");
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(offers.list(call.actor(), call.service(), call.page(MODEL))),
        MODEL,
        OfferJson::of);
  }

  /** A model that a service offers. */
  record OfferJson(String model, Optional<Instant> seenAt, String source) {
    static OfferJson of(OfferedModel offer) {
      return new OfferJson(
          offer.model().value(),
          offer.listedAt(),
          offer.listedAt().isPresent() ? "listed" : "declared");
    }
  }
}
