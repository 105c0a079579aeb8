package io.claviger.web.limits;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.BudgetJson;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.policy.LimitsReader;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Routes for the limits of users and groups, at paths that begin with {@code /v1/users/{user}} and
 * {@code /v1/groups/{group}}.
 */
public final class AssignedLimitsRoutes implements RouteGroup {
  private final AssignedLimits limits;

  public AssignedLimitsRoutes(AssignedLimits limits) {
    this.limits = limits;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/users/{user}/limits").get(this::showOfUser).put(this::putOfUser);
    routes
        .at("/v1/groups/{group}/limits")
        .get(call -> showOfGroup(call, false))
        .put(call -> putOfGroup(call, false));
    routes
        .at("/v1/groups/{group}/pooled-limits")
        .get(call -> showOfGroup(call, true))
        .put(call -> putOfGroup(call, true));
  }

  private void showOfUser(ApiCall call) {
    shown(call, limits.ofUser(call.actor(), call.handle("user")));
  }

  private void putOfUser(ApiCall call) {
    Handle user = call.handle("user");
    put(call, (precondition, most) -> limits.putOfUser(call.actor(), user, precondition, most));
  }

  private void showOfGroup(ApiCall call, boolean pooled) {
    shown(call, limits.ofGroup(call.actor(), call.ownedHandle("group"), pooled));
  }

  private void putOfGroup(ApiCall call, boolean pooled) {
    Handle group = call.ownedHandle("group");
    put(
        call,
        (precondition, most) -> limits.putOfGroup(call.actor(), group, pooled, precondition, most));
  }

  private static void shown(ApiCall call, Outcome<StoredLimits> outcome) {
    StoredLimits found = Problems.valueOf(outcome);
    call.shown(AssignedLimitsJson.of(found), found.version());
  }

  private static void put(
      ApiCall call, BiFunction<Precondition, Limits, Outcome<StoredLimits>> written) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      LimitsWrite write = LimitsReader.fields(fields);
      Precondition precondition =
          call.done(
              fields,
              List.of(),
              () -> {
                throw new IllegalStateException("these fields can't be read-only");
              });
      call.ok(
          AssignedLimitsJson.of(
              Problems.valueOf(written.apply(precondition, write.over(Limits.NONE)))));
    }
  }

  /**
   * The limits of a user or group as the API shows them.
   *
   * @param version the version of the limits, which starts at 1 and increases with each change
   */
  record AssignedLimitsJson(
      Optional<Integer> requestsPerMinute,
      Optional<List<String>> models,
      Optional<List<String>> operations,
      Optional<Integer> maxOutputTokens,
      Optional<List<BudgetJson>> budgets,
      @JsonUnwrapped LimitsJson.Pace pace,
      long version) {

    static AssignedLimitsJson of(StoredLimits stored) {
      LimitsJson limits = LimitsJson.of(stored.limits());
      return new AssignedLimitsJson(
          limits.requestsPerMinute(),
          limits.models(),
          limits.operations(),
          limits.maxOutputTokens(),
          limits.budgets(),
          limits.pace(),
          stored.version());
    }
  }
}
