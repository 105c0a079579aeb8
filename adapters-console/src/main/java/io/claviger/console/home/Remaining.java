package io.claviger.console.home;

import io.claviger.application.UseCases;
import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports.Filter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.budgets.BudgetLine;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.problems.Problems;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is left of the budgets that bound somebody's calls of the first services. */
final class Remaining {
  private final List<BudgetLine> budgets;

  private Remaining(List<BudgetLine> budgets) {
    this.budgets = budgets;
  }

  static Remaining of(UseCases useCases, Actor actor) {
    List<BudgetReport> reports =
        Problems.valueOf(
                useCases
                    .budgetReports()
                    .list(
                        actor,
                        Filter.NONE,
                        new PageRequest<InstanceRef>(Optional.empty(), PageRequest.DEFAULT_LIMIT)))
            .items();
    return new Remaining(
        reports.stream().map(report -> BudgetLine.of(report, actor.handle())).toList());
  }

  /** What is left of each service that has budgets: of the one that is used up most. */
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

  /** The budgets that are used up, or nearly so. */
  List<HomeModel.Need> needs() {
    return budgets.stream()
        .filter(budget -> budget.use().isNearlyUp())
        .sorted(Comparator.comparingInt((BudgetLine budget) -> budget.use().percent()).reversed())
        .map(
            budget ->
                new HomeModel.Need(
                    budget.holder()
                        + ": "
                        + budget.amount()
                        + ", "
                        + budget.use().state()
                        + " ("
                        + budget.left()
                        + " left).",
                    budget.path()))
        .toList();
  }
}
