package io.claviger.web.gateway;

import io.claviger.application.gateway.CallExplanations;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;

/** {@code /v1/llm-services/{owner}/{handle}/key-resolution}: whether a call would pass. */
public final class KeyResolutionRoutes {
  private final CallExplanations explanations;

  public KeyResolutionRoutes(CallExplanations explanations) {
    this.explanations = explanations;
  }

  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/key-resolution")
        .get(this::show, "model", "operation", "user");
  }

  private void show(ApiCall call) {
    var question =
        new CallExplanations.ExplanationQuery(
            call.query().value("model", ModelName::new),
            call.query().value("operation", Operation::new),
            call.query().value("user", Handle::new));
    call.query().rejectUnread();
    call.ok(
        KeyResolutionJson.of(
            Problems.valueOf(explanations.explain(call.actor(), call.service(), question))));
  }
}
