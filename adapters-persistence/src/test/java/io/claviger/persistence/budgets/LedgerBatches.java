package io.claviger.persistence.budgets;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.persistence.budgets.model.LedgerReplay;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs steps of many histories side by side, and sends what they ask of the ledger together, as
 * soon as all of them wait. Connections break: some exchanges do not happen, some happen without an
 * answer, and some happen much later.
 */
final class LedgerBatches {
  private final JdbcBudgetLedger ledger;
  private final LedgerReplay replay;
  private final List<Request> asked = new ArrayList<>();
  private final List<Request> late = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private int running;
  private long exchanges;

  /**
   * @param replay is told of each exchange
   */
  LedgerBatches(JdbcBudgetLedger ledger, LedgerReplay replay) {
    this.ledger = ledger;
    this.replay = replay;
  }

  private enum Fate {
    ANSWERED,
    NOT_DONE,
    UNANSWERED,
    LATE
  }

  private static final class Request {
    private final UUID node;
    private final List<BudgetLedger.LedgerExchange> each;
    private final Fate fate;
    private int delay;
    private final CompletableFuture<List<BudgetLedger.BudgetAccountState>> answers =
        new CompletableFuture<>();

    Request(UUID node, List<BudgetLedger.LedgerExchange> each, Fate fate, int delay) {
      this.node = node;
      this.each = each;
      this.fate = fate;
      this.delay = delay;
    }
  }

  /** The ledger as one history sees it. */
  BudgetLedger seenBy(Random random) {
    return new BudgetLedger() {
      @Override
      public List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each) {
        return ask(new Request(node, each, fate(random, each), 1 + random.nextInt(30)));
      }

      @Override
      public boolean exists(BudgetAccount account) {
        throw new UnsupportedOperationException("no group has a budget");
      }

      @Override
      public void open(BudgetAccount account) {
        throw new UnsupportedOperationException("no group has a budget");
      }

      @Override
      public int writeOff() {
        throw new UnsupportedOperationException("done for all histories together");
      }

      @Override
      public int removeOld() {
        throw new UnsupportedOperationException("done for all histories together");
      }
    };
  }

  /**
   * A first exchange may have to make the account and its window. It takes longest, so it is the
   * exchange that most often gets no answer.
   */
  private static Fate fate(Random random, List<BudgetLedger.LedgerExchange> each) {
    boolean isFirst = each.stream().anyMatch(one -> one.window().isEmpty());
    return switch (random.nextInt(isFirst ? 8 : 24)) {
      case 0 -> Fate.NOT_DONE;
      case 1 -> Fate.UNANSWERED;
      case 2 -> Fate.LATE;
      default -> Fate.ANSWERED;
    };
  }

  private List<BudgetLedger.BudgetAccountState> ask(Request request) {
    synchronized (this) {
      asked.add(request);
      left();
    }
    try {
      return request.answers.join();
    } catch (CompletionException e) {
      throw new StoreUnavailable(e.getCause());
    }
  }

  private synchronized void left() {
    running--;
    if (running == 0) {
      notifyAll();
    }
  }

  /** Runs one step of each history, and returns when all have ended. */
  void run(List<? extends Runnable> steps) throws InterruptedException {
    synchronized (this) {
      running = steps.size();
    }
    for (Runnable step : steps) {
      Thread unused =
          Thread.startVirtualThread(
              () -> {
                try {
                  step.run();
                } catch (RuntimeException | Error e) {
                  failed(e);
                } finally {
                  left();
                }
              });
    }
    List<Request> batch = whatIsAsked();
    while (!batch.isEmpty()) {
      send(batch);
      batch = whatIsAsked();
    }
    for (Throwable failure : failures) {
      throw new AssertionError("a history failed", failure);
    }
  }

  private synchronized void failed(Throwable e) {
    failures.add(e);
  }

  private synchronized List<Request> whatIsAsked() throws InterruptedException {
    while (running > 0) {
      wait();
    }
    List<Request> batch = List.copyOf(asked);
    asked.clear();
    running = batch.size();
    return batch;
  }

  private void send(List<Request> batch) {
    List<Request> done = new ArrayList<>(nowDue(batch));
    for (Request request : batch) {
      if (request.fate == Fate.LATE) {
        late.add(request);
      } else if (request.fate != Fate.NOT_DONE) {
        done.add(request);
      }
    }
    List<UUID> nodes = new ArrayList<>();
    List<BudgetLedger.LedgerExchange> all = new ArrayList<>();
    for (Request request : done) {
      request.each.forEach(unused -> nodes.add(request.node));
      all.addAll(request.each);
    }
    exchanges += all.size();
    List<BudgetLedger.BudgetAccountState> answers =
        all.isEmpty() ? List.of() : ledger.exchange(nodes.toArray(UUID[]::new), all);
    replay(nodes, all, answers);
    int from = 0;
    for (Request request : done) {
      List<BudgetLedger.BudgetAccountState> own = answers.subList(from, from + request.each.size());
      from += own.size();
      if (request.fate == Fate.ANSWERED) {
        request.answers.complete(List.copyOf(own));
      }
    }
    for (Request request : batch) {
      if (request.fate != Fate.ANSWERED) {
        request.answers.completeExceptionally(
            new StoreUnavailable(new SQLTransientConnectionException("broken")));
      }
    }
  }

  /** Tells of the exchanges in the order in which the ledger makes them. */
  private void replay(
      List<UUID> nodes,
      List<BudgetLedger.LedgerExchange> all,
      List<BudgetLedger.BudgetAccountState> answers) {
    record Key(String account, Instant window, String node, int place) {}
    IntStream.range(0, all.size())
        .mapToObj(
            n ->
                new Key(
                    all.get(n).account().id().toString(),
                    all.get(n).window().orElse(Instant.MAX),
                    nodes.get(n).toString(),
                    n))
        .sorted(
            Comparator.comparing(Key::account).thenComparing(Key::window).thenComparing(Key::node))
        .mapToInt(Key::place)
        .forEach(n -> replay.exchange(nodes.get(n), all.get(n), answers.get(n)));
  }

  /**
   * Exchanges that were sent long ago. One statement has one request of a node, so that it is known
   * which one comes first.
   */
  private List<Request> nowDue(List<Request> batch) {
    List<Request> due = new ArrayList<>();
    Set<UUID> taken = batch.stream().map(request -> request.node).collect(Collectors.toSet());
    Iterator<Request> each = late.iterator();
    while (each.hasNext()) {
      Request request = each.next();
      request.delay--;
      if (request.delay <= 0 && taken.add(request.node)) {
        each.remove();
        due.add(request);
      }
    }
    return due;
  }

  /** How many exchanges of accounts the ledger has made. */
  long exchanges() {
    return exchanges;
  }
}
