package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Seals the audit trail: gives events their links in the hash chain, and signs the newest link.
 * Events get their links shortly after the transaction that records them, not in that transaction.
 */
public final class AuditSealer {
  /** The interval at which nodes look for events that wait for a link. */
  public static final Duration LOOKS = Duration.ofSeconds(15);

  private static final int PIECE = 2_000;

  /**
   * If an event has waited for longer than this time, the log names the database sessions that keep
   * nodes from sealing.
   */
  private static final Duration LONG = Duration.ofMinutes(1);

  /** The maximum time by which the database's clock is allowed to be ahead of a node's clock. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private final AuditChainStore store;
  private final AuditKeys keys;
  private final Transactions transactions;
  private final InstantSource database;
  private final InstantSource clock;
  private final AtomicInteger unsealable = new AtomicInteger();
  private final AtomicInteger forgedHeads = new AtomicInteger();
  private volatile Optional<Reading> reading = Optional.empty();

  /**
   * @param database the database's clock, which dates heads and their keys. A node with a wrong
   *     clock would date heads with times that contradict the events
   * @param clock the clock of this node
   */
  public AuditSealer(
      AuditChainStore store,
      AuditKeys keys,
      Transactions transactions,
      InstantSource database,
      InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.transactions = transactions;
    this.database = database;
    this.clock = clock;
  }

  /**
   * Gives waiting events their links. Only one node gives links at a time. If somebody has inserted
   * events with the id of another event, only one event with this id gets a link.
   *
   * @return whether further events might be waiting for links
   */
  public boolean seal() {
    // Usually nothing waits. This check needs no transaction.
    if (!store.anyNoted()) {
      return false;
    }
    Turn turn = transactions.inTransaction(this::sealPiece);
    unsealable.addAndGet(turn.unsealable());
    return turn.more();
  }

  /**
   * Returns the number of events that this node has found since the last call and that can't get a
   * link. Somebody has inserted these events, either with an impossible time or with the id of an
   * event that has a link.
   */
  public int takeUnsealable() {
    return unsealable.getAndSet(0);
  }

  /**
   * The events that were waiting for a link or a head when this node last looked.
   *
   * @param at the time at which the node looked
   * @param unsealed the number of events without a link
   * @param oldestUnsealed the time since which the oldest event without a link has waited
   * @param oldestUnsigned the time of the oldest event that has a link but is not covered by a
   *     signed head
   */
  private record Reading(
      Instant at,
      long unsealed,
      Optional<Instant> oldestUnsealed,
      Optional<Instant> oldestUnsigned) {}

  /**
   * Reads which events are waiting for a link or a head. Call this method once in every interval of
   * {@link #LOOKS}.
   */
  public void look() {
    AuditChainStore.Waiting waiting = store.countWaiting();
    long signed = store.head().filter(this::isOfThisTrail).map(ChainHead::number).orElse(0L);
    reading =
        Optional.of(
            new Reading(
                clock.instant(), waiting.events(), waiting.oldest(), store.oldestAfter(signed)));
  }

  /**
   * Returns the number of events that had no link when this node last looked. Empty if this node
   * has not looked yet.
   */
  public Optional<Long> unsealed() {
    return reading.map(Reading::unsealed);
  }

  /**
   * Returns the time for which the oldest event without a link has waited. Empty if this node has
   * not looked yet.
   */
  public Optional<Duration> unsealedFor() {
    return reading.map(last -> since(last, last.oldestUnsealed()));
  }

  /**
   * Returns the age of the oldest event that no signed head covers. Empty if this node has not
   * looked yet.
   */
  public Optional<Duration> headLag() {
    return reading.map(last -> since(last, last.oldestUnsigned()));
  }

  /**
   * Returns the time since the oldest waiting event. If nothing waited when the node last looked
   * for waiting events, returns how long the next look is overdue; zero if it is not overdue. The
   * next look is due {@link #LOOKS} after the last look. A node that can't look does not know
   * whether events are waiting.
   */
  private Duration since(Reading last, Optional<Instant> oldest) {
    Duration waited = Duration.between(oldest.orElse(last.at().plus(LOOKS)), clock.instant());
    return waited.isNegative() ? Duration.ZERO : waited;
  }

  /**
   * Returns the database sessions that keep nodes from sealing. The list is empty if no event has
   * waited for more than a minute.
   */
  public List<AuditChainStore.TurnHolder> heldUpBy() {
    boolean late = unsealedFor().filter(waited -> waited.compareTo(LONG) > 0).isPresent();
    return late ? store.turnHolders() : List.of();
  }

  private record Turn(boolean more, int unsealable) {}

  private Turn sealPiece() {
    if (!store.tryLock()) {
      return new Turn(false, 0);
    }
    int older = store.noteOlder(PIECE);
    Piece<EventTexts> waiting = Piece.ofWaiting(PIECE, Piece.BYTES);
    store.waiting(PIECE, waiting);
    // Some notes belong to events that no longer wait for a link. If the piece is not full, such
    // notes might have taken the place of notes of waiting events, so they are removed.
    int found = waiting.isFull() ? 0 : store.removeStrayNotes();
    List<ChainLink> links = new ArrayList<>(waiting.items().size());
    Set<UUID> linked = new HashSet<>();
    Optional<ChainLink> last = store.last();
    for (EventTexts event : waiting.items()) {
      if (linked.add(event.id())) {
        ChainLink link = ChainLink.after(last, event);
        links.add(link);
        last = Optional.of(link);
      }
    }
    if (!links.isEmpty()) {
      store.append(links);
    }
    return new Turn(waiting.isFull() || older > 0, found);
  }

  /**
   * Signs the newest link if the link is newer than the stored head, or if the stored head does not
   * belong to this trail.
   *
   * @return the new head; empty if no head was signed
   * @throws MissingEncryptionKey if this node lacks the encryption key of a key of the trail, so
   *     that it can't know whether the stored head belongs to this trail
   */
  public Optional<ChainHead> signHead() {
    return transactions.inTransaction(
        () -> {
          if (!store.tryLock()) {
            return Optional.empty();
          }
          Optional<ChainHead> stored = store.head();
          Optional<ChainHead> head = stored.filter(this::isOfThisTrail);
          if (stored.isPresent() && head.isEmpty()) {
            int unused = forgedHeads.incrementAndGet();
          }
          long signed = head.map(ChainHead::number).orElse(0L);
          return store.last().filter(last -> last.number() > signed).map(this::sign);
        });
  }

  /**
   * Returns how many forged heads this node has found in the database since the last call. A head
   * is forged if it is not signed by a key of this trail, or if its link is missing.
   */
  public int takeForgedHeads() {
    return forgedHeads.getAndSet(0);
  }

  /**
   * Whether a key of this trail has signed the head and the head's link exists. Anybody with write
   * access to the database can store a head with any number.
   */
  private boolean isOfThisTrail(ChainHead head) {
    return keys.signed(head)
        && store.link(head.number()).filter(l -> l.link().hash().equals(head.hash())).isPresent();
  }

  private ChainHead sign(ChainLink last) {
    Instant now = now().truncatedTo(ChronoUnit.MICROS);
    AuditKeys.Signed signed = keys.sign(ChainHead.signed(last.number(), last.hash(), now), now);
    ChainHead head =
        new ChainHead(last.number(), last.hash(), now, signed.publicKey(), signed.signature());
    store.putHead(head);
    return head;
  }

  /**
   * Returns the time of the database's clock, but at most an hour ahead of this node's clock.
   * Without this limit, the owner of the database could set the database's clock to get heads from
   * the future. With such heads, checks would accept the removal of months that are not over yet.
   */
  private Instant now() {
    Instant stated = database.instant();
    Instant latest = clock.instant().plus(AHEAD);
    return stated.isBefore(latest) ? stated : latest;
  }
}
