package io.claviger.web.gateway;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Connection checks of a single LLM service, and of all LLM services that a user can use. */
public final class CheckRoutes implements RouteGroup {
  private final ConnectionChecks checks;

  public CheckRoutes(ConnectionChecks checks) {
    this.checks = checks;
  }

  /**
   * Adds the routes. These routes must be added before the routes of single services, because
   * {@code _check} would otherwise be read as a service's handle.
   */
  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{user}/_check").post(this::checkAll);
    routes.at("/v1/llm-services/{owner}/{handle}/check").post(this::check);
  }

  private void check(ApiCall call) {
    Instance.Ref service = call.service();
    call.emptyBody();
    answer(call, checks.check(call.actor(), service));
  }

  /** Answers the request with the result of one check. */
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

  record ConnectionCheckJson(
      String status,
      OptionalInt httpStatus,
      Optional<Long> latencyMs,
      Instant checkedAt,
      Optional<String> reason,
      List<CheckStep> steps) {

    static ConnectionCheckJson of(ConnectionCheck check) {
      return new ConnectionCheckJson(
          check.status().wireName(),
          check.httpStatus(),
          check.latency().map(Duration::toMillis),
          check.checkedAt(),
          check
              .reason()
              .map(NoKeyReason::wireName)
              .or(() -> check.beyondLimits().map(CallRefusal::code))
              .or(() -> check.withoutToken().map(why -> why.reason().code()))
              .or(() -> notAllowed(check)),
          check.steps());
    }

    private static Optional<String> notAllowed(ConnectionCheck check) {
      return check.destinationNotAllowed()
          ? Optional.of("destination_not_allowed")
          : Optional.empty();
    }

    /** The result of checking one service, as an item of a list. */
    record OfService(String service, @JsonUnwrapped ConnectionCheckJson check) {
      static OfService of(ConnectionCheck check) {
        return new OfService(check.service().toString(), ConnectionCheckJson.of(check));
      }
    }
  }
}
