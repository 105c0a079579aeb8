package io.claviger.console.budgets;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.console.limits.BudgetWords;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.InstanceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A budget, and what was used of it, as pages show it. Times are in ISO 8601.
 *
 * @param holder whose use is counted
 * @param service the service that it belongs to; null if it holds wherever somebody calls
 * @param amount with its unit and window
 * @param particulars what is out of the ordinary about it; empty if nothing is
 * @param reserved what is reserved for calls under way and to come; null if nothing is
 * @param forecastAt when it will be used up; null if it is, or will not be before its window ends
 * @param resetsAt when its window ends; null if it never does
 * @param countedFrom the first charge that it can hold; null before its first use
 * @param raises those in force
 * @param raisable whether the viewer may raise it
 */
public record BudgetLine(
    String path,
    String holder,
    @Nullable String service,
    String amount,
    String particulars,
    BudgetUse use,
    String settled,
    @Nullable String reserved,
    String left,
    @Nullable String forecastAt,
    String windowStartsAt,
    @Nullable String resetsAt,
    @Nullable String countedFrom,
    List<Raise> raises,
    boolean raisable) {
  public BudgetLine {
    raises = List.copyOf(raises);
  }

  /** An amount that is added for a time. */
  public record Raise(String id, String amount, String until, String createdAt) {}

  /**
   * Returns a budget as its viewer sees it.
   *
   * @param viewer who is addressed as "you"
   */
  public static BudgetLine of(BudgetReport report, Handle viewer) {
    Budget budget = report.budget();
    BudgetUnit unit = budget.unit();
    BudgetState state = report.state();
    return new BudgetLine(
        BudgetPages.PATH + "/" + BudgetReference.of(report.account()),
        HolderWords.of(report.holder(), report.names(), viewer),
        report.names().service().map(InstanceRef::toString).orElse(null),
        BudgetWords.of(budget),
        BudgetWords.particulars(budget),
        new BudgetUse(state.percentUsed(budget)),
        BudgetWords.about(unit, state.settled()),
        state.reserved() == 0 ? null : BudgetWords.about(unit, state.reserved()),
        BudgetWords.about(unit, state.left(budget)),
        report.forecastAt().filter(at -> state.left(budget) > 0).map(Object::toString).orElse(null),
        state.windowStartsAt().toString(),
        state.resetsAt().map(Object::toString).orElse(null),
        state.countedFrom().map(Object::toString).orElse(null),
        state.raises().stream()
            .map(
                raise ->
                    new Raise(
                        raise.id().toString(),
                        BudgetWords.exactly(unit, raise.amount()),
                        raise.until().toString(),
                        raise.createdAt().toString()))
            .toList(),
        report.raisable());
  }
}
