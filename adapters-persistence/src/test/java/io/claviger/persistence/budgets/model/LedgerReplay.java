package io.claviger.persistence.budgets.model;

import static java.util.Objects.requireNonNull;

import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.budgets.port.BudgetLedger.LedgerExchange;
import io.claviger.persistence.budgets.model.LedgerModel.Setup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Holds each step of the real ledger against {@link LedgerModel}. It keeps what the ledger has of
 * each window, lets the model make the steps that the real one says it made, and refuses what the
 * model would not do: a node's report settles and returns what it says, an expired lease counts as
 * used, and leases fit beside what is settled and leased, one part after the other. A call that
 * fits is not refused.
 *
 * <p>To the model, a window has two nodes: the one that acts, and all others together.
 */
public final class LedgerReplay {
  private static final int ACTING = 0;
  private static final int OTHERS = 1;

  private final Map<UUID, Map<Instant, WindowRows>> windows = new HashMap<>();

  /** The windows of which a node has leased something. */
  private final Map<UUID, Set<WindowRows>> ofNode = new HashMap<>();

  private final Map<UUID, List<Raise>> raises = new HashMap<>();
  private Instant now = Instant.EPOCH;
  private long steps;

  /** A window of an account. */
  public record WindowKey(UUID account, Instant startsAt) {}

  /** What a node has of a window. */
  public record Lease(long began, long sequence, long spent, long granted, long writtenOff) {}

  private record Raise(long amount, Instant until) {}

  private static final class WindowRows {
    private long settled;
    private final Map<UUID, Lease> leases = new HashMap<>();

    /** Takes over what a step has led to. */
    void take(UUID node, Lease lease, Step step) {
      settled = step.settled();
      Lease unused =
          leases.put(
              node,
              new Lease(
                  lease.began(), lease.sequence(), lease.spent(), step.leased(), step.counted()));
    }

    long reserved() {
      return leases.values().stream().mapToLong(Lease::granted).sum();
    }
  }

  /** How many steps were compared. */
  public long steps() {
    return steps;
  }

  /** Sets the clock of the ledger. */
  public void setClock(Instant at) {
    now = at;
  }

  public void raise(UUID account, long amount, Instant until) {
    raises.computeIfAbsent(account, key -> new ArrayList<>()).add(new Raise(amount, until));
  }

  /**
   * One exchange of a node, with what the ledger answered.
   *
   * @throws AssertionError when the model does not have this step
   */
  public void exchange(UUID node, LedgerExchange one, BudgetAccountState answer) {
    UUID account = one.account().id();
    Instant startsAt = answer.window().start();
    if (one.window().isEmpty()) {
      returnUnheard(account, node, one, startsAt);
    }
    WindowRows rows = ofAccount(account).computeIfAbsent(startsAt, key -> new WindowRows());
    Lease lease = rows.leases.get(node);
    boolean known =
        lease == null ? one.spent() == 0 && one.held() == 0 : lease.began() <= one.began();
    expect(answer.known() == known, one, "knows the lease: " + answer.known());
    boolean isCurrent = lease == null || lease.sequence() < one.sequence();
    if (known && isCurrent && !isLate(account, node, one, startsAt)) {
      report(rows, node, one, answer);
    }
    long granted = rows.leases.containsKey(node) && known ? rows.leases.get(node).granted() : 0;
    expect(answer.held() == granted, one, "leases " + answer.held() + " instead of " + granted);
    expect(
        answer.settled() == rows.settled,
        one,
        "settled " + answer.settled() + " instead of " + rows.settled);
    expect(
        answer.reserved() == rows.reserved(),
        one,
        "reserved " + answer.reserved() + " instead of " + rows.reserved());
    steps++;
  }

  /** The node has since made another exchange, for another window, and waits for no answer. */
  private boolean isLate(UUID account, UUID node, LedgerExchange one, Instant current) {
    return one.window().isEmpty()
        && ofAccount(account).entrySet().stream()
            .filter(entry -> !entry.getKey().equals(current))
            .flatMap(entry -> Stream.ofNullable(entry.getValue().leases.get(node)))
            .anyMatch(lease -> lease.began() >= one.began() && lease.sequence() > one.sequence());
  }

  /**
   * The node tells by its first exchange of a window that it never heard of leases that it got
   * before.
   */
  private void returnUnheard(UUID account, UUID node, LedgerExchange one, Instant current) {
    ofAccount(account)
        .forEach(
            (startsAt, rows) -> {
              Lease lease = rows.leases.get(node);
              if (lease != null
                  && !startsAt.equals(current)
                  && lease.began() == one.began()
                  && lease.sequence() < one.sequence()
                  && lease.granted() > 0) {
                Step step = new Step(rows, node, Long.MAX_VALUE);
                step.settle(0, lease.granted());
                rows.take(node, lease, step);
              }
            });
  }

  private Map<Instant, WindowRows> ofAccount(UUID account) {
    return windows.computeIfAbsent(account, key -> new HashMap<>());
  }

  private void report(WindowRows rows, UUID node, LedgerExchange one, BudgetAccountState answer) {
    Lease before = rows.leases.getOrDefault(node, new Lease(one.began(), 0, 0, 0, 0));
    boolean hasBegunAnew = before.began() != one.began();
    long cost = Math.max(0, one.spent() - (hasBegunAnew ? 0 : before.spent()));
    long leased = before.granted() + before.writtenOff();
    long kept = hasBegunAnew ? 0 : Math.min(one.held(), leased);
    Step step = new Step(rows, node, total(one));
    if (before.sequence() > 0) {
      step.settle(cost, leased - kept);
    } else {
      expect(cost == 0 && kept == 0, one, "reports for no lease");
    }
    long fitting = step.fitting(one.demand().needed());
    boolean isOpen = answer.window().end().isEmpty() || answer.window().end().get().isAfter(now);
    boolean fits = isOpen && one.demand().smallest() > 0 && fitting >= one.demand().smallest();
    expect(!fits || answer.held() - kept >= fitting, one, "refused what fits: " + answer.held());
    expect(step.lease(answer.held() - kept), one, "leased more than is left: " + answer.held());
    rows.take(node, new Lease(one.began(), one.sequence(), one.spent(), 0, 0), step);
    boolean unused = ofNode.computeIfAbsent(node, key -> new HashSet<>()).add(rows);
  }

  private long total(LedgerExchange one) {
    return one.demand().budget()
        + raises.getOrDefault(one.account().id(), List.of()).stream()
            .filter(raise -> raise.until().isAfter(now))
            .mapToLong(Raise::amount)
            .sum();
  }

  /** What these nodes hold of any window counts as used, because they were silent. */
  public void expire(Collection<UUID> silent) {
    for (UUID node : silent) {
      for (WindowRows rows : ofNode.getOrDefault(node, Set.of())) {
        Lease lease = requireNonNull(rows.leases.get(node));
        if (lease.granted() > 0) {
          Step step = new Step(rows, node, Long.MAX_VALUE);
          step.expire();
          rows.take(node, lease, step);
          steps++;
        }
      }
    }
  }

  /**
   * Compares all leases that the ledger has stored.
   *
   * @throws AssertionError when they are not what the steps so far lead to
   */
  public void compare(Map<WindowKey, Map<UUID, Lease>> stored) {
    Map<WindowKey, Map<UUID, Lease>> expected = new HashMap<>();
    windows.forEach(
        (account, all) ->
            all.forEach(
                (startsAt, rows) -> {
                  if (!rows.leases.isEmpty()) {
                    expected.put(new WindowKey(account, startsAt), rows.leases);
                  }
                }));
    stored.forEach(
        (key, leases) -> {
          if (!leases.equals(expected.get(key))) {
            throw new AssertionError(
                "%s has %s instead of %s".formatted(key, leases, expected.get(key)));
          }
        });
    if (stored.size() != expected.size()) {
      throw new AssertionError(
          "leases of %s windows instead of %s".formatted(stored.size(), expected.size()));
    }
  }

  private static void expect(boolean holds, LedgerExchange one, String what) {
    if (!holds) {
      throw new AssertionError("the model has no such step: %s, by %s".formatted(what, one));
    }
  }

  /** Steps of the model on one window. */
  private static final class Step {
    private static final int ROW = 0;

    private final LedgerModel model;
    private byte[] state;

    Step(WindowRows rows, UUID node, long total) {
      model =
          new LedgerModel(
              new Setup(2, new int[] {(int) Math.min(total, Integer.MAX_VALUE)}, 1, 0, 1, 1, 1, 0));
      state = model.first();
      set(LedgerModel.settled(ROW), rows.settled);
      Lease own = rows.leases.getOrDefault(node, new Lease(0, 0, 0, 0, 0));
      set(model.at(ACTING, ROW, LedgerModel.LEASED), own.granted());
      set(model.at(ACTING, ROW, LedgerModel.COUNTED), own.writtenOff());
      set(model.at(OTHERS, ROW, LedgerModel.LEASED), rows.reserved() - own.granted());
    }

    private void set(int place, long value) {
      state[place] = (byte) value;
      if (state[place] != value) {
        throw new IllegalArgumentException("the model counts to 127, not to " + value);
      }
    }

    /** Makes the step that the model offers. Returns whether it offers one. */
    private boolean make(Consumer<Consumer<byte[]>> step) {
      byte[] before = state;
      step.accept(next -> state = next);
      return state != before;
    }

    void settle(long cost, long used) {
      set(model.at(ACTING, ROW, LedgerModel.REPORTED_COST), cost);
      set(model.at(ACTING, ROW, LedgerModel.REPORTED_USED), used);
      state[model.up(ACTING) + 1] = LedgerModel.SENT;
      boolean unused = make(next -> model.settle(state, ACTING, next));
    }

    void expire() {
      boolean unused = make(next -> model.expire(state, ACTING, next));
    }

    /** Leases so many parts of one. Returns whether the model leases them all. */
    boolean lease(long amount) {
      for (long n = 0; n < amount; n++) {
        state[model.at(ACTING, ROW, LedgerModel.FREE)] = 0;
        if (!make(next -> model.lease(state, ACTING, next))) {
          return false;
        }
      }
      return amount >= 0;
    }

    /** How much of an amount the model would lease. */
    long fitting(long amount) {
      byte[] before = state;
      long fitting = 0;
      while (fitting < amount && lease(1)) {
        fitting++;
      }
      state = before;
      return fitting;
    }

    long settled() {
      return state[LedgerModel.settled(ROW)];
    }

    long leased() {
      return state[model.at(ACTING, ROW, LedgerModel.LEASED)];
    }

    long counted() {
      return state[model.at(ACTING, ROW, LedgerModel.COUNTED)];
    }
  }
}
