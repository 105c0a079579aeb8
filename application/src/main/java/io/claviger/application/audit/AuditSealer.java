package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditChainStore.StoredKey;
import io.claviger.application.audit.port.HeadSigner;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Seals the audit trail: gives events their links, not in the transactions that record them but
 * shortly afterwards, and signs the newest link.
 */
public final class AuditSealer {
  /** How often nodes look at what waits. */
  public static final Duration LOOKS = Duration.ofSeconds(15);

  private static final int PIECE = 2_000;

  private final AuditChainStore store;
  private final HeadSigner signer;
  private final Sealer sealer;
  private final Transactions transactions;
  private final InstantSource clock;
  private final AtomicInteger unsealable = new AtomicInteger();
  private volatile Optional<Reading> reading = Optional.empty();

  public AuditSealer(
      AuditChainStore store,
      HeadSigner signer,
      Sealer sealer,
      Transactions transactions,
      InstantSource clock) {
    this.store = store;
    this.signer = signer;
    this.sealer = sealer;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Gives waiting events their links. One node does this at a time. Of several events with one id,
   * which somebody has inserted, one gets a link.
   *
   * @return whether more may be waiting
   */
  public boolean seal() {
    Turn turn = transactions.inTransaction(this::sealPiece);
    unsealable.addAndGet(turn.unsealable());
    return turn.more();
  }

  /**
   * Returns how many events this node has come upon since the last call that somebody has inserted
   * with the id of another event's link, or with a time that can't be. They get no link.
   */
  public int takeUnsealable() {
    return unsealable.getAndSet(0);
  }

  /**
   * What waited when this node last looked.
   *
   * @param at when it looked
   * @param unsealed how many events had no link yet
   * @param oldestUnsealed since when the oldest of them waits
   * @param oldestUnsigned when the oldest event happened that has a link but no head yet
   */
  private record Reading(
      Instant at,
      long unsealed,
      Optional<Instant> oldestUnsealed,
      Optional<Instant> oldestUnsigned) {}

  /** Looks at what waits for a link or a head. To be called each {@link #LOOKS}. */
  public void look() {
    AuditChainStore.Waiting waiting = store.countWaiting();
    long signed = store.head().filter(ChainHead::isSigned).map(ChainHead::number).orElse(0L);
    reading =
        Optional.of(
            new Reading(
                clock.instant(), waiting.events(), waiting.oldest(), store.oldestAfter(signed)));
  }

  /** How many events had no link when this node last looked; empty if it never could. */
  public Optional<Long> unsealed() {
    return reading.map(Reading::unsealed);
  }

  /** For how long the oldest event without a link has waited; empty if that was never known. */
  public Optional<Duration> unsealedFor() {
    return reading.map(last -> since(last, last.oldestUnsealed()));
  }

  /** How old the oldest event is that no signed head covers; empty if that was never known. */
  public Optional<Duration> headLag() {
    return reading.map(last -> since(last, last.oldestUnsigned()));
  }

  /** Who can't look any more does not know of what came after the last look. */
  private Duration since(Reading last, Optional<Instant> oldest) {
    Duration waited = Duration.between(oldest.orElse(last.at().plus(LOOKS)), clock.instant());
    return waited.isNegative() ? Duration.ZERO : waited;
  }

  private record Turn(boolean more, int unsealable) {}

  private Turn sealPiece() {
    if (!store.anyNoted() || !store.tryLock()) {
      return new Turn(false, 0);
    }
    int older = store.noteOlder(PIECE);
    List<EventTexts> waiting = store.waiting(PIECE);
    // Stray notes may stand before events that wait.
    int found = waiting.size() < PIECE ? store.removeStrayNotes() : 0;
    List<ChainLink> links = new ArrayList<>(waiting.size());
    Set<UUID> linked = new HashSet<>();
    Optional<ChainLink> last = store.last();
    for (EventTexts event : waiting) {
      if (linked.add(event.id())) {
        ChainLink link = ChainLink.after(last, event);
        links.add(link);
        last = Optional.of(link);
      }
    }
    if (!links.isEmpty()) {
      store.append(links);
    }
    return new Turn(waiting.size() == PIECE || older > 0, found);
  }

  /**
   * Signs the newest link, if there is a newer one than that of the head.
   *
   * @return the new head
   */
  public Optional<ChainHead> signHead() {
    return transactions.inTransaction(
        () -> {
          if (!store.tryLock()) {
            return Optional.empty();
          }
          long signed = store.head().map(ChainHead::number).orElse(0L);
          return store.last().filter(last -> last.number() > signed).flatMap(this::sign);
        });
  }

  private Optional<ChainHead> sign(ChainLink last) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    StoredKey key = store.key().orElseGet(() -> makeKey(now));
    // Without the encryption key there is no head. The start of such a node fails elsewhere.
    Optional<Secret> signing = sealer.open(key.value(), KeyBinding.ofAuditKey(key.id()));
    try {
      Optional<ChainHead> head =
          signing.map(
              secret -> {
                byte[] content = ChainHead.signed(last.number(), last.hash(), now);
                return new ChainHead(
                    last.number(),
                    last.hash(),
                    now,
                    key.publicKey(),
                    Base64.getEncoder().encodeToString(signer.sign(secret, content)));
              });
      head.ifPresent(store::putHead);
      return head;
    } finally {
      signing.ifPresent(Secret::close);
    }
  }

  private StoredKey makeKey(Instant now) {
    HeadSigner.NewKey made = signer.make();
    try (Secret signing = made.signing()) {
      String id = ChainHead.keyId(made.publicKey());
      StoredKey key =
          new StoredKey(id, made.publicKey(), sealer.seal(signing, KeyBinding.ofAuditKey(id)));
      store.insertKey(key, now);
      return key;
    }
  }
}
