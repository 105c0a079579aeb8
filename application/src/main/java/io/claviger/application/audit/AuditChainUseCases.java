package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditChainStore.Duplicate;
import io.claviger.application.audit.port.AuditChainStore.StoredKey;
import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditChainStore.Unlinked;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.audit.ChainCheck;
import io.claviger.domain.audit.ChainCheck.Hashed;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

final class AuditChainUseCases implements AuditChain {
  private static final int PIECE = 2_000;
  private static final int CHECKED_AT_ONCE = 10_000;

  /**
   * The maximum number of times that an export waits for nodes to seal the remaining events, which
   * have no link yet. An export waits if many events remain, or if a remaining event records that
   * months of the audit trail were removed. After the maximum number of waits, the export includes
   * the remaining events without links.
   */
  private static final int TURNS = 10;

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final AuditChainStore store;
  private final AuditedChanges changes;
  private final InstantSource database;

  AuditChainUseCases(AuditChainStore store, AuditedChanges changes, InstantSource database) {
    this.store = store;
    this.changes = changes;
    this.database = database;
  }

  @Override
  public Outcome<Optional<ChainHead>> head(Actor actor) {
    try {
      actor.demandManage();
      if (!actor.administrator()) {
        throw RefusedException.forbidden("Only administrators read the head of the audit trail.");
      }
      return Outcome.done(store.head());
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
  }

  @Override
  public Optional<ChainHead> head() {
    return store.head();
  }

  @Override
  public Optional<ChainHead> export(TimeSpan span, Consumer<List<ExportedLine>> taker) {
    recordExport(span);
    ExportedMonths months = new ExportedMonths(span);
    long after = exportLinks(span, Long.MIN_VALUE, months, taker);
    Tail tail = tail(span, after, TURNS);
    for (int left = TURNS - 1; !tail.isWhole(); left--) {
      LockSupport.parkNanos(PAUSE.toNanos());
      after = exportLinks(span, after, months, taker);
      tail = tail(span, after, left);
    }
    taker.accept(tail.links().stream().map(months::line).toList());
    taker.accept(
        tail.waiting().stream()
            .filter(event -> span.contains(event.at()))
            .map(event -> new ExportedLine(Optional.empty(), Optional.of(event)))
            .toList());
    if (months.partlyThere().stream().anyMatch(this::isGone)) {
      throw new MonthsRemoved();
    }
    return tail.head();
  }

  /**
   * Makes the lines of an export, and remembers the months whose events are only partly in the
   * export.
   */
  private static final class ExportedMonths {
    private final TimeSpan span;
    private final Map<YearMonth, Long> there = new HashMap<>();
    private final Set<YearMonth> lacking = new HashSet<>();

    ExportedMonths(TimeSpan span) {
      this.span = span;
    }

    ExportedLine line(StoredLink stored) {
      ChainLink link = stored.link();
      YearMonth month = YearMonth.from(link.at().atOffset(ZoneOffset.UTC));
      if (stored.event().isPresent()) {
        there.putIfAbsent(month, link.number());
      } else {
        lacking.add(month);
      }
      return new ExportedLine(
          Optional.of(link), stored.event().filter(event -> span.contains(event.at())));
    }

    /**
     * Returns the link number of an exported event for each month that is only partly in the
     * export.
     */
    List<Long> partlyThere() {
      return lacking.stream().map(there::get).filter(Objects::nonNull).toList();
    }
  }

  /**
   * The last part of an export, read in a single transaction.
   *
   * @param isWhole false if more links or events follow, or if the event that records the removal
   *     of some months has no link yet. Without this event's link, the check would report the
   *     removed events as missing
   */
  private record Tail(
      boolean isWhole,
      List<StoredLink> links,
      List<EventTexts> waiting,
      Optional<ChainHead> head) {}

  /**
   * Reads the last part of an export. During the read, no event can get a link. So no event is
   * missed or read twice. The part is not written before it has been read completely, because a
   * slow reader of the output would otherwise keep all nodes from sealing.
   *
   * @param turnsLeft the number of times that the export may still wait for nodes; if 0, all
   *     remaining events are read into memory
   */
  private Tail tail(TimeSpan span, long after, int turnsLeft) {
    int most = turnsLeft > 0 ? PIECE : Integer.MAX_VALUE - 1;
    long bytes = turnsLeft > 0 ? Piece.BYTES : Long.MAX_VALUE;
    return changes
        .transactions()
        .inTransaction(
            () -> {
              store.lock();
              Piece<StoredLink> links = Piece.ofLinks(most + 1, bytes);
              Piece<EventTexts> waiting = Piece.ofWaiting(most + 1, bytes);
              rest(span, after)
                  .ifPresent(
                      range ->
                          store.links(
                              range.first() - 1,
                              (int) Math.min(most + 1L, range.last() - range.first() + 1),
                              links));
              store.waiting(most + 1, waiting);
              boolean whole =
                  !links.isFull()
                      && !waiting.isFull()
                      && waiting.items().stream().noneMatch(AuditChainUseCases::removesMonths);
              return new Tail(
                  turnsLeft == 0 || whole, links.items(), waiting.items(), store.head());
            });
  }

  private static boolean removesMonths(EventTexts event) {
    return event.column("action").equals(Optional.of(AuditAction.AUDIT_DELETE.wireName()));
  }

  /** Returns the span's links after the given link number, as a range. */
  private Optional<AuditChainStore.Range> rest(TimeSpan span, long after) {
    return store
        .range(span)
        .filter(range -> range.last() > after)
        .map(
            range ->
                after < range.first() ? range : new AuditChainStore.Range(after + 1, range.last()));
  }

  private void recordExport(TimeSpan span) {
    AuditEvent event =
        changes.eventOfNobody(
            AuditEvent.COMMAND_LINE,
            AuditAction.AUDIT_EXPORT,
            new AuditTarget("audit", Optional.empty(), text(span), Optional.empty()),
            AuditOutcome.DONE,
            List.of());
    boolean unused =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  changes.trail().record(event);
                  return true;
                });
  }

  /** Returns the span as an ISO 8601 interval. Two dots mark an open end. */
  private static String text(TimeSpan span) {
    return span.since().map(Instant::toString).orElse("..")
        + "/"
        + span.until().map(Instant::toString).orElse("..");
  }

  /**
   * Exports all links that exist now. If there are many links, also exports the links that are
   * added during the export. Returns the number of the last exported link.
   */
  private long exportLinks(
      TimeSpan span, long from, ExportedMonths months, Consumer<List<ExportedLine>> taker) {
    long after = from;
    boolean many = true;
    while (many) {
      Optional<AuditChainStore.Range> range = rest(span, after);
      if (range.isEmpty()) {
        return after;
      }
      long last = range.get().last();
      after = range.get().first() - 1;
      many = last - after > PIECE;
      while (after < last) {
        Piece<StoredLink> piece = Piece.ofLinks(PIECE, Piece.BYTES);
        store.links(after, (int) Math.min(PIECE, last - after), piece);
        if (piece.items().isEmpty()) {
          return after;
        }
        taker.accept(piece.items().stream().map(months::line).toList());
        after = piece.items().getLast().link().number();
      }
    }
    return after;
  }

  @Override
  public ChainCheck.Result verify(List<ChainHead> heads) {
    List<ChainHead> all = new ArrayList<>(heads);
    store.head().ifPresent(all::add);
    ChainCheck check = new ChainCheck(all, Optional.empty(), Optional.empty());
    long last = addLinks(0, check);
    // An event might get its link during this read. The check still sees the event, either as a
    // waiting event or by its link, because the new links are read afterwards.
    store.waiting(
        Integer.MAX_VALUE,
        event -> {
          check.addUnsealed(event);
          return true;
        });
    long unused = addLinks(last, check);
    check.partlyRemoved().stream().filter(this::isGone).forEach(check::excuse);
    reportUnlinked(check);
    checkKeys(check);
    return check.end();
  }

  /** Whether the event of a link is missing now. */
  private boolean isGone(long number) {
    return store.link(number).flatMap(StoredLink::event).isEmpty();
  }

  private void reportUnlinked(ChainCheck check) {
    Unlinked unlinked = store.countUnlinked();
    if (unlinked.unnoted() > 0) {
      check.report(
          0,
          unlinked.unnoted() + " events have no link: they were inserted, or their links removed");
    }
    if (unlinked.duplicates() > 0) {
      List<Duplicate> named = store.duplicates(ChainCheck.MOST_FINDINGS);
      named.forEach(duplicate -> check.report(0, text(duplicate)));
      check.countMore(Math.max(0, unlinked.duplicates() - named.size()));
    }
  }

  private static String text(Duplicate duplicate) {
    return "event %s of %s has the id of number %d, of %s: one of them was inserted"
        .formatted(duplicate.id(), duplicate.at(), duplicate.number(), duplicate.linkedAt());
  }

  /**
   * Adds all links after the given link number to the check. Returns the number of the last added
   * link.
   */
  private long addLinks(long after, ChainCheck check) {
    Hashing hashing = new Hashing(check);
    long last = after;
    for (long read = store.read(last, CHECKED_AT_ONCE, hashing);
        read > last;
        read = store.read(last, CHECKED_AT_ONCE, hashing)) {
      last = read;
    }
    hashing.end();
    return last;
  }

  /** Decodes and hashes one piece of the chain while the database sends the next piece. */
  private static final class Hashing implements Consumer<List<Supplier<StoredLink>>> {
    private final ChainCheck check;
    private CompletableFuture<List<Hashed>> hashed = CompletableFuture.completedFuture(List.of());

    Hashing(ChainCheck check) {
      this.check = check;
    }

    @Override
    public void accept(List<Supplier<StoredLink>> piece) {
      List<Hashed> before = hashed.join();
      hashed = CompletableFuture.supplyAsync(() -> hashed(piece));
      before.forEach(check::add);
    }

    void end() {
      hashed.join().forEach(check::add);
    }

    private static List<Hashed> hashed(List<Supplier<StoredLink>> piece) {
      return piece.parallelStream()
          .map(Supplier::get)
          .map(stored -> Hashed.of(stored.link(), stored.event()))
          .toList();
    }
  }

  /**
   * Reports keys whose id does not match their public key, and keys that state a creation time in
   * the future.
   */
  private void checkKeys(ChainCheck check) {
    Instant latest = AuditKeys.latest(database.instant(), changes.now());
    for (StoredKey key : store.keys(Optional.empty())) {
      if (!ChainHead.keyId(key.publicKey()).equals(key.id())) {
        check.report(0, "the public key of the audit trail was changed");
      }
      if (key.made().isAfter(latest)) {
        check.report(
            0,
            "the key %s of the audit trail says that it was made at %s, in the future for the clocks of this machine and of the database"
                .formatted(key.id(), key.made()));
      }
    }
  }
}
