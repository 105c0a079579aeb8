package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditPushStore;
import io.claviger.application.audit.port.AuditPushStore.Backlog;
import io.claviger.application.audit.port.AuditPushStore.Cursor;
import io.claviger.application.audit.port.AuditPushStore.StoredCursor;
import io.claviger.application.audit.port.AuditReceiver;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pushes the audit trail to a receiver. Every sealed event is pushed at least once, in the order of
 * the links. A head is pushed after the events that it covers. One node pushes at a time. A cursor
 * in the database states the last pushed link. So nothing is lost while the receiver or all nodes
 * are down. No transaction is open while something is being sent.
 */
public final class AuditPush {
  private static final int PIECE = 500;

  /**
   * The approximate maximum size, in bytes, of a piece of the trail, which is sent in one request.
   * Receivers often accept a mebibyte per request.
   */
  private static final long PIECE_BYTES = 512 << 10;

  /**
   * The time for which a node may push before it has to renew its right to push. A receiver must
   * accept a piece in less time than this.
   */
  public static final Duration LEASE = Duration.ofSeconds(90);

  private final AuditPushStore store;
  private final AuditChainStore chain;
  private final AuditKeys keys;
  private final AuditReceiver receiver;
  private final Transactions transactions;
  private final InstantSource database;
  private final InstantSource clock;
  private final UUID node;

  /** The maximum number of lines in the next piece. */
  private final AtomicInteger lines = new AtomicInteger(PIECE);

  private final AtomicInteger forged = new AtomicInteger();
  private final AtomicInteger restored = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile Optional<Cursor> ownLast = Optional.empty();

  /**
   * The stored cursor if it is genuine, so that it need not be verified again each time this node
   * reads it.
   */
  private Optional<Cursor> verified = Optional.empty();

  private volatile Backlog backlog = new Backlog(0, Optional.empty());

  /**
   * The time, by this node's clock, at which this node last looked how many events are missing at
   * the receiver.
   */
  private volatile Instant looked;

  /**
   * @param database the database's clock, which dates signatures and their keys
   * @param clock the clock of this node
   * @param node an id that no other process has
   */
  public AuditPush(
      AuditPushStore store,
      AuditChainStore chain,
      AuditKeys keys,
      AuditReceiver receiver,
      Transactions transactions,
      InstantSource database,
      InstantSource clock,
      UUID node) {
    this.store = store;
    this.chain = chain;
    this.keys = keys;
    this.receiver = receiver;
    this.transactions = transactions;
    this.database = database;
    this.clock = clock;
    this.node = node;
    this.looked = clock.instant();
  }

  /**
   * Pushes the next piece, unless another node is pushing.
   *
   * @return whether this node should push again immediately, because further events or heads might
   *     be waiting
   * @throws AuditReceiver.Undelivered if the piece did not arrive. The next call sends it again
   * @throws MissingEncryptionKey if this node lacks the encryption key of a key of the trail.
   *     Nothing is pushed, and another node can begin to push immediately
   */
  public boolean push() {
    try {
      return transactions
          .inTransaction(() -> store.lease(node, LEASE))
          .filter(this::pushAfter)
          .isPresent();
    } catch (MissingEncryptionKey e) {
      leave();
      throw e;
    } finally {
      backlog = store.backlogAfter(pushed());
      looked = clock.instant();
    }
  }

  /**
   * Returns the number of the last link at the receiver. A number that no node has signed does not
   * count: with such a number, somebody with write access to the database could hide that nothing
   * is pushed any more. A node that can't know which signatures are valid accepts every number.
   */
  private long pushed() {
    Optional<StoredCursor> stored = store.cursor();
    try {
      verified =
          stored
              .filter(it -> verified.filter(it.cursor()::equals).isPresent() || isGenuine(it))
              .map(StoredCursor::cursor);
      return verified.map(Cursor::number).orElse(0L);
    } catch (MissingEncryptionKey e) {
      return stored.map(StoredCursor::cursor).map(Cursor::number).orElse(0L);
    }
  }

  /**
   * Whether a cursor was moved by a node. Anybody with write access to the database could have
   * moved it past events that were not pushed.
   */
  private boolean isGenuine(StoredCursor stored) {
    Cursor cursor = stored.cursor();
    return cursor.equals(Cursor.BEGINNING)
        || stored.fromBefore()
        || ownLast.filter(cursor::equals).isPresent()
        || keys.signed(cursor.signed(), stored.signature());
  }

  /**
   * Returns how many events were missing at the receiver when this node last looked, and how long
   * the oldest of these events has waited.
   */
  public Backlog backlog() {
    return backlog;
  }

  /**
   * Returns the current age of the oldest event that was missing at the receiver when this node
   * last looked. If no event was missing, returns how long the node's next look for missing events
   * is overdue; zero if it is not overdue. While a node can't look, it does not know whether events
   * are missing.
   */
  public Duration lag() {
    Instant oldest = backlog.oldest().orElse(looked.plus(LEASE));
    Duration waited = Duration.between(oldest, clock.instant());
    return waited.isNegative() ? Duration.ZERO : waited;
  }

  /** Lets another node begin to push immediately. */
  public void leave() {
    boolean unused =
        transactions.inTransaction(
            () -> {
              store.release(node);
              return true;
            });
  }

  /**
   * Returns how many forged cursors this node has found since the last call. A forged cursor is not
   * signed by a key of the trail. After each forged cursor, the node began to push the whole trail
   * again.
   */
  public int takeForged() {
    return forged.getAndSet(0);
  }

  /**
   * Returns how often this node has found since the last call that the database was restored from a
   * dump. After each restore, the node began to push the whole trail again.
   */
  public int takeRestored() {
    return restored.getAndSet(0);
  }

  /**
   * Returns how often this node has found, since the last call, that the database has lost pushed
   * links. Links are lost, for example, if a backup of the database's files was restored.
   */
  public int takeLost() {
    return lost.getAndSet(0);
  }

  private boolean pushAfter(StoredCursor stored) {
    Cursor from = believed(stored);
    if (mayNotContinue(stored, from)) {
      return pushPlace(stored, from);
    }
    int most = lines.get();
    Piece<StoredLink> read = Piece.ofLinks(most, PIECE_BYTES);
    chain.links(from.number(), most, read);
    List<StoredLink> piece = read.items();
    Optional<ChainLink> last =
        piece.isEmpty() ? Optional.empty() : Optional.of(piece.getLast().link());
    long reached = last.map(ChainLink::number).orElse(from.number());
    Optional<ChainHead> head =
        chain.head().filter(h -> h.number() > from.head() && h.number() <= reached);
    if (piece.isEmpty() && head.isEmpty()) {
      return false;
    }
    keys.demandKnown();
    deliver(piece, head);
    return moved(
            stored,
            new Cursor(
                reached,
                last.map(ChainLink::hash).orElse(from.hash()),
                head.map(ChainHead::number).orElse(from.head())))
        && read.isFull();
  }

  /**
   * Whether the database might have lost links that the receiver has. Only links after the cursor
   * can be lost. Up to the cursor, the database has all links of the receiver, even after the
   * restore of a backup, because the cursor is stored together with the trail.
   */
  private boolean mayNotContinue(StoredCursor stored, Cursor from) {
    if (ownLast.filter(own -> !own.equals(from) && !isOfThisTrail(own)).isPresent()) {
      ownLast = Optional.empty();
      int unused = lost.incrementAndGet();
      return true;
    }
    boolean first = stored.cursor().equals(Cursor.BEGINNING) && stored.lastServer().isEmpty();
    return !from.equals(stored.cursor())
        || (!first && !stored.lastServer().equals(stored.server()));
  }

  /**
   * Tells the receiver where the trail continues. The receiver then notices which events the
   * database has lost.
   */
  private boolean pushPlace(StoredCursor stored, Cursor from) {
    keys.demandKnown();
    receiver.continueAfter(from.number(), from.hash(), database.instant());
    return moved(stored, from);
  }

  private boolean moved(StoredCursor stored, Cursor to) {
    Instant now = database.instant();
    boolean moved =
        transactions.inTransaction(
            () ->
                store.advance(
                    node,
                    to,
                    keys.sign(to.signed(), now).signature(),
                    stored.database()
                        + " "
                        + keys.sign(to.signedIn(stored.database()), now).signature(),
                    stored.server(),
                    LEASE));
    ownLast = moved ? Optional.of(to) : Optional.empty();
    return moved;
  }

  /**
   * Sends the piece. If the piece might have been too large for the receiver, the maximum number of
   * lines becomes half of the piece's lines, but at least one. After each delivered piece, the
   * maximum grows by one line.
   */
  private void deliver(List<StoredLink> piece, Optional<ChainHead> head) {
    try {
      receiver.deliver(piece, head);
      int unused = lines.updateAndGet(most -> Math.min(PIECE, most + 1));
    } catch (AuditReceiver.Undelivered e) {
      if (e.mayBeTooLarge()) {
        lines.set(Math.max(1, piece.size() / 2));
      }
      throw e;
    }
  }

  /**
   * Returns the stored cursor if it is genuine and belongs to this database and trail. In place of
   * any other cursor, returns a cursor at the beginning of the trail.
   */
  private Cursor believed(StoredCursor stored) {
    Cursor cursor = stored.cursor();
    boolean known = isGenuine(stored);
    if (!known) {
      int unused = forged.incrementAndGet();
    }
    if (known && cursor.number() > 0 && isOfAnotherDatabase(stored)) {
      int unused = restored.incrementAndGet();
      return Cursor.BEGINNING;
    }
    return known && isOfThisTrail(cursor) ? cursor : Cursor.BEGINNING;
  }

  /**
   * Whether the cursor was last moved in another database and came here with a dump. If a node of
   * an earlier version moved the cursor last, the cursor names no database.
   */
  private boolean isOfAnotherDatabase(StoredCursor stored) {
    int space = stored.history().indexOf(' ');
    if (space < 0) {
      return false;
    }
    String database = stored.history().substring(0, space);
    return !database.equals(stored.database())
        && keys.signed(stored.cursor().signedIn(database), stored.history().substring(space + 1));
  }

  /**
   * Whether the last pushed link still exists. After the restore of an older backup, the link is
   * missing, or its number belongs to another event. If the link no longer exists, the whole trail
   * is pushed again, so that the receiver sees both versions.
   */
  private boolean isOfThisTrail(Cursor cursor) {
    return cursor.number() == 0
        || chain
            .link(cursor.number())
            .filter(l -> l.link().hash().equals(cursor.hash()))
            .isPresent();
  }
}
