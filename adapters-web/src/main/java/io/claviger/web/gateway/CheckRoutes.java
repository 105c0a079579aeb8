package io.claviger.web.gateway;

import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;
import java.util.List;

/** Connection checks of one LLM service, and of all services that a user can use. */
public final class CheckRoutes {
  private final ConnectionChecks checks;

  public CheckRoutes(ConnectionChecks checks) {
    this.checks = checks;
  }

  /**
   * Adds the routes. Call this before the routes of a single service are added: otherwise {@code
   * _check} would be taken for a service's handle.
   */
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{user}/_check").post(this::checkAll);
    routes.at("/v1/llm-services/{owner}/{handle}/check").post(this::check);
  }

  private void check(ApiCall call) {
    InstanceRef service = call.service();
    call.emptyBody();
    answer(call, checks.check(call.actor(), service));
  }

  /** Answers with the result of one check. */
  public static void answer(ApiCall call, ConnectionChecks.CheckOutcome outcome) {
    switch (outcome) {
      case ConnectionChecks.CheckOutcome.Checked checked ->
          call.ok(ConnectionCheckJson.of(checked.check()));
      case ConnectionChecks.CheckOutcome.Limited limited ->
          throw new ProblemException(
              Problems.rateLimited(limited.retryAfter(), limited.perMinute()));
      case ConnectionChecks.CheckOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void checkAll(ApiCall call) {
    Handle user = call.handle("user");
    call.emptyBody();
    switch (checks.checkAll(call.actor(), user)) {
      case ConnectionChecks.ListOutcome.Checked checked ->
          call.ok(
              new All(checked.checks().stream().map(ConnectionCheckJson.OfService::of).toList()));
      case ConnectionChecks.ListOutcome.Limited limited ->
          throw new ProblemException(Problems.rateLimited(limited.retryAfter()));
      case ConnectionChecks.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private record All(List<ConnectionCheckJson.OfService> items) {}
}
