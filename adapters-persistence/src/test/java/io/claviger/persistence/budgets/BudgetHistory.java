package io.claviger.persistence.budgets;

import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.Reservation;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Charge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/**
 * A random history of up to three nodes whose calls share two budgets. Nodes die, hang and come
 * back, budgets are edited and raised, streams break.
 */
final class BudgetHistory {
  /** In most of them, a day ends while a history is played. */
  private static final List<BudgetZone> ZONES =
      List.of(
          BudgetZone.UTC,
          new BudgetZone("Africa/Abidjan"),
          new BudgetZone("Europe/Lisbon"),
          new BudgetZone("Asia/Kolkata"),
          new BudgetZone("America/New_York"));

  private final Random random;
  private final LedgerBatches batches;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<SimulatedBudget> budgets;
  private final List<SimulatedBudget.Raise> raised = new ArrayList<>();
  private int admitted;
  private int refused;
  private boolean lossless = true;
  private Instant now;

  BudgetHistory(long seed, LedgerBatches batches, Instant now) {
    this.random = new Random(seed);
    this.batches = batches;
    this.now = now;
    this.budgets = List.of(budget(BudgetWindow.TOTAL), budget(BudgetWindow.DAY));
    for (int n = 0; n <= random.nextInt(3); n++) {
      nodes.add(newNode());
    }
  }

  private SimulatedBudget budget(BudgetWindow window) {
    String subject = "token:" + new UUID(random.nextLong(), random.nextLong());
    BudgetZone zone = ZONES.get(random.nextInt(ZONES.size()));
    return new SimulatedBudget(subject, 5 + random.nextInt(45), window, zone);
  }

  private SimulatedNode newNode() {
    return new SimulatedNode(random, batches.seenBy(random), now);
  }

  private record Call(
      SimulatedNode node,
      List<SimulatedBudget> budgets,
      long amount,
      Instant at,
      Reservation held) {}

  /** Does something at a time. */
  void step(Instant at) {
    now = at;
    nodes.forEach(node -> node.setClock(at));
    for (int n = 0; n < 2; n++) {
      act();
    }
    for (SimulatedNode node : List.copyOf(nodes)) {
      if (!node.isPaused() && random.nextInt(3) > 0) {
        quietly(node.budgets()::report);
      }
    }
  }

  private void act() {
    SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(60)) {
      case 0 -> die(node);
      case 1 -> node.pause(1 + random.nextInt(6));
      case 2 -> leave(node);
      case 3 -> some().edit(1 + random.nextInt(45), now);
      case 4 ->
          raised.add(
              some().raise(1 + random.nextInt(20), now, Duration.ofSeconds(random.nextInt(1, 90))));
      default -> {
        if (random.nextInt(5) < 3) {
          call(node);
        } else {
          end();
        }
      }
    }
  }

  private SimulatedBudget some() {
    return budgets.get(random.nextInt(budgets.size()));
  }

  private void call(SimulatedNode node) {
    long amount = random.nextInt(4) == 0 ? random.nextInt(24) : 1 + random.nextInt(4);
    List<SimulatedBudget> of = random.nextBoolean() ? budgets : List.of(some());
    List<BudgetDemand> wanted =
        of.stream().map(b -> new BudgetDemand(b.meter(), amount, Optional.empty())).toList();
    ReserveDecision decision = node.budgets().reserveAtOnce(wanted);
    if (decision instanceof ReserveDecision.Unknown) {
      try {
        decision = node.budgets().reserve(wanted);
      } catch (StoreUnavailable e) {
        return;
      }
    }
    if (decision instanceof ReserveDecision.Reserved reserved) {
      admitted++;
      of.forEach(b -> b.admitted(amount, now));
      calls.add(new Call(node, of, amount, now, reserved.reservation()));
    } else {
      refused++;
    }
  }

  /** A call ends: as dear as it could be, cheaper, broken off, or never sent. */
  private void end() {
    if (calls.isEmpty()) {
      return;
    }
    Call call = calls.remove(random.nextInt(calls.size()));
    long cost =
        switch (random.nextInt(4)) {
          case 0 -> call.amount();
          case 1 -> 0;
          default -> random.nextLong(call.amount() + 1);
        };
    settle(call, cost);
  }

  private void settle(Call call, long cost) {
    if (cost == 0) {
      call.held().close();
    } else {
      call.held().settle(new Charge(1, cost, OptionalLong.empty()));
    }
    call.budgets().forEach(b -> b.cost(call.amount() - cost, call.at()));
  }

  /** The calls of the node end with it, and cost what nobody hears of. */
  private void die(SimulatedNode node) {
    lossless = false;
    nodes.set(nodes.indexOf(node), newNode());
    for (Call call : List.copyOf(calls)) {
      if (call.node() == node) {
        boolean unused = calls.remove(call);
        long cost = random.nextLong(call.amount() + 1);
        call.budgets().forEach(b -> b.cost(call.amount() - cost, call.at()));
      }
    }
  }

  /** The node waits for its calls, returns everything and is replaced. */
  private void leave(SimulatedNode node) {
    for (Call call : List.copyOf(calls)) {
      if (call.node() == node) {
        boolean unused = calls.remove(call);
        settle(call, random.nextLong(call.amount() + 1));
      }
    }
    if (quietly(node.budgets()::end)) {
      nodes.set(nodes.indexOf(node), newNode());
    }
  }

  /** All calls end. */
  void endAllCalls() {
    while (!calls.isEmpty()) {
      end();
    }
  }

  /** All nodes return everything, if their connection holds. */
  void endAllNodes(Instant at) {
    now = at;
    for (SimulatedNode node : nodes) {
      node.setClock(at);
      boolean unused = quietly(node.budgets()::end);
    }
  }

  private static boolean quietly(Runnable task) {
    try {
      task.run();
      return true;
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  /** Raises that are not in the database yet. */
  List<SimulatedBudget.Raise> takeRaises() {
    List<SimulatedBudget.Raise> taken = List.copyOf(raised);
    raised.clear();
    return taken;
  }

  List<SimulatedBudget> budgets() {
    return budgets;
  }

  /** Whether no node died, so that the ledger must know exactly what was spent. */
  boolean isLossless() {
    return lossless;
  }

  int admitted() {
    return admitted;
  }

  int refused() {
    return refused;
  }
}
