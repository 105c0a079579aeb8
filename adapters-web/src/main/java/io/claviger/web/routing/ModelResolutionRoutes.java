package io.claviger.web.routing;

import io.claviger.application.routing.ModelResolutions;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;

/** {@code /v1/model-resolution}: where the name of a model leads the caller. */
public final class ModelResolutionRoutes {
  private final ModelResolutions resolutions;

  public ModelResolutionRoutes(ModelResolutions resolutions) {
    this.resolutions = resolutions;
  }

  public void addTo(Routes routes) {
    routes.at("/v1/model-resolution").get(this::show, "format", "name");
  }

  private void show(ApiCall call) {
    WireFormat format =
        call.query().required("format", WireFormat::of, "Say which base URL is meant.");
    CalledName name =
        call.query().required("name", CalledName::new, "Say which model is asked for.");
    call.ok(ModelResolutionJson.of(resolutions.explain(call.actor(), format, name)));
  }
}
