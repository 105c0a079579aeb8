package io.claviger.web.usage;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.usage.ReportedUsage;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;

/** The usage of one account with one model on one day, at one price. */
record UsageJson(
    String day,
    String user,
    String service,
    Optional<String> project,
    Optional<String> keySource,
    Optional<String> model,
    Optional<Long> priceVersion,
    @JsonUnwrapped UsageCountsJson counts) {

  static UsageJson of(ReportedUsage row) {
    UsageAccount account = row.account();
    return new UsageJson(
        row.day().toString(),
        account.handle().value(),
        account.ref().toString(),
        account.project().map(p -> p.ref().toString()),
        row.source().map(KeySource::wireName),
        Optional.of(row.model()).filter(UsageModel::isKnown).map(UsageModel::name),
        Optional.of(row.prices().forService()).filter(version -> version > 0),
        UsageCountsJson.of(row.counts()));
  }
}
