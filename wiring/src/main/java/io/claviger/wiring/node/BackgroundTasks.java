package io.claviger.wiring.node;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.identity.SignIn;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.rejectedkeys.KeyVerdicts;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.RefusedChanges;
import io.claviger.application.transfers.TransferUpkeep;
import io.claviger.application.usage.UsageCounter;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.webhooks.WebhookDelivery;
import io.claviger.wiring.NodeContext;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic tasks of a node. They read which rows were changed, store usage, rejected keys,
 * tokens and changes, lease permits in advance or return them, and remove what has expired.
 */
final class BackgroundTasks {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundTasks.class);

  /**
   * The interval between two readings of changes. It is several times shorter than the time for
   * which cached rows count as current, so that one reading may be slow.
   */
  private static final long LOOK_MILLIS = 20;

  /** The interval while readings are slow. Two readings still fit into that time. */
  private static final long LOOK_SOON_MILLIS = 12;

  private static final long SLOW_NANOS = 4_000_000;

  private static final long IDLE_MILLIS = 100;
  private static final long FLUSH_MILLIS = 400;
  private static final long RENEW_MILLIS = 150;
  private static final long REMOVE_MILLIS = 60_000;

  /** So many past days are summed up a minute: two years within a quarter of an hour. */
  private static final int DAYS_AT_ONCE = 50;

  private static final Duration MOST_FOR_THE_END = Duration.ofSeconds(5);

  private final AuthorizationCache cache;
  private final UsageCounter usage;
  private final RateLimiter permits;
  private final RejectedTokens rejected;
  private final RefusedChanges refused;
  private final KeyVerdicts keys;
  private final TaskSteps removals;
  private final TaskSteps flushes;
  private final TransferUpkeep transfers;
  private final BudgetUpkeep budgets;
  private final PeriodicTask looking;
  private final PeriodicTask flushing;
  private final PeriodicTask renewing;
  private final PeriodicTask removing;
  private volatile boolean ending;

  private BackgroundTasks(NodeContext context) {
    TaskRecords records = context.get(TaskRecords.class);
    this.cache = context.get(AuthorizationCache.class);
    this.usage = context.get(UsageCounter.class);
    this.permits = context.get(RateLimiter.class);
    this.rejected = context.get(RejectedTokens.class);
    this.refused = context.get(RefusedChanges.class);
    this.keys = context.get(KeyVerdicts.class);
    this.transfers = context.get(TransferUpkeep.class);
    this.removals = removals(context);
    this.flushes =
        new TaskSteps(records, System::nanoTime)
            .then("usage", usage::flush)
            .then("rejected-keys", keys::flush)
            .then("unused-permits", permits::sweep)
            .then("rejected-tokens", this::flushRejectedTokens)
            .then("refused-changes", this::flushRefusedChanges)
            .then("transfers", this::endTransfers);
    this.budgets = BudgetUpkeep.start(context.get(BudgetReservations.class), records);
    this.looking = PeriodicTask.start("upkeep-changes", records, this::look);
    this.flushing = PeriodicTask.start("upkeep-usage", records, this::flush);
    this.renewing = PeriodicTask.start("upkeep-permits", records, this::renew);
    this.removing = PeriodicTask.start("upkeep-expired", records, this::remove);
  }

  static BackgroundTasks start(NodeContext context) {
    return new BackgroundTasks(context);
  }

  private static TaskSteps removals(NodeContext context) {
    return new TaskSteps(context.get(TaskRecords.class), System::nanoTime)
        .then("expired-devices", context.get(DeviceGrants.class)::removeExpired)
        .then("ended-sessions", context.get(Sessions.class)::removeEnded)
        .then("old-budgets", context.get(BudgetReservations.class)::removeOld)
        .then("expired-links", context.get(SignInLinks.class)::removeExpired)
        .then("old-requests", context.get(BorrowRequests.class)::removeOld)
        .then("expired-messages", context.get(WebhookDelivery.class)::removeExpired)
        .then("ended-prices", () -> context.get(ServicePrices.class).removeEnded(Instant.now()))
        .then("replaced-keys", context.get(RejectedKeyStore.class)::removeReplaced)
        .then("old-charges", context.get(UsageStore.class)::removeOldCharges)
        .then("usage-sums", () -> context.get(UsageStore.class).rollUp(DAYS_AT_ONCE))
        .then(
            "abandoned-sign-ins", () -> context.all(SignIn.class).forEach(SignIn::removeAbandoned));
  }

  /**
   * Stops the tasks, after the last call has ended. Stores the remaining usage and refusals unless
   * the database does not answer.
   */
  void stop() {
    ending = true;
    looking.askToStop();
    flushing.askToStop();
    renewing.askToStop();
    removing.askToStop();
    budgets.askToStop();
    if (!flushing.join(MOST_FOR_THE_END)
        || !looking.join(MOST_FOR_THE_END)
        || !renewing.join(MOST_FOR_THE_END)
        || !removing.join(MOST_FOR_THE_END)
        || !budgets.join(MOST_FOR_THE_END)) {
      LOG.warn("the database does not answer; the most recent usage and refusals are not stored");
    }
  }

  private long look() {
    if (!cache.isWanted()) {
      return IDLE_MILLIS;
    }
    long began = System.nanoTime();
    cache.refresh();
    return System.nanoTime() - began < SLOW_NANOS ? LOOK_MILLIS : LOOK_SOON_MILLIS;
  }

  private long renew() {
    if (!ending) {
      permits.renew();
    }
    return RENEW_MILLIS;
  }

  private long remove() {
    if (!ending) {
      removals.run();
    }
    return REMOVE_MILLIS;
  }

  private long flush() {
    if (ending) {
      flushes.runAll();
    } else {
      flushes.run();
    }
    return FLUSH_MILLIS;
  }

  private void flushRejectedTokens() {
    if (ending) {
      rejected.settle(Instant.now());
    } else {
      rejected.flush(Instant.now());
    }
  }

  private void flushRefusedChanges() {
    if (ending) {
      refused.settle(Instant.now());
    } else {
      refused.flush(Instant.now());
    }
  }

  private void endTransfers() {
    if (!ending) {
      transfers.runIfDue(Instant.now());
    }
  }
}
