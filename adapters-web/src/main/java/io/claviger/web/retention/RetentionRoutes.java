package io.claviger.web.retention;

import io.claviger.application.retention.RetentionPolicies;
import io.claviger.application.retention.RetentionPolicies.BoundedPolicy;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /v1/retention}: for how long the records of usage and the audit trail are kept. */
public final class RetentionRoutes implements RouteGroup {
  private static final JsonConverter<RetentionMonths> MONTHS =
      JsonConverter.wholeNumber(RetentionMonths::new);

  private static final List<String> READ_ONLY =
      List.of("usage_months_at_most", "audit_months_at_most");

  private final RetentionPolicies policies;

  public RetentionRoutes(RetentionPolicies policies) {
    this.policies = policies;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/retention").get(this::show).put(this::save);
  }

  private void show(ApiCall call) {
    BoundedPolicy found = Problems.valueOf(policies.find(call.actor()));
    call.shown(RetentionJson.of(found), found.stored().version());
  }

  private void save(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<RetentionMonths> usage = fields.nullable("usage_months", MONTHS);
      Field<RetentionMonths> audit = fields.nullable("audit_months", MONTHS);
      Precondition precondition = call.done(fields, READ_ONLY, () -> current(call.actor()));
      RetentionPolicy policy = new RetentionPolicy(usage.given(), audit.given());
      call.ok(
          RetentionJson.of(Problems.valueOf(policies.save(call.actor(), precondition, policy))));
    }
  }

  private CurrentState current(Actor actor) {
    return CurrentState.of(
        policies.find(actor), RetentionJson::of, found -> found.stored().version(), new Object());
  }

  /**
   * The retention periods that administrators set, and the operator's bounds for these periods, as
   * the API shows them.
   */
  record RetentionJson(
      Optional<Integer> usageMonths,
      Optional<Integer> auditMonths,
      Optional<Integer> usageMonthsAtMost,
      Optional<Integer> auditMonthsAtMost,
      long version,
      Instant updatedAt) {
    static RetentionJson of(BoundedPolicy found) {
      RetentionPolicy set = found.stored().policy();
      return new RetentionJson(
          set.usage().map(RetentionMonths::count),
          set.audit().map(RetentionMonths::count),
          found.bounds().usage().map(RetentionMonths::count),
          found.bounds().audit().map(RetentionMonths::count),
          found.stored().version(),
          found.stored().updatedAt());
    }
  }
}
