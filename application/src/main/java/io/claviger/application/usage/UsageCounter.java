package io.claviger.application.usage;

import io.claviger.application.usage.out.UsageBooks;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.Account;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what calls use, in memory, and writes it down in batches. What was counted since the last
 * {@link #flush} is lost when the process is killed, and only that.
 */
public final class UsageCounter {
  /** While the database is away lines wait for it; of new ones beyond these nothing is kept. */
  private static final int MOST_WAITING = 100_000;

  private static final int BATCH = 1_000;

  private final UsageBooks books;
  private final InstantSource clock;
  private final Map<Line, UsageCounts> counted = new ConcurrentHashMap<>();

  private record Line(LocalDate day, Account account, KeySource source) {}

  UsageCounter(UsageBooks books, InstantSource clock) {
    this.books = books;
    this.clock = clock;
  }

  /** Never blocks. */
  public void count(Account account, KeySource source, UsageCounts counts) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Line line = new Line(today, account, source);
    if (counted.size() < MOST_WAITING || counted.containsKey(line)) {
      add(line, counts);
    }
  }

  /**
   * Writes down what was counted. What can't be written now stays for the next time.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database is away
   */
  public void flush() {
    List<Line> lines = List.copyOf(counted.keySet());
    for (int from = 0; from < lines.size(); from += BATCH) {
      write(lines.subList(from, Math.min(lines.size(), from + BATCH)));
    }
  }

  private void write(List<Line> lines) {
    List<UsageRow> rows = new ArrayList<>(lines.size());
    for (Line line : lines) {
      UsageCounts counts = counted.remove(line);
      if (counts != null) {
        rows.add(new UsageRow(line.day(), line.account(), line.source(), counts));
      }
    }
    boolean written = false;
    try {
      books.add(rows);
      written = true;
    } finally {
      if (!written) {
        rows.forEach(r -> add(new Line(r.day(), r.account(), r.source()), r.counts()));
      }
    }
  }

  private void add(Line line, UsageCounts counts) {
    UsageCounts unused = counted.merge(line, counts, UsageCounts::plus);
  }
}
