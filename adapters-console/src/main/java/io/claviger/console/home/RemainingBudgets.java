package io.claviger.console.home;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetReports.BudgetFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.budgetreports.BudgetLine;
import io.claviger.console.home.HomePage.HomeView;
import io.claviger.console.page.Area;
import io.claviger.console.page.Numbers;
import io.claviger.domain.instances.Instance;
import io.claviger.web.problems.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Computes how much is left of those budgets that limit a user's calls. */
final class RemainingBudgets {
  /** The maximum number of pages that are read from the list of budgets. */
  private static final int MOST_PAGES = 10;

  private static final int MOST_BARS = 3;

  private final List<BudgetLine> budgets;
  private final boolean complete;

  private RemainingBudgets(List<BudgetLine> budgets, boolean complete) {
    this.budgets = budgets;
    this.complete = complete;
  }

  static RemainingBudgets of(BudgetReports reports, Actor actor) {
    List<BudgetLine> budgets = new ArrayList<>();
    Optional<Instance.Ref> after = Optional.empty();
    for (int i = 0; i < MOST_PAGES; i++) {
      Page<BudgetReport, Instance.Ref> page =
          Problems.valueOf(
              reports.list(
                  actor, BudgetFilter.NONE, new PageRequest<>(after, PageRequest.MAX_LIMIT)));
      page.items().forEach(report -> budgets.add(BudgetLine.of(report, actor.handle())));
      after = page.next();
      if (after.isEmpty()) {
        return new RemainingBudgets(budgets, true);
      }
    }
    return new RemainingBudgets(budgets, false);
  }

  /**
   * For each service with budgets, maps the service's reference to what is left of the budget that
   * is closest to being used up.
   */
  Map<String, String> ofServices() {
    Map<String, BudgetLine> tightest = new HashMap<>();
    for (BudgetLine budget : budgets) {
      if (budget.service() != null) {
        BudgetLine unused =
            tightest.merge(
                Objects.requireNonNull(budget.service()),
                budget,
                (one, other) -> one.use().percent() >= other.use().percent() ? one : other);
      }
    }
    Map<String, String> left = new HashMap<>();
    tightest.forEach(
        (service, budget) -> left.put(service, budget.left() + " of " + budget.amount()));
    return left;
  }

  /** The budgets that are closest to being used up, at most {@value #MOST_BARS}. */
  List<BudgetLine> tightest() {
    return budgets.stream()
        .sorted(Comparator.comparingInt((BudgetLine budget) -> budget.use().percent()).reversed())
        .limit(MOST_BARS)
        .toList();
  }

  /** Tasks for the budgets that are used up or nearly used up. */
  List<HomeView.PendingTask> needs() {
    Stream<HomeView.PendingTask> more =
        complete
            ? Stream.empty()
            : Stream.of(
                new HomeView.PendingTask(
                    "You may use more than "
                        + Numbers.shown(MOST_PAGES * PageRequest.MAX_LIMIT)
                        + " services. Look there for the budgets of the others.",
                    Area.BUDGETS.path()));
    return Stream.concat(nearlyUp(), more).toList();
  }

  private Stream<HomeView.PendingTask> nearlyUp() {
    return budgets.stream()
        .filter(budget -> budget.use().isNearlyUp())
        .sorted(Comparator.comparingInt((BudgetLine budget) -> budget.use().percent()).reversed())
        .map(
            budget ->
                new HomeView.PendingTask(
                    budget.holder()
                        + ": "
                        + budget.amount()
                        + ", "
                        + budget.use().state()
                        + " ("
                        + budget.left()
                        + " left).",
                    budget.path()));
  }
}
