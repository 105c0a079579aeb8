package io.claviger.web.models;

import io.claviger.application.models.Models;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.models.ModelSettings;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/models}: the models that the caller can run. */
public final class ModelRoutes implements RouteGroup {
  private final Models models;
  private final NodeUrls urls;

  public ModelRoutes(Models models, NodeUrls urls) {
    this.models = models;
    this.urls = urls;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/models").get(this::list, "limit", "cursor");
  }

  private void list(ApiCall call) {
    String base = urls.gateway();
    call.list(
        Problems.valueOf(models.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        model -> ModelJson.of(model, base));
  }

  record ModelJson(
      UUID id,
      String provider,
      String model,
      String displayName,
      boolean isDefault,
      Optional<Integer> contextLimit,
      String service,
      String keySource,
      String gatewayUrl) {

    /**
     * Returns a model as the API shows it.
     *
     * @param gateway the beginning of {@code gateway_url}
     */
    static ModelJson of(RunnableModel runnable, String gateway) {
      ModelSettings settings = runnable.model().settings();
      return new ModelJson(
          runnable.model().id().value(),
          settings.provider().wireName(),
          runnable.called().value(),
          settings.displayName().value(),
          runnable.model().isDefault(),
          settings.contextLimit().map(ContextLimit::value),
          runnable.service().toString(),
          runnable.source().wireName(),
          gateway + "/gateway/services/" + runnable.service());
    }
  }
}
