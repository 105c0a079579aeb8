package io.claviger.console.budgetreports;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.console.limits.BudgetWords;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A budget and its use, in the form in which pages show them. All times are in the format of ISO
 * 8601.
 *
 * @param holder the name of the user or group whose use is counted
 * @param service the service to which the budget belongs; null if the budget counts calls to all
 *     services
 * @param amount the amount of the budget, with its unit and its window
 * @param particulars the unusual settings of the budget, in words; empty if there are none
 * @param reserved the amount that is reserved for running and future calls; null if nothing is
 *     reserved
 * @param forecastAt the time at which the budget is forecast to be used up; null if the budget is
 *     used up already, or will not be used up before its window ends
 * @param earliest the earliest time at which the budget is likely to be used up, if its use becomes
 *     faster than the forecast assumes; null in the same cases as {@code forecastAt}
 * @param latest the latest time at which the budget is likely to be used up, if its use becomes
 *     slower than the forecast assumes; null if, with this slower use, the budget would not be used
 *     up before its window ends
 * @param mayExceedBy the amount by which the budget can be exceeded, in words
 * @param resetsAt the end of the budget's window; null if the window has no end
 * @param countedFrom the time at which Claviger began to count charges; null before the first
 *     charge
 * @param raises a list of the budget's raises that are in force at present
 * @param raisable whether the viewer may raise the budget
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
    @Nullable String earliest,
    @Nullable String latest,
    String mayExceedBy,
    String windowStartsAt,
    @Nullable String resetsAt,
    @Nullable String countedFrom,
    List<Raise> raises,
    boolean raisable) {
  public BudgetLine {
    raises = List.copyOf(raises);
  }

  /**
   * Orders budgets by how close they are to being used up. Budgets that are used up come first.
   * Budgets that will be used up soon at the present pace come second. The other budgets follow, in
   * the order of their used percentage.
   */
  static Comparator<BudgetLine> nearestToItsEnd() {
    return Comparator.comparing((BudgetLine line) -> line.use().percent() < 100)
        .thenComparing(line -> Objects.requireNonNullElse(line.forecastAt(), "never"))
        .thenComparingInt(line -> -line.use().percent());
  }

  /** An amount by which the budget is raised until a certain time. */
  public record Raise(String id, String amount, String until, String createdAt) {}

  /**
   * Returns a budget in the form in which a viewer sees it.
   *
   * @param viewer the user whom the words address as "you"
   */
  public static BudgetLine of(BudgetReport report, Handle viewer) {
    Budget budget = report.budget();
    BudgetUnit unit = budget.unit();
    BudgetState state = report.state();
    return new BudgetLine(
        BudgetPages.PATH + "/" + BudgetReference.of(report.account()),
        HolderWords.of(report.holder(), report.names(), viewer),
        report.names().service().map(Instance.Ref::toString).orElse(null),
        BudgetWords.of(budget),
        BudgetWords.particulars(budget),
        new BudgetUse(state.percentUsed(budget), state.percentReserved(budget)),
        BudgetWords.about(unit, state.settled()),
        state.reserved() == 0 ? null : BudgetWords.about(unit, state.reserved()),
        BudgetWords.about(unit, state.left(budget)),
        report
            .forecast()
            .at()
            .filter(at -> state.left(budget) > 0)
            .map(Object::toString)
            .orElse(null),
        report
            .forecast()
            .earliest()
            .filter(at -> state.left(budget) > 0)
            .map(Object::toString)
            .orElse(null),
        report.forecast().latest().map(Object::toString).orElse(null),
        mayExceedBy(budget, state),
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

  private static String mayExceedBy(Budget budget, BudgetState state) {
    OptionalLong amount = state.mayExceedBy(budget);
    if (amount.isEmpty()) {
      return "by as much as its most expensive call can cost";
    }
    return amount.getAsLong() == 0
        ? "not at all"
        : "by one call: " + BudgetWords.about(budget.unit(), amount.getAsLong());
  }

  /**
   * How much of a budget is used up.
   *
   * @param percent how much of the budget is used, in percent, from 0 to 100
   * @param reserved the reserved part of the budget, in percent; the sum of {@code percent} and
   *     {@code reserved} is at most 100
   */
  public record BudgetUse(int percent, int reserved) {
    private static final int NEARLY = 80;

    public boolean isNearlyUp() {
      return percent >= NEARLY;
    }

    /** Returns what the bar shows, in words. */
    public String words() {
      return "%d percent used%s"
          .formatted(percent, reserved == 0 ? "" : ", %d percent reserved".formatted(reserved));
    }

    /** Returns the CSS class that gives the bar its colour. */
    public String tone() {
      if (percent >= 100) {
        return "bad";
      }
      return isNearlyUp() ? "warn" : "plain";
    }

    /** The state of the budget in words; empty if the budget is in its usual state. */
    public String state() {
      if (percent >= 100) {
        return "used up";
      }
      return isNearlyUp() ? "nearly used up" : "";
    }
  }

  /** Describes in words whose use a budget counts. */
  private static final class HolderWords {
    private static final String GONE = "somebody who is gone";

    private HolderWords() {}

    /** Returns words such as {@code "You on alice/chat"}. */
    static String of(BudgetHolder holder, HolderNames names, Handle viewer) {
      String service = names.service().map(Object::toString).orElse("a service that is gone");
      String group = "@" + names.group().map(Handle::value).orElse("a group that is gone");
      return switch (holder.kind()) {
        case SERVICE_CALLER -> who(names.user(), viewer) + " on " + service;
        case SERVICE_GROUP -> "All members of " + group + " together on " + service;
        case SERVICE -> "All callers of " + service + " together";
        case TOKEN -> "Access token " + names.token().orElse("that is gone");
        case USER -> who(names.user(), viewer) + ", wherever the call goes";
        case GROUP_MEMBER -> who(names.user(), viewer) + " as a member of " + group;
        case GROUP_OWNER ->
            who(names.user(), viewer) + " as a member of " + group + ", on services of their own";
        case GROUP -> "All members of " + group + " together";
        case PROJECT_CALLER ->
            who(names.user(), viewer)
                + " through "
                + names.project().map(Object::toString).orElse("a project that is gone");
      };
    }

    private static String who(Optional<Handle> user, Handle viewer) {
      return user.map(handle -> handle.equals(viewer) ? "You" : handle.value()).orElse(GONE);
    }
  }
}
