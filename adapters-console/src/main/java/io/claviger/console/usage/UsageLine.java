package io.claviger.console.usage;

import io.claviger.console.page.Numbers;
import io.claviger.domain.usage.UsageCounts;

/**
 * A line of a table of usage, in words. Tokens and cost that the provider stated are separate from
 * those that are estimated; what is disputed is in neither.
 *
 * @param name the day or month, or what was used or who used it
 * @param cost by the prices that are known; "–" if none is
 */
public record UsageLine(
    String name,
    String requests,
    String errors,
    String refused,
    String statedTokens,
    String estimatedTokens,
    String cost,
    String estimatedCost,
    String disputedTokens,
    String disputedCost) {
  static UsageLine of(String name, UsageCounts counts) {
    return rest(name, counts, UsageCounts.NONE);
  }

  /**
   * A sum without a part of it. Nothing gets negative, although usage may have been added to the
   * part since the sum was read.
   */
  static UsageLine rest(String name, UsageCounts all, UsageCounts part) {
    long estimated = less(estimated(all), estimated(part));
    boolean priced = all.cost().priced() > part.cost().priced();
    return new UsageLine(
        name,
        Numbers.shown(less(all.requests(), part.requests())),
        Numbers.shown(less(all.errors(), part.errors())),
        Numbers.shown(less(all.refused(), part.refused())),
        Numbers.shown(less(less(tokens(all), tokens(part)), estimated)),
        Numbers.shown(estimated),
        priced ? Money.shown(less(stated(all), stated(part))) : "–",
        priced ? Money.shown(less(all.cost().estimated(), part.cost().estimated())) : "–",
        Numbers.shown(less(all.disputed().tokens(), part.disputed().tokens())),
        priced ? Money.shown(less(all.disputed().cost(), part.disputed().cost())) : "–");
  }

  private static long stated(UsageCounts counts) {
    return counts.cost().cost() - counts.cost().estimated();
  }

  private static long estimated(UsageCounts counts) {
    return sum(counts.estimated().inputTokens(), counts.estimated().outputTokens());
  }

  private static long tokens(UsageCounts counts) {
    return sum(counts.inputTokens(), counts.outputTokens());
  }

  private static long less(long all, long part) {
    return Math.max(0, all - part);
  }

  private static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
