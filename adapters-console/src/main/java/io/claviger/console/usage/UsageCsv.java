package io.claviger.console.usage;

import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import java.util.List;

/** The columns of usage as a file. Costs are in dollars, and empty where no price is known. */
final class UsageCsv {
  private UsageCsv() {}

  static List<String> columns(UsageDimension by) {
    return List.of(
        "day",
        by.wireName(),
        "requests",
        "errors",
        "refused",
        "input_tokens",
        "output_tokens",
        "cost_usd",
        "estimated_requests",
        "estimated_input_tokens",
        "estimated_output_tokens",
        "estimated_cost_usd",
        "disputed_tokens",
        "disputed_cost_usd");
  }

  static List<String> values(UsageSum sum, UsageDimension by) {
    UsageCounts counts = sum.counts();
    boolean priced = counts.cost().priced() > 0;
    return List.of(
        sum.of().getOrDefault(UsageDimension.DAY, ""),
        sum.of().getOrDefault(by, ""),
        Long.toString(counts.requests()),
        Long.toString(counts.errors()),
        Long.toString(counts.refused()),
        Long.toString(counts.inputTokens()),
        Long.toString(counts.outputTokens()),
        priced ? Money.dollars(counts.cost().cost()).toPlainString() : "",
        Long.toString(counts.estimated().requests()),
        Long.toString(counts.estimated().inputTokens()),
        Long.toString(counts.estimated().outputTokens()),
        priced ? Money.dollars(counts.cost().estimated()).toPlainString() : "",
        Long.toString(counts.disputed().tokens()),
        priced ? Money.dollars(counts.disputed().cost()).toPlainString() : "");
  }
}
