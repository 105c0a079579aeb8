package io.claviger.console.limits;

import io.claviger.console.page.Numbers;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.EffectiveLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts limits into words for viewers who may not change these limits. */
public final class LimitWords {
  private static final int NAMED = 5;

  private LimitWords() {}

  /** Returns a phrase for each restriction in these limits, and one for each budget. */
  public static List<String> of(Limits limits) {
    List<String> phrases = new ArrayList<>(ofAllButBudgets(limits.alone()));
    limits.budgets().all().forEach(budget -> phrases.add(budget(budget)));
    return List.copyOf(phrases);
  }

  /** Returns the phrases for all limits, separated by commas; a dash if nothing is limited. */
  public static String listed(Limits limits) {
    return limits.isNone() ? "–" : String.join(", ", of(limits));
  }

  /**
   * Returns the phrases for the stored limits of a service or share, separated by commas; empty if
   * nothing is limited.
   */
  public static String stored(Limits limits) {
    List<String> phrases = new ArrayList<>(of(limits));
    if (limits.storage().ofUser()) {
      phrases.add(
          "access tokens can use all objects of their user"
              + " (takes effect only in limits of access tokens)");
    }
    return String.join(", ", phrases);
  }

  /** Returns a phrase for each limit of all callers of a service together. */
  public static List<String> inAll(LimitsInAll limits, Budgets budgets) {
    return of(
        new Limits(limits.requestsPerMinute(), Optional.empty(), Optional.empty())
            .with(limits.pace())
            .with(budgets));
  }

  /** Returns a phrase for each restriction in these limits, except for budgets. */
  public static List<String> ofAllButBudgets(EffectiveLimits limits) {
    List<String> phrases = new ArrayList<>();
    limits.requestsPerMinute().ifPresent(n -> phrases.add(count(n, "request") + " a minute"));
    limits.pace().each().forEach((kind, most) -> phrases.add(pace(kind, most)));
    limits.models().ifPresent(models -> phrases.add(models(models)));
    limits.operations().ifPresent(operations -> phrases.add(operations(operations)));
    limits.maxOutputTokens().ifPresent(n -> phrases.add(count(n, "token") + " of output a call"));
    limits
        .storage()
        .kinds()
        .ifPresent(
            kinds ->
                phrases.add(
                    kinds.names().isEmpty()
                        ? "nothing stored"
                        : "only " + String.join(", ", kinds.names()) + " stored"));
    limits.storage().maxObjects().ifPresent(n -> phrases.add(count(n, "object") + " stored"));
    limits.storage().maxBytes().ifPresent(n -> phrases.add(Numbers.shown(n) + " bytes stored"));
    return List.copyOf(phrases);
  }

  private static String budget(Budget budget) {
    String particulars = BudgetWords.particulars(budget);
    return BudgetWords.of(budget) + (particulars.isEmpty() ? "" : " (" + particulars + ")");
  }

  private static String pace(PaceKind kind, int most) {
    return switch (kind) {
      case TOKENS -> count(most, "token") + " a minute";
      case INPUT_TOKENS -> count(most, "token") + " of input a minute";
      case OUTPUT_TOKENS -> count(most, "token") + " of output a minute";
      case CONCURRENT -> count(most, "call") + " at a time";
    };
  }

  private static String models(Set<ModelPattern> models) {
    return listed("only the model", models, models.stream().map(ModelPattern::value));
  }

  private static String operations(Set<Operation> operations) {
    return listed("only the operation", operations, operations.stream().map(Operation::value));
  }

  private static String listed(String what, Collection<?> all, Stream<String> names) {
    if (all.isEmpty()) {
      return "no call";
    }
    Optional<String> more =
        Optional.of(all.size() - NAMED).filter(n -> n > 0).map(n -> " and " + n + " more");
    return what
        + (all.size() == 1 ? " " : "s ")
        + names.sorted().limit(NAMED).collect(Collectors.joining(", "))
        + more.orElse("");
  }

  private static String count(int number, String what) {
    return Numbers.shown(number) + " " + what + (number == 1 ? "" : "s");
  }
}
