package io.claviger.console.usage;

import io.claviger.domain.usage.UsageCounts;

/**
 * A line of a table of usage. Tokens and cost are told apart by whether the provider stated them or
 * they are estimated.
 *
 * @param name the day, or what was used or who used it
 * @param cost by the prices that are known; "–" if none is
 */
public record UsageLine(
    String name,
    long requests,
    long errors,
    long refused,
    long statedTokens,
    long estimatedTokens,
    String cost,
    String estimatedCost) {
  static UsageLine of(String name, UsageCounts counts) {
    long estimated = sum(counts.estimated().inputTokens(), counts.estimated().outputTokens());
    long all = sum(counts.inputTokens(), counts.outputTokens());
    boolean priced = counts.cost().priced() > 0;
    return new UsageLine(
        name,
        counts.requests(),
        counts.errors(),
        counts.refused(),
        all - estimated,
        estimated,
        priced ? Money.shown(counts.cost().cost() - counts.cost().estimated()) : "–",
        priced ? Money.shown(counts.cost().estimated()) : "–");
  }

  private static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
