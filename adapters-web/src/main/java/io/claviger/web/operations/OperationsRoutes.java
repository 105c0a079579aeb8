package io.claviger.web.operations;

import io.claviger.application.operations.Operations;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;

/** {@code /v1/operations}: how the installation is, for administrators. */
public final class OperationsRoutes {
  private final Operations operations;

  public OperationsRoutes(Operations operations) {
    this.operations = operations;
  }

  public void addTo(Routes routes) {
    routes.at("/v1/operations").get(this::show);
  }

  private void show(ApiCall call) {
    call.ok(OperationsJson.of(Problems.valueOf(operations.status(call.actor()))));
  }
}
