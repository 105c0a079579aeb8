package io.claviger.application.usage;

import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsageStore.CountedRefusals;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The lines of usage that the database refuses although it answers. They are not stored, but
 * counted and told, so that an operator can find out what is missing.
 */
final class UnstorableUsage {
  /** The most lines that are told in a {@link #SPAN}. Further ones are only counted. */
  static final int MOST_TOLD = 20;

  static final Duration SPAN = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Consumer<String> told;
  private final LongAdder all = new LongAdder();
  private Instant spanEnds = Instant.MIN;
  private int toldInSpan;

  /**
   * @param told receives a sentence about each line. It names users, services and tokens by their
   *     ids, and contains no names or models, because others choose these
   */
  UnstorableUsage(InstantSource clock, Consumer<String> told) {
    this.clock = clock;
    this.told = told;
  }

  /** The number of lines that were refused. */
  long count() {
    return all.sum();
  }

  /** Counts and tells all lines of a batch. Only one thread at a time may call this. */
  void add(UsageBatch batch, String reason) {
    batch.rows().forEach(row -> add(textOf(row), reason));
    batch.charges().forEach(charge -> add(textOf(charge), reason));
    batch.refusals().forEach(refusals -> add(textOf(refusals), reason));
  }

  private void add(String line, String reason) {
    all.increment();
    Instant now = clock.instant();
    if (!now.isBefore(spanEnds)) {
      spanEnds = now.plus(SPAN);
      toldInSpan = 0;
    }
    if (toldInSpan < MOST_TOLD) {
      toldInSpan++;
      told.accept(line + " (" + reason + ")");
    }
  }

  private static String textOf(UsageRow row) {
    UsageCounts counts = row.counts();
    return "on %s %s: %d requests, %d errors, %d refused, %d tokens of input, %d of output, %d nano-dollars"
        .formatted(
            row.day(),
            textOf(row.account()),
            counts.requests(),
            counts.errors(),
            counts.refused(),
            counts.inputTokens(),
            counts.outputTokens(),
            counts.cost().cost());
  }

  private static String textOf(UsageAccount account) {
    return "of user " + account.user().value() + " on service " + account.instance().value();
  }

  private static String textOf(AccountCharge charge) {
    return "at %s, charged to %s: %d requests, %d tokens, %d nano-dollars"
        .formatted(
            charge.quarter(),
            charge.account(),
            charge.requests(),
            charge.tokens(),
            charge.nanoDollars());
  }

  private static String textOf(CountedRefusals refusals) {
    return "on %s %s: %d calls refused with %s"
        .formatted(refusals.day(), textOf(refusals.account()), refusals.calls(), refusals.code());
  }
}
