package io.claviger.web.instances;

import io.claviger.application.instances.Instances;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;

/** {@code /v1/llm-services/{owner}/{handle}/key-resolution}. */
public final class KeyResolutionRoutes {
  private final Instances instances;

  public KeyResolutionRoutes(Instances instances) {
    this.instances = instances;
  }

  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/key-resolution").get(this::show);
  }

  private void show(ApiCall call) {
    call.ok(
        KeyResolutionJson.of(
            Problems.valueOf(instances.explainKey(call.actor(), call.service()))));
  }
}
