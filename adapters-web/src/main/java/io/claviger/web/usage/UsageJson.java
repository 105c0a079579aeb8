package io.claviger.web.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.util.Optional;

/** The usage of one account with one source of keys and one model on one day. */
record UsageJson(
    String day,
    String user,
    String service,
    Optional<String> project,
    String keySource,
    Optional<String> model,
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
    Estimated estimated) {

  /** The part that is estimated. */
  record Estimated(long requests, long inputTokens, long outputTokens) {
    static Estimated of(EstimatedUsage usage) {
      return new Estimated(usage.requests(), usage.inputTokens(), usage.outputTokens());
    }
  }

  static UsageJson of(UsageRow row) {
    UsageAccount account = row.account();
    UsageCounts counts = row.counts();
    return new UsageJson(
        row.day().toString(),
        account.handle().value(),
        account.ref().toString(),
        account.project().map(p -> p.ref().toString()),
        row.source().wireName(),
        Optional.of(row.model()).filter(UsageModel::isKnown).map(UsageModel::name),
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
        Estimated.of(counts.estimated()));
  }
}
