package io.claviger.web.budgets;

import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.budgetreports.BudgetReports.GivenRaise;
import io.claviger.application.budgetreports.BudgetReports.NewRaise;
import io.claviger.application.budgetreports.BudgetTrials;
import io.claviger.application.budgetreports.BudgetTrials.CallerTrial;
import io.claviger.application.budgetreports.BudgetTrials.Trial;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.instances.Instance;
import io.claviger.web.budgets.BudgetReportJson.RaiseJson;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.policy.BudgetReader;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /v1/budgets}: the budgets, and the raises of budgets. */
public final class BudgetRoutes implements RouteGroup {
  private final BudgetReports budgets;
  private final BudgetTrials trials;

  public BudgetRoutes(BudgetReports budgets, BudgetTrials trials) {
    this.budgets = budgets;
    this.trials = trials;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/budgets").get(this::list, "service", "user", "group", "limit", "cursor");
    routes.at("/v1/budgets/_what-if").post(this::replay);
    routes.at("/v1/budgets/{budget}/raises").post(this::raise);
    routes.at("/v1/budgets/{budget}/raises/{id}").delete(this::endRaise);
  }

  private void list(ApiCall call) {
    Query query = call.query();
    BudgetFilter filter =
        new BudgetFilter(
            query.value("service", Instance.Ref::of),
            query.value("user", Handle::new),
            query.value("group", Handle::new));
    PageRequest<Instance.Ref> page = call.page(CursorFormat.INSTANCE);
    call.list(
        Problems.valueOf(budgets.list(call.actor(), filter, page)),
        CursorFormat.INSTANCE,
        BudgetReportJson::of);
  }

  private void replay(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Instance.Ref> service =
          fields.required(
              "service", JsonConverter.text(Instance.Ref::of), "Name the service for the trial.");
      Field<Handle> user = fields.value("user", JsonConverter.text(Handle::new));
      Field<Budget> budget =
          fields.required("budget", BudgetReader.ONE, "Give the budget that is to be tried.");
      fields.rejectUnread();
      call.ok(
          TrialJson.of(
              Problems.valueOf(
                  trials.replay(
                      call.actor(),
                      service.given().orElseThrow(),
                      user.given(),
                      budget.given().orElseThrow()))));
    }
  }

  private void raise(ApiCall call) {
    String budget = call.text("budget");
    try (Body body = call.body()) {
      GivenRaise given =
          Problems.valueOf(budgets.raise(call.actor(), budget, raise(body.fields())));
      call.created(
          "/v1/budgets/" + budget + "/raises/" + given.raise().id(),
          RaiseJson.of(given.raise(), given.unit()));
    }
  }

  private static NewRaise raise(JsonObject fields) {
    Field<BigDecimal> amount =
        fields.required(
            "amount", BudgetReader::decimal, "Say how much is to be added, in the budget's unit.");
    Field<Instant> until =
        fields.required("until", Times.instant("until"), "Say when the raise is to end.");
    fields.rejectUnread();
    return new NewRaise(amount.given().orElseThrow(), until.given().orElseThrow());
  }

  private void endRaise(ApiCall call) {
    Problems.throwIfRefused(budgets.endRaise(call.actor(), call.text("budget"), call.id("id")));
    call.noContent();
  }

  /** The calls that a budget would have refused if it had existed, as the API shows them. */
  record TrialJson(long calls, long refused, List<CallerJson> callers) {
    record CallerJson(
        Optional<String> user, long calls, long refused, Optional<Instant> firstRefusedAt) {
      static CallerJson of(CallerTrial caller) {
        return new CallerJson(
            caller.user().map(Handle::value),
            caller.replay().calls(),
            caller.replay().refused(),
            caller.replay().firstRefusedAt());
      }
    }

    static TrialJson of(Trial trial) {
      return new TrialJson(
          trial.calls(), trial.refused(), trial.callers().stream().map(CallerJson::of).toList());
    }
  }
}
