package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditChainStore.StoredKey;
import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.ChainCheck;
import io.claviger.domain.audit.ChainHead;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

final class AuditChainUseCases implements AuditChain {
  private static final int PIECE = 2_000;

  /** An event that is this old and not even noted was not recorded by Claviger. */
  private static final Duration NOTED_WITHIN = Duration.ofMinutes(1);

  private final AuditChainStore store;
  private final Transactions transactions;
  private final InstantSource clock;

  AuditChainUseCases(AuditChainStore store, Transactions transactions, InstantSource clock) {
    this.store = store;
    this.transactions = transactions;
    this.clock = clock;
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
    long number =
        store.range(span).map(range -> exportRange(range, span, taker)).orElse(Long.MIN_VALUE);
    return transactions.inTransaction(
        () -> {
          // From here on nothing gets a link, so that no event is missed or comes twice.
          store.lock();
          store
              .range(span)
              .map(
                  range ->
                      new AuditChainStore.Range(Math.max(range.first(), number + 1), range.last()))
              .ifPresent(rest -> exportRange(rest, span, taker));
          exportWaiting(span, taker);
          return store.head();
        });
  }

  /** Returns the number of the last link. */
  private long exportRange(
      AuditChainStore.Range range, TimeSpan span, Consumer<List<ExportedLine>> taker) {
    long after = range.first() - 1;
    while (after < range.last()) {
      List<StoredLink> piece = store.links(after, (int) Math.min(PIECE, range.last() - after));
      if (piece.isEmpty()) {
        return after;
      }
      taker.accept(
          piece.stream()
              .map(
                  stored ->
                      new ExportedLine(
                          Optional.of(stored.link()),
                          stored.event().filter(event -> span.contains(event.at()))))
              .toList());
      after = piece.getLast().link().number();
    }
    return after;
  }

  private void exportWaiting(TimeSpan span, Consumer<List<ExportedLine>> taker) {
    taker.accept(
        store.waiting(Integer.MAX_VALUE).stream()
            .filter(event -> span.contains(event.at()))
            .map(event -> new ExportedLine(Optional.empty(), Optional.of(event)))
            .toList());
  }

  @Override
  public ChainCheck.Result verify(List<ChainHead> heads) {
    List<ChainHead> all = new ArrayList<>(heads);
    store.head().ifPresent(all::add);
    ChainCheck check = new ChainCheck(all, Optional.empty(), Optional.empty());
    long after = 0;
    List<StoredLink> piece = store.links(after, PIECE);
    if (!piece.isEmpty() && piece.getFirst().link().number() != 1) {
      check.report(1, "the link is missing");
    }
    while (!piece.isEmpty()) {
      piece.forEach(stored -> check.add(stored.link(), stored.event()));
      after = piece.getLast().link().number();
      piece = store.links(after, PIECE);
    }
    long unnoted = store.countUnnoted(clock.instant().minus(NOTED_WITHIN));
    if (unnoted > 0) {
      check.report(0, unnoted + " events have no link: they were inserted, or their links removed");
    }
    checkKey(check);
    return check.end();
  }

  /** The stored head has to be signed by the stored key. */
  private void checkKey(ChainCheck check) {
    Optional<StoredKey> key = store.key();
    if (key.filter(stored -> !ChainHead.keyId(stored.publicKey()).equals(stored.id()))
        .isPresent()) {
      check.report(0, "the public key of the audit trail was changed");
    }
  }
}
