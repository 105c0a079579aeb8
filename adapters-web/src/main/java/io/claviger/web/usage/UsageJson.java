package io.claviger.web.usage;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.util.Optional;

/** The usage of one account with one source of keys and one model on one day, at one price. */
record UsageJson(
    String day,
    String user,
    String service,
    Optional<String> project,
    String keySource,
    Optional<String> model,
    Optional<Long> priceVersion,
    @JsonUnwrapped UsageCountsJson counts) {

  static UsageJson of(UsageRow row) {
    UsageAccount account = row.account();
    return new UsageJson(
        row.day().toString(),
        account.handle().value(),
        account.ref().toString(),
        account.project().map(p -> p.ref().toString()),
        row.source().wireName(),
        Optional.of(row.model()).filter(UsageModel::isKnown).map(UsageModel::name),
        Optional.of(row.prices().forService()).filter(version -> version > 0),
        UsageCountsJson.of(row.counts()));
  }
}
