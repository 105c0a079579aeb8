package io.claviger.application.budgets;

import io.claviger.application.budgets.LeasedBudget.Stated;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges data with the ledger, one exchange at a time. If calls need a lease while an exchange
 * runs, they wait, and one of the waiting calls then makes the next exchange for all of them.
 */
final class LedgerExchanges {
  /**
   * The maximum number of accounts in an exchange, so that calls do not wait long for an exchange.
   */
  private static final int AT_ONCE = 200;

  /** The maximum time for which calls wait until the ledger has opened a window of a group. */
  static final Duration LONGEST_OPENING = Duration.ofSeconds(4);

  /** The maximum number of windows that this node lets the ledger open at the same time. */
  private static final int OPENED_AT_ONCE = 2;

  private final BudgetLedger ledger;
  private final LongSupplier nanos;
  private final UUID node = UUID.randomUUID();
  private final ReentrantLock exchanging = new ReentrantLock(true);

  /** The accounts whose windows the ledger is opening outside of the exchanges, keyed by id. */
  private final Map<UUID, CompletableFuture<Void>> openings = new ConcurrentHashMap<>();

  private final Semaphore opening = new Semaphore(OPENED_AT_ONCE);
  private PendingExchange open = new PendingExchange();
  private volatile long lastSuccess;
  private volatile boolean ending;

  LedgerExchanges(BudgetLedger ledger, LongSupplier nanos) {
    this.ledger = ledger;
    this.nanos = nanos;
    this.lastSuccess = nanos.getAsLong();
  }

  /** The needs of the calls that wait for the next exchange. */
  private static final class PendingExchange {
    private final Map<LeasedBudget, Need> needs = new HashMap<>();
    private boolean done;
    private @Nullable RuntimeException failure;

    /** The accounts whose exchange failed although the ledger answered, with the reasons. */
    private Map<LeasedBudget, RuntimeException> failed = Map.of();
  }

  /** From now on, exchanges lease nothing in advance. */
  void end() {
    ending = true;
  }

  /**
   * Waits until an exchange with these needs has ended.
   *
   * @throws StoreUnavailable when the ledger does not answer
   */
  void serve(Map<LeasedBudget, Need> needs) {
    open(needs.keySet().stream().flatMap(budget -> budget.unopened().stream()).toList());
    PendingExchange batch = join(needs);
    exchanging.lock();
    try {
      if (!batch.done) {
        close(batch);
        run(batch);
      }
    } finally {
      exchanging.unlock();
    }
    if (batch.failure != null) {
      throw batch.failure;
    }
    for (LeasedBudget budget : needs.keySet()) {
      RuntimeException failure = batch.failed.get(budget);
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * Opens the current window of each group account whose current window is missing in the ledger,
   * and creates the account if it is missing too. No exchange does this, because adding up the
   * earlier charges of all members of a group can take long. Callers who wait too long are refused,
   * but the ledger continues to open the window.
   *
   * @throws StoreUnavailable if the windows do not exist in time
   */
  void open(Collection<BudgetAccount> accounts) {
    CompletableFuture<?>[] begun =
        accounts.stream()
            .filter(account -> BudgetHolder.isGroup(account.subject()))
            .map(account -> openings.computeIfAbsent(account.id(), id -> begin(id, account)))
            .toArray(CompletableFuture<?>[]::new);
    try {
      Void unused =
          CompletableFuture.allOf(begun).get(LONGEST_OPENING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreUnavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable(e);
    }
  }

  private CompletableFuture<Void> begin(UUID id, BudgetAccount account) {
    CompletableFuture<Void> opened = new CompletableFuture<>();
    Thread unused =
        Thread.ofVirtual()
            .name("claviger-budget-opening")
            .start(
                () -> {
                  try {
                    make(account);
                    boolean ignored = opened.complete(null);
                  } catch (RuntimeException e) {
                    boolean ignored = opened.completeExceptionally(e);
                  } finally {
                    boolean ignored = openings.remove(id, opened);
                  }
                });
    return opened;
  }

  /** An account that has its current window does not wait while other windows are opened. */
  private void make(BudgetAccount account) {
    if (ledger.exists(account)) {
      return;
    }
    opening.acquireUninterruptibly();
    try {
      ledger.open(account);
    } finally {
      opening.release();
    }
  }

  private synchronized PendingExchange join(Map<LeasedBudget, Need> needs) {
    needs.forEach((budget, need) -> open.needs.merge(budget, need, Need::and));
    return open;
  }

  private synchronized void close(PendingExchange batch) {
    if (open == batch) {
      open = new PendingExchange();
    }
  }

  private void run(PendingExchange batch) {
    try {
      batch.failed = exchange(batch.needs);
    } catch (RuntimeException e) {
      batch.failure = e;
    } finally {
      batch.done = true;
    }
  }

  /**
   * Reports these accounts to the ledger, at most {@link #AT_ONCE} accounts per exchange. If an
   * account fails although the ledger is available, it is left out for the time {@link
   * SubjectFailures#REST}.
   *
   * @throws StoreUnavailable when the ledger does not answer
   * @throws RuntimeException if the exchange of an account failed although the ledger is available;
   *     all other accounts were reported
   */
  void tell(Collection<LeasedBudget> budgets) {
    List<LeasedBudget> all = List.copyOf(budgets);
    Map<LeasedBudget, RuntimeException> failed = new HashMap<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      failed.putAll(tellAtOnce(all.subList(from, Math.min(all.size(), from + AT_ONCE))));
    }
    if (!failed.isEmpty()) {
      long until = nanos.getAsLong() + SubjectFailures.REST.toNanos();
      failed.keySet().forEach(budget -> budget.restUntil(until));
      throw failed.values().iterator().next();
    }
  }

  private Map<LeasedBudget, RuntimeException> tellAtOnce(List<LeasedBudget> budgets) {
    exchanging.lock();
    try {
      List<Stated> stated = new ArrayList<>(budgets.size());
      budgets.forEach(b -> b.state(Optional.empty(), ending, nanos.getAsLong(), stated));
      return exchange(stated);
    } finally {
      exchanging.unlock();
    }
  }

  /** Tells the ledger that this node still runs. */
  void giveSign() {
    exchanging.lock();
    try {
      Map<LeasedBudget, RuntimeException> unused = exchange(List.of());
    } finally {
      exchanging.unlock();
    }
  }

  /** Returns how long ago the ledger last answered. */
  Duration silence() {
    return Duration.ofNanos(nanos.getAsLong() - lastSuccess);
  }

  private Map<LeasedBudget, RuntimeException> exchange(Map<LeasedBudget, Need> needs) {
    List<Stated> stated = new ArrayList<>(needs.size());
    long now = nanos.getAsLong();
    needs.forEach((budget, need) -> budget.state(Optional.of(need), ending, now, stated));
    return exchange(stated);
  }

  /**
   * Makes an exchange. If the exchange of several accounts fails, the accounts are exchanged one by
   * one. So a failing account does not prevent the exchange of the other accounts.
   *
   * @return the accounts whose exchange failed although the ledger answered, with the reasons
   */
  private Map<LeasedBudget, RuntimeException> exchange(List<Stated> stated) {
    long began = nanos.getAsLong();
    List<BudgetAccountState> answers;
    try {
      answers = ledger.exchange(node, stated.stream().map(Stated::exchange).toList());
    } catch (StoreUnavailable | QueryTimeout e) {
      throw e;
    } catch (RuntimeException together) {
      return exchangeOneByOne(stated, together);
    }
    for (int n = 0; n < answers.size(); n++) {
      Stated one = stated.get(n);
      one.budget().apply(one, answers.get(n), began);
    }
    lastSuccess = began;
    return Map.of();
  }

  /** The failed exchange was not applied, so its parts can be sent again unchanged. */
  private Map<LeasedBudget, RuntimeException> exchangeOneByOne(
      List<Stated> stated, RuntimeException together) {
    Map<LeasedBudget, List<Stated>> each = new LinkedHashMap<>();
    stated.forEach(one -> each.computeIfAbsent(one.budget(), b -> new ArrayList<>(1)).add(one));
    if (each.isEmpty()) {
      throw together;
    }
    if (each.size() == 1) {
      return Map.of(stated.getFirst().budget(), together);
    }
    Map<LeasedBudget, RuntimeException> failed = new HashMap<>();
    each.values().forEach(one -> failed.putAll(exchange(one)));
    return failed;
  }
}
