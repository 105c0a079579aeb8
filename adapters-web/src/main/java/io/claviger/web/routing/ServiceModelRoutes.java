package io.claviger.web.routing;

import io.claviger.application.routing.ServiceModels;
import io.claviger.application.routing.ServiceModels.ServiceModel;
import io.claviger.domain.ModelName;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/offers}. */
public final class ServiceModelRoutes implements RouteGroup {
  private static final CursorFormat<ModelName> MODEL =
      new CursorFormat<>(ModelName::value, ModelName::new);

  private final ServiceModels models;

  public ServiceModelRoutes(ServiceModels models) {
    this.models = models;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/offers").get(this::list, "limit", "cursor");
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(models.list(call.actor(), call.service(), call.page(MODEL))),
        MODEL,
        ServiceModelJson::of);
  }

  /** A model that a service offers. */
  record ServiceModelJson(String model, Optional<Instant> seenAt, String source) {
    static ServiceModelJson of(ServiceModel model) {
      return new ServiceModelJson(
          model.model().value(),
          model.listedAt(),
          model.listedAt().isPresent() ? "listed" : "declared");
    }
  }
}
