package io.claviger.web.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.usage.UsageCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The amounts that calls used, as the API shows them. Costs are in dollars. If no call had a price,
 * the cost is null.
 */
record UsageCountsJson(
    long requests,
    long errors,
    long bytesIn,
    long bytesOut,
    long inputTokens,
    long outputTokens,
    long refused,
    long freshInput,
    long cachedInput,
    @JsonProperty("cache_write_5m") long cacheWrite5m,
    @JsonProperty("cache_write_1h") long cacheWrite1h,
    long reasoning,
    long audio,
    long imageTokens,
    long images,
    Optional<String> cost,
    long unpricedRequests,
    Estimated estimated,
    Disputed disputed,
    Stored stored,
    Map<String, Fee> fees) {

  /** The part of the usage that the gateway estimated. */
  record Estimated(long requests, long inputTokens, long outputTokens, Optional<String> cost) {}

  /** Usage that providers stated in excess of the usage that Claviger counted. */
  record Disputed(long requests, long tokens, Optional<String> cost) {}

  /**
   * The storage that calls occupied at providers. Storage in an account that nobody else uses is
   * not counted.
   */
  record Stored(long objects, long bytes) {}

  /** The number of uses of something with a fee, in the unit of the fee. */
  record Fee(long uses, Optional<String> cost) {}

  static UsageCountsJson of(UsageCounts counts) {
    return new UsageCountsJson(
        counts.requests(),
        counts.errors(),
        counts.bytesIn(),
        counts.bytesOut(),
        counts.inputTokens(),
        counts.outputTokens(),
        counts.refused(),
        counts.freshInput(),
        counts.parts().cachedInput(),
        counts.parts().cacheWrite5m(),
        counts.parts().cacheWrite1h(),
        counts.parts().reasoning(),
        counts.parts().audio(),
        counts.parts().imageTokens(),
        counts.parts().images(),
        dollars(counts, counts.cost().cost()),
        counts.unpricedRequests(),
        new Estimated(
            counts.estimated().requests(),
            counts.estimated().inputTokens(),
            counts.estimated().outputTokens(),
            dollars(counts, counts.cost().estimated())),
        new Disputed(
            counts.disputed().requests(),
            counts.disputed().tokens(),
            dollars(counts, counts.disputed().cost())),
        new Stored(counts.stored().objects(), counts.stored().bytes()),
        fees(counts));
  }

  private static Map<String, Fee> fees(UsageCounts counts) {
    Map<String, Fee> fees = new LinkedHashMap<>();
    counts
        .fees()
        .of()
        .forEach(
            (kind, fee) ->
                fees.put(kind.wireName(), new Fee(fee.uses(), dollars(counts, fee.cost()))));
    return fees;
  }

  private static Optional<String> dollars(UsageCounts counts, long nano) {
    return counts.cost().priced() == 0 ? Optional.empty() : Optional.of(BudgetUnit.USD.text(nano));
  }
}
