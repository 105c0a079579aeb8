package io.claviger.web.routing;

import io.claviger.application.routing.BareNames;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;

/** {@code /v1/llm-services/{owner}/{handle}/bare-names}. */
public final class BareNameRoutes implements RouteGroup {
  private final BareNames bareNames;

  public BareNameRoutes(BareNames bareNames) {
    this.bareNames = bareNames;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/bare-names")
        .put(this::accept)
        .delete(this::withdraw);
  }

  private void accept(ApiCall call) {
    Problems.throwIfRefused(bareNames.accept(call.actor(), call.service()));
    call.noContent();
  }

  private void withdraw(ApiCall call) {
    Problems.throwIfRefused(bareNames.withdraw(call.actor(), call.service()));
    call.noContent();
  }
}
