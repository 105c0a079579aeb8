package io.claviger.web.usage;

import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import java.util.Optional;

/** The usage of one account with one source of keys on one day. */
record UsageJson(
    String day,
    String user,
    String service,
    Optional<String> project,
    String keySource,
    long requests,
    long errors,
    long bytesIn,
    long bytesOut,
    long inputTokens,
    long outputTokens,
    long refused) {

  static UsageJson of(UsageRow row) {
    UsageAccount account = row.account();
    UsageCounts counts = row.counts();
    return new UsageJson(
        row.day().toString(),
        account.handle().value(),
        account.ref().toString(),
        account.project().map(p -> p.ref().toString()),
        row.source().wireName(),
        counts.requests(),
        counts.errors(),
        counts.bytesIn(),
        counts.bytesOut(),
        counts.inputTokens(),
        counts.outputTokens(),
        counts.refused());
  }
}
