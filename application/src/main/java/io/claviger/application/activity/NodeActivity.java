package io.claviger.application.activity;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.activity.port.ActivityStore.AccountActivity;
import io.claviger.application.activity.port.ActivityStore.Used;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Counts the calls that run on a node, and adds up the usage of the calls that ended within the
 * last minute. Each update counts many calls, so that the counting does not slow down individual
 * calls. This class is thread-safe.
 */
public final class NodeActivity {
  /**
   * The maximum number of accounts whose calls of the last minute are counted. For further
   * accounts, only the running calls are shown.
   */
  private static final int MOST_KNOWN = 5_000;

  /**
   * The maximum number of reported accounts. Accounts with the most running calls are reported
   * first, followed by accounts with the most ended calls.
   */
  private static final int MOST_TOLD = 500;

  private static final long PART = Duration.ofSeconds(5).toNanos();
  private static final int PARTS = 12;

  private static final Comparator<AccountActivity> BUSIEST =
      Comparator.comparingInt(AccountActivity::running)
          .thenComparingLong(each -> each.minute().calls())
          .thenComparingLong(each -> each.minute().refused())
          .reversed();

  private final UUID node = UUID.randomUUID();
  private final LongSupplier nanoTime;
  private final Map<Object, Map<UsageAccount, Integer>> running = new ConcurrentHashMap<>();
  private final Map<UsageAccount, LastMinute> ended = new LinkedHashMap<>();
  private boolean told;

  /**
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  public NodeActivity(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Replaces the numbers of running calls of a source, such as an event loop.
   *
   * @param place an object that identifies the source; the same object on every call
   * @param calls the number of running calls of each account; the map must not change afterwards
   */
  public void running(Object place, Map<UsageAccount, Integer> calls) {
    if (calls.isEmpty()) {
      running.remove(place);
    } else {
      running.put(place, calls);
    }
  }

  /** Counts calls that have just ended. */
  public void ended(Collection<UsageRow> rows) {
    long now = nanoTime.getAsLong();
    synchronized (ended) {
      for (UsageRow row : rows) {
        LastMinute minute = ended.get(row.account());
        if (minute == null && ended.size() < MOST_KNOWN) {
          minute = new LastMinute();
          ended.put(row.account(), minute);
        }
        if (minute != null) {
          minute.add(now, row.counts());
        }
      }
    }
  }

  /**
   * If somebody is watching, stores which calls run on this node. A thread calls this method every
   * second. If there is nothing to report, the database is not queried.
   */
  public void report(ActivityStore store) {
    List<AccountActivity> all = all();
    if (all.isEmpty() && !told) {
      return;
    }
    boolean watched = store.isWatched();
    if (watched) {
      store.report(node, all);
    }
    told = watched && !all.isEmpty();
  }

  private List<AccountActivity> all() {
    Map<UsageAccount, Integer> calls = new HashMap<>();
    running.values().forEach(each -> each.forEach((of, n) -> calls.merge(of, n, Integer::sum)));
    Map<UsageAccount, Used> minutes = new HashMap<>();
    long now = nanoTime.getAsLong();
    synchronized (ended) {
      ended.values().removeIf(minute -> !minute.isRecent(now));
      ended.forEach((of, minute) -> minutes.put(of, minute.used(now)));
    }
    return Stream.concat(calls.keySet().stream(), minutes.keySet().stream())
        .distinct()
        .map(
            of ->
                new AccountActivity(
                    of,
                    calls.getOrDefault(of, 0),
                    minutes.getOrDefault(of, new Used(0, 0, 0, 0, Optional.empty()))))
        .sorted(BUSIEST)
        .limit(MOST_TOLD)
        .toList();
  }

  /**
   * The usage of an account's calls that ended within the last minute, added up for intervals of
   * five seconds.
   */
  private static final class LastMinute {
    private final long[] times = new long[PARTS];
    private final UsageCounts[] counts = new UsageCounts[PARTS];

    private LastMinute() {
      Arrays.fill(counts, UsageCounts.NONE);
      Arrays.fill(times, Long.MIN_VALUE / 2);
    }

    void add(long now, UsageCounts more) {
      long time = Math.floorDiv(now, PART);
      int at = Math.floorMod(time, PARTS);
      counts[at] = times[at] == time ? counts[at].plus(more) : more;
      times[at] = time;
    }

    boolean isRecent(long now) {
      long time = Math.floorDiv(now, PART);
      return Arrays.stream(times).anyMatch(each -> time - each < PARTS);
    }

    Used used(long now) {
      long time = Math.floorDiv(now, PART);
      UsageCounts sum = UsageCounts.NONE;
      for (int at = 0; at < PARTS; at++) {
        sum = time - times[at] < PARTS ? sum.plus(counts[at]) : sum;
      }
      return new Used(
          sum.requests(),
          sum.refused(),
          sum.inputTokens(),
          sum.outputTokens(),
          sum.cost().priced() == 0 ? Optional.empty() : Optional.of(sum.cost().cost()));
    }
  }
}
