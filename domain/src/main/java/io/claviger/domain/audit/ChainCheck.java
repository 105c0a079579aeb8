package io.claviger.domain.audit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the chain of the audit trail, link by link in the order of the links' numbers. The check
 * can handle any number of links, because it keeps only the last link and a few numbers for each
 * month in memory.
 *
 * <p>If the check is given a head (a signed link), it finds every changed, removed, inserted or
 * moved event before this head.
 */
public final class ChainCheck {
  /** The maximum number of findings that are kept. Further findings are only counted. */
  public static final int MOST_FINDINGS = 100;

  private static final String BEFORE = "before ";

  /**
   * The maximum time by which a recording node's clock may be ahead of the checking node's clock.
   */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** A fault of the chain, with the number of the faulty link; 0 if the fault concerns no link. */
  public record Finding(long number, String what) {}

  /**
   * The result of a check.
   *
   * @param events the number of events that were found unchanged
   * @param removed the number of events that have a link but no longer exist, because their whole
   *     month was removed
   * @param unsealed the number of events that had no link yet
   * @param unsigned the number of unchanged events that come after the link of the newest head
   * @param head the newest head that is signed and has the same hash as its link; empty if there is
   *     none
   * @param last the last link
   * @param uncompared the heads that were not compared with links, because their links might be
   *     outside of the exported span
   * @param findings the first {@link #MOST_FINDINGS} findings
   * @param found the number of all findings
   */
  public record Result(
      long events,
      long removed,
      long unsealed,
      long unsigned,
      Optional<ChainHead> head,
      Optional<ChainLink> last,
      List<ChainHead> uncompared,
      List<Finding> findings,
      long found) {
    public boolean isIntact() {
      return found == 0;
    }
  }

  /** The state of the event that belongs to a link: missing, unchanged or changed. */
  private enum EventState {
    ABSENT,
    AS_SEALED,
    CHANGED
  }

  /**
   * A link and its event after their hashes have been computed. Computing the hashes takes nearly
   * all the time of a check. The hashes of different links can be computed in any order and in
   * several threads.
   */
  public static final class Hashed {
    private final ChainLink link;
    private final boolean intact;
    private final EventState state;
    private final Optional<YearMonth> month;
    private final Optional<Instant> removedBefore;

    private Hashed(
        ChainLink link,
        boolean intact,
        EventState state,
        Optional<YearMonth> month,
        Optional<Instant> removedBefore) {
      this.link = link;
      this.intact = intact;
      this.state = state;
      this.month = month;
      this.removedBefore = removedBefore;
    }

    /**
     * @param event the stored event whose id the link states; empty if there is no such event
     */
    public static Hashed of(ChainLink link, Optional<EventTexts> event) {
      EventState state =
          event.isEmpty()
              ? EventState.ABSENT
              : link.isOf(event.get()) ? EventState.AS_SEALED : EventState.CHANGED;
      return new Hashed(
          link,
          link.isIntact(),
          state,
          monthOf(link.at()),
          state == EventState.AS_SEALED
              ? event.flatMap(ChainCheck::monthsRemovedBy)
              : Optional.empty());
    }

    private ChainLink link() {
      return link;
    }

    private boolean intact() {
      return intact;
    }

    private EventState state() {
      return state;
    }

    private Optional<YearMonth> month() {
      return month;
    }

    private Optional<Instant> removedBefore() {
      return removedBefore;
    }
  }

  /**
   * A month of which some events are stored and others are missing.
   *
   * @param missing the number of a missing event's link
   * @param there the number of a stored event's link
   */
  private record PartlyRemoved(long missing, long there) {}

  private final Map<Long, List<ChainHead>> heads = new HashMap<>();
  private final Optional<Instant> since;
  private final Optional<Instant> until;
  private final List<Finding> findings = new ArrayList<>();
  private long found;
  private long events;
  private long removed;
  private long unsealed;
  private boolean lastLineIsUnsealed;
  private long unsigned;
  private @Nullable ChainHead newestHead;
  private long first;
  private @Nullable ChainLink last;
  private @Nullable ChainLink newestRemoved;
  private Instant removedBefore = Instant.MIN;
  private final Map<YearMonth, Long> there = new HashMap<>();
  private final Map<YearMonth, Long> missing = new HashMap<>();
  private final Map<YearMonth, PartlyRemoved> partlyRemoved = new TreeMap<>();

  /**
   * @param heads the heads to compare with the links that have the same numbers
   * @param since the beginning of the checked span; empty if the links begin with the first link of
   *     the trail. Events before this time may be missing as long as their links exist. Heads may
   *     belong to links before this time
   * @param until the end of the checked span; empty if the span has no end. From this time on,
   *     events may be missing as long as their links exist. A head may belong to a link after the
   *     span
   */
  public ChainCheck(List<ChainHead> heads, Optional<Instant> since, Optional<Instant> until) {
    for (ChainHead head : heads) {
      this.heads.computeIfAbsent(head.number(), n -> new ArrayList<>()).add(head);
      if (!head.isSigned()) {
        report(head.number(), "the head of this link is not signed by the key that it names");
      }
    }
    this.since = since;
    this.until = until;
  }

  /**
   * Checks the next link.
   *
   * @param event the stored event whose id the link states; empty if there is no such event
   */
  public void add(ChainLink link, Optional<EventTexts> event) {
    add(Hashed.of(link, event));
  }

  /** Checks the next link, whose hashes have already been computed. */
  public void add(Hashed hashed) {
    ChainLink link = hashed.link();
    checkPlace(link);
    if (lastLineIsUnsealed) {
      report(
          link.number(),
          "an event without a number comes before this link: it was inserted or moved");
      lastLineIsUnsealed = false;
    }
    if (!hashed.intact()) {
      report(link.number(), "the event or its link was changed");
    }
    Optional<ChainHead> fitting = Optional.empty();
    for (ChainHead head : heads.getOrDefault(link.number(), List.of())) {
      if (!head.hash().equals(link.hash())) {
        report(link.number(), "the head has another hash: this link or an earlier one was changed");
      } else if (head.isSigned()) {
        fitting = Optional.of(head);
      }
    }
    Optional<Instant> removal = hashed.removedBefore().filter(end -> !isFromFuture(link));
    heads.remove(link.number());
    switch (hashed.state()) {
      case ABSENT -> addAbsent(hashed);
      case AS_SEALED -> {
        // A file does not contain the hash of the event's content, so a changed event makes the
        // link's hash wrong.
        if (hashed.intact()) {
          events++;
          unsigned++;
        }
        compareWithMonth(hashed, there, missing);
        removal.ifPresent(this::extendRemoved);
      }
      case CHANGED -> report(link.number(), "the event was changed");
    }
    if (fitting.isPresent()) {
      newestHead = fitting.get();
      unsigned = 0;
    }
    last = link;
  }

  /**
   * Whether an event states a false time: a head proves that the event was already in the chain
   * before this time. Without this check, the database's owner could record the removal of months
   * in advance, and later remove single events of these months.
   */
  private boolean isFromFuture(ChainLink link) {
    Instant latest = link.at().minus(AHEAD);
    return heads.values().stream()
        .flatMap(List::stream)
        .anyMatch(head -> head.number() >= link.number() && head.at().isBefore(latest));
  }

  private void checkPlace(ChainLink link) {
    ChainLink before = last;
    if (before == null) {
      first = link.number();
      if (link.number() != 1 && since.isEmpty()) {
        report(1, "the link is missing");
      } else if (link.number() == 1 && !link.previousHash().equals(ChainLink.BEGINNING)) {
        report(1, "the first link refers to a previous link");
      }
    } else if (link.number() != before.number() + 1) {
      report(before.number() + 1, "the link is missing");
    } else if (!link.previousHash().equals(before.hash())) {
      report(link.number(), "the link does not follow the previous link");
    }
  }

  private void addAbsent(Hashed hashed) {
    ChainLink link = hashed.link();
    boolean outside =
        since.filter(link.at()::isBefore).isPresent()
            || until.filter(end -> !link.at().isBefore(end)).isPresent();
    if (outside) {
      return;
    }
    removed++;
    ChainLink newest = newestRemoved;
    if (newest == null || newest.at().isBefore(link.at())) {
      newestRemoved = link;
    }
    compareWithMonth(hashed, missing, there);
  }

  /**
   * Records whether the month of an event has both stored and missing events. Because months are
   * removed as a whole, this must not happen: either all events of a month are stored or none,
   * except events that were recorded after the removal.
   *
   * @param same the months that have an event of the same state as this event: stored or missing
   * @param others the months that have an event of the other state
   */
  private void compareWithMonth(
      Hashed hashed, Map<YearMonth, Long> same, Map<YearMonth, Long> others) {
    if (hashed.month().isEmpty() || hashed.link().at().isBefore(removedBefore)) {
      return;
    }
    YearMonth month = hashed.month().get();
    boolean isFirst = same.putIfAbsent(month, hashed.link().number()) == null;
    if (isFirst && others.containsKey(month)) {
      partlyRemoved.put(
          month, new PartlyRemoved(missing.getOrDefault(month, 0L), there.getOrDefault(month, 0L)));
    }
  }

  /** Returns the month of a time; empty if no event with a link can have this time. */
  private static Optional<YearMonth> monthOf(Instant at) {
    try {
      return Optional.of(YearMonth.from(at.atOffset(ZoneOffset.UTC)))
          .filter(month -> month.getYear() >= 1 && month.getYear() <= 9999);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * For each month that has both stored and missing events, returns the number of the link of one
   * stored event. If the month was removed while the check was running, this event is no longer
   * stored, and {@link #excuse} has to be called.
   */
  public List<Long> partlyRemoved() {
    return partlyRemoved.values().stream().map(PartlyRemoved::there).toList();
  }

  /**
   * Suppresses the finding about one month. The argument is the number that {@link #partlyRemoved}
   * returned for the month. Call this method only if the event with this number is no longer
   * stored.
   */
  public void excuse(long number) {
    partlyRemoved.values().removeIf(partly -> partly.there() == number);
  }

  /**
   * Counts an event of the database that is too new to have a link. If the event records the
   * removal of months, events of these months may be missing, because the removal might be in
   * progress.
   */
  public void addUnsealed(EventTexts event) {
    unsealed++;
    monthsRemovedBy(event).ifPresent(this::extendRemoved);
  }

  /**
   * Counts an event of a file that is too new to have a link. An event without a link does not
   * prove that months were removed, because anybody can add an event without a link to a file. Only
   * the last events of a file can be too new, so an event without a link must not be followed by a
   * link.
   */
  public void countUnsealed() {
    unsealed++;
    lastLineIsUnsealed = true;
  }

  /** Adds a finding that the code that uses this check has made. */
  public void report(long number, String what) {
    found++;
    if (findings.size() < MOST_FINDINGS) {
      findings.add(new Finding(number, what));
    }
  }

  /** Increases the number of findings without keeping the findings themselves. */
  public void countMore(long more) {
    found += more;
  }

  /**
   * Ends the check and returns the result. First checks that the chain contains the links of all
   * heads.
   */
  public Result end() {
    ChainLink newest = newestRemoved;
    if (newest != null && !newest.at().isBefore(removedBefore)) {
      report(
          newest.number(),
          "the event is missing, and no event says that its month was removed (it was of "
              + newest.at()
              + ")");
    }
    partlyRemoved.forEach(
        (month, partly) -> {
          if (beginningOf(month).isBefore(removedBefore)) {
            report(
                partly.missing(),
                "the event is missing, but number %d of the same month is there"
                    .formatted(partly.there()));
          }
        });
    List<ChainHead> uncompared = new ArrayList<>();
    heads.forEach(
        (number, same) -> {
          if (same.stream().allMatch(this::isOutside)) {
            uncompared.addAll(same);
          } else {
            report(number, "the link of a head is missing: the chain was cut");
          }
        });
    return new Result(
        events,
        removed,
        unsealed,
        unsigned,
        Optional.ofNullable(newestHead),
        Optional.ofNullable(last),
        uncompared.stream().sorted(Comparator.comparingLong(ChainHead::number)).toList(),
        List.copyOf(findings),
        found);
  }

  /**
   * Whether a head's link could be outside of the checked span. A link is always older than the
   * signature of its head. So a span that has links and ends after the head was signed must contain
   * the head's link.
   */
  private boolean isOutside(ChainHead head) {
    if (last == null) {
      return since.isPresent() || until.isPresent();
    }
    if (head.number() < first) {
      return since.isPresent();
    }
    return until.isPresent()
        && (head.at().isAfter(until.get().minus(AHEAD))
            || since.filter(head.at()::isBefore).isPresent());
  }

  private void extendRemoved(Instant end) {
    if (end.isAfter(removedBefore)) {
      removedBefore = end;
    }
  }

  /**
   * If the event records the removal of months of the audit trail, returns the end of these months;
   * otherwise empty.
   */
  private static Optional<Instant> monthsRemovedBy(EventTexts event) {
    boolean removal =
        event.column("action").equals(Optional.of(AuditAction.AUDIT_DELETE.wireName()))
            && event.column("outcome").equals(Optional.of(AuditOutcome.DONE.wireName()))
            && event.column("actor").isEmpty();
    return removal
        ? event
            .column("target_ref")
            .flatMap(ChainCheck::end)
            .filter(end -> !end.isAfter(event.at()))
        : Optional.empty();
  }

  private static Optional<Instant> end(String months) {
    try {
      YearMonth kept =
          months.startsWith(BEFORE)
              ? YearMonth.parse(months.substring(BEFORE.length()))
              : YearMonth.parse(months).plusMonths(1);
      return Optional.of(beginningOf(kept));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant beginningOf(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
