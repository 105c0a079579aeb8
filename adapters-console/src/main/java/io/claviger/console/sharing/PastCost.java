package io.claviger.console.sharing;

import io.claviger.application.shared.Actor;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.console.page.Numbers;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes the cost of a service's calls in the last 30 days, so that a lender can choose a
 * budget.
 */
final class PastCost {
  private static final int DAYS = 30;
  private static final int NANO_DIGITS = 9;

  /**
   * The maximum number of callers whose costs are compared with the budget. Only the callers with
   * the highest costs are compared.
   */
  private static final int COMPARED = 25;

  private static final Set<BudgetWindow> COMPARABLE =
      EnumSet.of(BudgetWindow.MONTH, BudgetWindow.TOTAL);

  private final UsageReports reports;

  PastCost(UsageReports reports) {
    this.reports = reports;
  }

  /**
   * Returns one or two sentences about the cost; null if nobody used the service, or if the
   * database takes too long to answer. The actor must be permitted to see the usage of all callers.
   *
   * @param to the receiver of the loan; empty if the form does not name one yet
   * @param budgets the budgets of the loan; the first monthly budget in dollars is compared with
   *     the cost
   */
  @Nullable String of(
      Actor actor,
      Instance.Ref service,
      Optional<GranteeName> to,
      List<Budget> budgets,
      LocalDate today) {
    Optional<Handle> person = to.filter(name -> !name.isGroup()).map(GranteeName::handle);
    if (person.isPresent()) {
      UsageCounts own = read(actor, service, person, today).sum();
      if (own.requests() > 0) {
        return "In the last 30 days, %s.%s"
            .formatted(spent(person.get().value(), own), compared(own, monthly(budgets)));
      }
    }
    UsageOverview all = read(actor, service, Optional.empty(), today);
    return all.sum().requests() == 0 ? null : ofCallers(all, monthly(budgets));
  }

  private static String ofCallers(UsageOverview all, Optional<Budget> budget) {
    UsageCounts sum = all.sum();
    UsageCounts most = all.most().getFirst().sum();
    String words =
        all.things() == 1
            ? "In the last 30 days, %s.".formatted(spent("its only caller", sum))
            : "In the last 30 days, %s%s."
                .formatted(
                    spent("its %s callers".formatted(Numbers.shown(all.things())), sum),
                    each(sum, most, all.things()));
    return words + budget.map(given -> exceeding(all, given)).orElse("");
  }

  private static String each(UsageCounts sum, UsageCounts most, long callers) {
    return isPriced(sum)
        ? ": %s each on average, and %s at most"
            .formatted(
                Numbers.dollars(
                    cost(sum).divide(BigDecimal.valueOf(callers), NANO_DIGITS, RoundingMode.UP)),
                Numbers.dollars(cost(most)))
        : "";
  }

  private static String exceeding(UsageOverview all, Budget budget) {
    long over =
        all.most().stream().filter(each -> each.sum().cost().cost() > budget.amount()).count();
    if (!isPriced(all.sum()) || all.things() == 1) {
      return compared(all.sum(), Optional.of(budget));
    }
    if (over == 0) {
      return " None of them would have used up this budget.";
    }
    return over == COMPARED
        ? " %d or more of them would have used up this budget.".formatted(over)
        : " %d of them would have used up this budget.".formatted(over);
  }

  private static String compared(UsageCounts counts, Optional<Budget> budget) {
    if (budget.isEmpty() || !isPriced(counts)) {
      return "";
    }
    return counts.cost().cost() > budget.get().amount()
        ? " This budget would have been used up."
        : " This budget would have been enough.";
  }

  private static Optional<Budget> monthly(List<Budget> budgets) {
    return budgets.stream()
        .filter(budget -> budget.unit() == BudgetUnit.USD)
        .filter(budget -> COMPARABLE.contains(budget.window()))
        .findFirst();
  }

  private static String spent(String who, UsageCounts counts) {
    String requests =
        Numbers.shown(counts.requests()) + (counts.requests() == 1 ? " request" : " requests");
    return isPriced(counts)
        ? "the calls of %s cost %s (%s)".formatted(who, Numbers.dollars(cost(counts)), requests)
        : "%s made %s".formatted(who, requests);
  }

  private static boolean isPriced(UsageCounts counts) {
    return counts.cost().priced() > 0;
  }

  private static BigDecimal cost(UsageCounts counts) {
    return BigDecimal.valueOf(counts.cost().cost(), NANO_DIGITS);
  }

  private UsageOverview read(
      Actor actor, Instance.Ref service, Optional<Handle> person, LocalDate today) {
    UsageFilter filter =
        new UsageFilter(
            Optional.of(service),
            person,
            Optional.empty(),
            Optional.of(today.minusDays(DAYS - 1L)),
            Optional.of(today));
    return reports
        .overview(
            actor,
            new UsageQuestion(filter, UsageDimension.USER, UsageMeasure.COST, false, COMPARED))
        .asOptional()
        .orElse(UsageOverview.NOTHING);
  }
}
