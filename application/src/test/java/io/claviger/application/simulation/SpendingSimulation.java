package io.claviger.application.simulation;

import io.claviger.application.demands.DemandKind;
import io.claviger.application.simulation.SimulatedSpending.Scenario;
import io.claviger.domain.budgets.BudgetBound;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Uses up many budgets, and shows the results for each kind of demand. */
public final class SpendingSimulation {
  private static final int[] CALLERS = {1, 3, 8, 24};

  /** How many of the dearest calls fit into a budget for which there is a promise. */
  static final double LARGE = 200;

  /** How many budgets are simulated side by side. */
  private static final int AT_ONCE = 3;

  /** What became of the budgets of one kind of demand. */
  static final class Outcomes {
    private final List<SpentBudget> measured = new ArrayList<>();
    private final List<SpentBudget> strict = new ArrayList<>();

    List<SpentBudget> of(BudgetBound bound) {
      return bound == BudgetBound.STRICT ? strict : measured;
    }

    long calls() {
      return measured.stream().mapToLong(SpentBudget::calls).sum()
          + strict.stream().mapToLong(SpentBudget::calls).sum();
    }

    long mistaken() {
      return measured.stream().mapToLong(SpentBudget::mistaken).sum()
          + strict.stream().mapToLong(SpentBudget::mistaken).sum();
    }

    double greatestExceedance(BudgetBound bound) {
      return of(bound).stream().mapToDouble(SpentBudget::exceeded).max().orElse(0);
    }

    double earliestRefusal() {
      return measured.stream().mapToDouble(SpentBudget::usedAtFirstRefusal).min().orElse(100);
    }

    double medianRefusal() {
      return measured.stream()
          .mapToDouble(SpentBudget::usedAtFirstRefusal)
          .sorted()
          .skip(measured.size() / 2)
          .findFirst()
          .orElse(100);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,d calls; %d measured budgets: exceeded by %.3f %% at most, first refusal at %.2f %% or later (median %.2f %%);"
              + " %d strict ones: exceeded by %.3f %%; %d calls charged wrongly",
          calls(),
          measured.size(),
          greatestExceedance(BudgetBound.MEASURED),
          earliestRefusal(),
          medianRefusal(),
          strict.size(),
          greatestExceedance(BudgetBound.STRICT),
          mistaken());
    }
  }

  private SpendingSimulation() {}

  /**
   * Simulates at least so many calls.
   *
   * @param dearestCalls how many of the dearest calls fit into the smallest budget
   */
  static Map<DemandKind, Outcomes> of(long calls, long seed, double dearestCalls) {
    Map<DemandKind, Outcomes> all = new EnumMap<>(DemandKind.class);
    for (DemandKind kind : DemandKind.values()) {
      all.put(kind, of(kind, calls / DemandKind.values().length, seed, dearestCalls));
    }
    return all;
  }

  private static Outcomes of(DemandKind kind, long calls, long seed, double dearestCalls) {
    Outcomes outcomes = new Outcomes();
    for (int n = 0; outcomes.calls() < calls; n += AT_ONCE) {
      IntStream.range(n, n + AT_ONCE)
          .parallel()
          .mapToObj(number -> scenario(kind, number, seed, dearestCalls))
          .map(scenario -> Map.entry(scenario, SimulatedSpending.of(scenario, ledger -> ledger)))
          .toList()
          .forEach(one -> outcomes.of(one.getKey().bound()).add(one.getValue()));
    }
    return outcomes;
  }

  /** Every third budget is strict. While every fourth is used up, nodes are killed. */
  static Scenario scenario(DemandKind kind, int number, long seed, double dearestCalls) {
    SplittableRandom random = new SplittableRandom(seed + 1_000_003L * number + kind.ordinal());
    BudgetBound bound = number % 3 == 2 ? BudgetBound.STRICT : BudgetBound.MEASURED;
    return new Scenario(
        kind,
        bound,
        1 + random.nextInt(3),
        CALLERS[random.nextInt(CALLERS.length)],
        dearestCalls * (1 + random.nextDouble() / 2),
        random.nextInt(4) == 0,
        random.nextLong(1L << 60));
  }

  /** Arguments: how many calls, the seed, and how many of the dearest calls fit into a budget. */
  public static void main(String[] arguments) {
    long calls = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    double dearestCalls = arguments.length > 2 ? Double.parseDouble(arguments[2]) : LARGE;
    long began = System.nanoTime();
    Map<DemandKind, Outcomes> all = of(calls, seed, dearestCalls);
    double seconds = (System.nanoTime() - began) / 1e9;
    long made = all.values().stream().mapToLong(Outcomes::calls).sum();
    System.out.printf(
        Locale.ROOT, "%,d calls in %.0f s, %,.0f a second%n", made, seconds, made / seconds);
    all.forEach(
        (kind, outcomes) ->
            System.out.println(kind.name().toLowerCase(Locale.ROOT) + ": " + outcomes));
  }
}
