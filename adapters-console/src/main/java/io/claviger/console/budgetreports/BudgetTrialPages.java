package io.claviger.console.budgetreports;

import io.claviger.application.budgetreports.BudgetTrials;
import io.claviger.application.budgetreports.BudgetTrials.CallerTrial;
import io.claviger.application.budgetreports.BudgetTrials.Trial;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.limits.BudgetWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries a budget: shows which calls of the last 30 days the budget would have refused. Because a
 * trial changes nothing, the budget is a part of the page's address, which people can bookmark.
 */
public final class BudgetTrialPages implements ConsolePage {
  private static final String PATH = "/console/what-if";
  private static final Set<String> FIELDS =
      Set.of("service", "user", "amount", "unit", "window", "zone");

  private final BudgetTrials trials;
  private final Views views;

  public BudgetTrialPages(BudgetTrials trials, Views views) {
    this.trials = trials;
    this.views = views;
  }

  /**
   * Returns the address of the page on which budgets are tried on a service; the service is named
   * as in {@code alice/chat}.
   */
  public static String of(String service) {
    return Links.to(PATH).with("service", service).toString();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::replay));
  }

  private record WantedTrial(Instance.Ref service, Optional<Handle> user, Budget budget) {}

  private void replay(Visit visit) {
    FormState form = FormState.asked(visit, FIELDS);
    if (form.value("amount").isBlank()) {
      show(visit, 200, form, null);
      return;
    }
    try {
      WantedTrial wanted = wanted(visit);
      Trial trial =
          Problems.valueOf(
              trials.replay(
                  visit.signedIn().actor(), wanted.service(), wanted.user(), wanted.budget()));
      show(visit, 200, form, result(wanted.budget(), trial));
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      show(visit, problem.status(), form.with(problem), null);
    }
  }

  private static WantedTrial wanted(Visit visit) {
    Fields fields = Fields.ofQuery(visit);
    Optional<Instance.Ref> service =
        fields.required("service", "Name the service for the trial.", Instance.Ref::of);
    Optional<Handle> user = fields.optional("user", Handle::new);
    Optional<Budget> budget = BudgetFields.readOne(fields);
    return fields.check(() -> new WantedTrial(service.orElseThrow(), user, budget.orElseThrow()));
  }

  private static BudgetTrialView.Result result(Budget budget, Trial trial) {
    return new BudgetTrialView.Result(
        BudgetWords.of(budget),
        trial.calls(),
        trial.refused(),
        trial.callers().stream().map(BudgetTrialPages::caller).toList());
  }

  private static BudgetTrialView.CallerLine caller(CallerTrial caller) {
    return new BudgetTrialView.CallerLine(
        caller.user().map(Handle::value).orElse("(gone)"),
        caller.replay().calls(),
        caller.replay().refused(),
        caller.replay().firstRefusedAt().map(Object::toString).orElse(null));
  }

  private void show(
      Visit visit, int status, FormState form, BudgetTrialView.@Nullable Result result) {
    views.show(
        visit, status, Area.BUDGETS, "Try a budget", "whatIf", new BudgetTrialView(form, result));
  }

  /** The calls that a budget would have refused, and the form that describes the budget. */
  public record BudgetTrialView(FormState form, @Nullable Result result) {

    public record Result(String budget, long calls, long refused, List<CallerLine> callers) {
      public Result {
        callers = List.copyOf(callers);
      }
    }

    /**
     * A caller's calls, and how many of these calls the budget would have refused.
     *
     * @param firstRefusedAt the time of the first call that would have been refused (ISO 8601);
     *     null if no call would have been refused
     */
    public record CallerLine(
        String name, long calls, long refused, @Nullable String firstRefusedAt) {}
  }
}
