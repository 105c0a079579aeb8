package io.claviger.web.instances;

import io.claviger.application.instances.ExplainKey;
import io.claviger.application.instances.InstancesModule;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;

/** {@code /v1/llm-services/{owner}/{handle}/key-resolution}. */
public final class KeyResolutionRoutes {
  private final ExplainKey explain;

  public KeyResolutionRoutes(InstancesModule instances) {
    this.explain = instances.explainKey();
  }

  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/key-resolution").get(this::show);
  }

  private void show(ApiCall call) {
    switch (explain.explain(call.actor(), call.service())) {
      case ExplainKey.Outcome.Explained explained ->
          call.ok(KeyResolutionJson.of(explained.explanation()));
      case ExplainKey.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
