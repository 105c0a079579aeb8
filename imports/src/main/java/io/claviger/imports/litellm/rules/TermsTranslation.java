package io.claviger.imports.litellm.rules;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Translates limits. If a limit can't be translated, the import reports it, and nobody may use more
 * than before.
 */
final class TermsTranslation {
  private static final int MOST_REQUESTS = 1_000_000;

  private TermsTranslation() {}

  /** The reasons why limits can't be translated, or have another meaning after the translation. */
  public enum Remark {
    /** A limit is 0 or less, so no calls are allowed. */
    NOTHING_ALLOWED,
    /**
     * LiteLLM resets the budget at an interval that none of Claviger's windows has, so the budget
     * never resets in Claviger; or LiteLLM resets the budget next at another time than Claviger:
     * older releases count the interval from the creation of the budget.
     */
    RESET_DIFFERS
  }

  /**
   * The limits that the import sets in Claviger.
   *
   * @param spent the amount that was already spent from the budget, in nano-dollars
   */
  public record Translated(Limits limits, long spent, Set<Remark> remarks) {
    public boolean isUsable() {
      return !remarks.contains(Remark.NOTHING_ALLOWED);
    }
  }

  /**
   * @param models the only models that may be called; empty if all models may be called
   * @param zone the time zone in which LiteLLM resets budgets
   */
  public static Translated translate(
      OldTerms terms, Optional<Set<ModelPattern>> models, BudgetZone zone, Instant now) {
    Set<Remark> remarks = EnumSet.noneOf(Remark.class);
    Map<PaceKind, Integer> pace = new EnumMap<>(PaceKind.class);
    count(terms.tokensPerMinute(), PaceKind.TOKENS.most(), remarks)
        .ifPresent(n -> pace.put(PaceKind.TOKENS, n));
    count(terms.atATime(), PaceKind.CONCURRENT.most(), remarks)
        .ifPresent(n -> pace.put(PaceKind.CONCURRENT, n));
    Optional<Integer> requests = count(terms.requestsPerMinute(), MOST_REQUESTS, remarks);
    Optional<Budget> budget = budget(terms, zone, now, remarks);
    Limits limits =
        new Limits(requests, models, Optional.empty())
            .with(budget.map(b -> new Budgets(List.of(b))).orElse(Budgets.NONE))
            .with(new PaceTerms(pace));
    return new Translated(limits, budget.isEmpty() ? 0 : spent(terms, now), Set.copyOf(remarks));
  }

  /** Returns a limit. A limit that is too large becomes Claviger's maximum. */
  private static Optional<Integer> count(Optional<Long> limit, int most, Set<Remark> remarks) {
    if (limit.filter(n -> n < 1).isPresent()) {
      boolean unused = remarks.add(Remark.NOTHING_ALLOWED);
      return Optional.empty();
    }
    return limit.map(n -> (int) Math.min(n, most));
  }

  private static Optional<Budget> budget(
      OldTerms terms, BudgetZone zone, Instant now, Set<Remark> remarks) {
    if (terms.budget().isEmpty()) {
      return Optional.empty();
    }
    BigDecimal dollars = terms.budget().get();
    if (dollars.signum() <= 0) {
      boolean unused = remarks.add(Remark.NOTHING_ALLOWED);
      return Optional.empty();
    }
    SpendWindow window = SpendWindow.of(terms.duration());
    if (!window.exact() || resetsAtAnotherTime(terms, window.window(), zone, now)) {
      boolean unused = remarks.add(Remark.RESET_DIFFERS);
    }
    return Optional.of(
        new Budget(
            Math.max(1, nanoDollars(dollars, RoundingMode.FLOOR)),
            BudgetUnit.USD,
            window.window(),
            zone,
            BudgetBound.MEASURED,
            // Calls of models without a price cost nothing in LiteLLM.
            true));
  }

  /**
   * Whether a budget's next reset in LiteLLM is not at the end of Claviger's present window. The
   * result is false if the reset is due already, or if LiteLLM states no time.
   */
  private static boolean resetsAtAnotherTime(
      OldTerms terms, BudgetWindow window, BudgetZone zone, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, zone.zoneId());
    Optional<LocalDate> next =
        switch (window) {
          case DAY -> Optional.of(today.plusDays(1));
          case WEEK -> Optional.of(today.with(TemporalAdjusters.next(DayOfWeek.MONDAY)));
          case MONTH -> Optional.of(today.with(TemporalAdjusters.firstDayOfNextMonth()));
          case TOTAL -> Optional.empty();
        };
    return next.isPresent()
        && terms
            .resetsAt()
            .filter(now::isBefore)
            .filter(at -> !at.equals(next.get().atStartOfDay(zone.zoneId()).toInstant()))
            .isPresent();
  }

  /**
   * Returns the amount that was already spent from the budget, in nano-dollars; 0 if LiteLLM has
   * not made a due reset yet.
   */
  private static long spent(OldTerms terms, Instant now) {
    boolean due = terms.resetsAt().filter(at -> !at.isAfter(now)).isPresent();
    return terms.spent().signum() <= 0 || (due && terms.duration().isPresent())
        ? 0
        : nanoDollars(terms.spent(), RoundingMode.CEILING);
  }

  private static long nanoDollars(BigDecimal dollars, RoundingMode rounding) {
    BigDecimal most = BigDecimal.valueOf(BudgetUnit.USD.most(), 9);
    return dollars.min(most).movePointRight(9).setScale(0, rounding).longValueExact();
  }
}
