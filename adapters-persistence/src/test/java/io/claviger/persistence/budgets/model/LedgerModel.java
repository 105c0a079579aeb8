package io.claviger.persistence.budgets.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of budgets and the leases of nodes as a state machine, written from the documentation
 * of budgets alone.
 *
 * <p>Nodes lease portions of a budget from the ledger, reserve what a call may cost out of their
 * portions, and report what calls did cost. Reports may be delayed, even beyond the end of their
 * node. A lease that is not renewed expires: all of it counts as used until its node reports after
 * all. Nodes stop at any moment and forget everything, the budget is raised and lowered, and its
 * window turns. Another primary of the database takes over with everything that was committed, so
 * to a node this is a confirmation that comes late. Every amount is a small whole number.
 *
 * <p>A state is an array of bytes, so that millions can be visited. {@link #forEachStep} lists what
 * may happen next, and {@link #complaint} says which promise a step breaks. {@link LedgerReplay}
 * holds the steps of the real ledger against those of this model.
 */
final class LedgerModel {
  /** Mistakes of a ledger. Each has to be found, or the model proves nothing. */
  enum Mistake {
    /** A lease looks only at what is settled, not at the leases of others. */
    LEASE_IGNORES_OTHERS,
    /** A lease may go one beyond the amount. */
    LEASE_ONE_TOO_MANY,
    /** A report whose confirmation was lost is settled once more. */
    REPORT_SETTLED_TWICE,
    /** An expired lease is free again instead of used. */
    EXPIRY_FREES,
    /** An expired lease counts as used and stays leased. */
    EXPIRY_KEEPS_LEASE,
    /** A late report does not take back what counted as used. */
    LATE_REPORT_CORRECTS_NOTHING,
    /** Each report after an expiry takes back what counted as used, not only the first. */
    LATE_REPORT_CORRECTS_AGAIN,
    /** A node gives away what its calls hold when it returns its lease. */
    RETURN_TAKES_HELD,
    /** A report releases the lease without settling the cost. */
    REPORT_FORGETS_COST,
    /** A node reserves without looking at what is left of its lease. */
    RESERVE_WITHOUT_LEASE,
    /** A call is charged to the window in which it ends. */
    CHARGED_TO_LATER_WINDOW,
    /** The primary is replaced by a standby that lacks a lease which a node has been told of. */
    LEASE_LOST_WITH_PRIMARY,
    /** The primary is replaced by a standby that lacks a report which its node saw confirmed. */
    REPORT_LOST_WITH_PRIMARY,
    /** A raise that ended still counts. */
    RAISE_NEVER_ENDS,
    /** What a call left of its reservation is not free again, nor ever released. */
    REST_IS_LOST
  }

  /**
   * What is explored.
   *
   * @param nodes how many nodes there are
   * @param amounts the amount of each account
   * @param windows how many windows follow each other
   * @param calls how many calls are made, each charged to every account
   * @param bound the most that a call can cost, which strict accounts reserve
   * @param estimate what the other accounts reserve
   * @param strict how many accounts, from the first on, are strict
   * @param change what a change adds to the first account's amount for a time: a raise if positive
   */
  record Setup(
      int nodes,
      int[] amounts,
      int windows,
      int calls,
      int bound,
      int estimate,
      int strict,
      int change) {
    int reserve(int account) {
      return account < strict ? bound : estimate;
    }
  }

  // Phases of a call.
  private static final int WAITING = 0;
  private static final int RUNNING = 1;
  private static final int ENDED = 2;
  // Phases of the change of an amount.
  private static final int BEFORE = 0;
  private static final int DURING = 1;
  private static final int AFTER = 2;
  // Phases of a report.
  private static final int NONE = 0;
  static final int SENT = 1;
  private static final int SETTLED = 2;

  // Values of a row for each node, after those of the ledger.
  static final int LEASED = 0;
  static final int COUNTED = 1;
  static final int FREE = 2;
  private static final int HELD = 3;
  private static final int COST = 4;
  private static final int USED = 5;
  static final int REPORTED_COST = 6;
  static final int REPORTED_USED = 7;
  private static final int VALUES = 8;

  private final Setup setup;
  private final Set<Mistake> mistakes;
  private final int rows;
  private final int nodesAt;
  private final int callsAt;
  private final int size;
  private final List<int[]> orders;

  LedgerModel(Setup setup, Mistake... mistakes) {
    this.setup = setup;
    this.mistakes = EnumSet.noneOf(Mistake.class);
    this.mistakes.addAll(Arrays.asList(mistakes));
    this.rows = setup.amounts().length * setup.windows();
    // The window, the change of the amount, then for each row what is settled and what providers
    // billed.
    this.nodesAt = 2 + 2 * rows;
    this.callsAt = nodesAt + setup.nodes() * nodeSize();
    this.size = callsAt + 3 * setup.calls();
    this.orders = orders(setup.nodes());
  }

  /** The state in which nothing has happened yet. */
  byte[] first() {
    byte[] state = new byte[size];
    for (int node = 0; node < setup.nodes(); node++) {
      state[up(node)] = 1;
    }
    return state;
  }

  /** Calls the consumer with every state that may follow. */
  void forEachStep(byte[] state, Consumer<byte[]> next) {
    changeBudget(state, next);
    for (int node = 0; node < setup.nodes(); node++) {
      boolean up = state[up(node)] == 1;
      if (up) {
        lease(state, node, next);
        reserve(state, node, next);
        report(state, node, next);
        confirm(state, node, next);
        stop(state, node, next);
      }
      settle(state, node, next);
      expire(state, node, next);
    }
    for (int call = 0; call < setup.calls(); call++) {
      end(state, call, next);
    }
  }

  private void changeBudget(byte[] state, Consumer<byte[]> next) {
    if (state[0] < setup.windows() - 1) {
      byte[] turned = state.clone();
      turned[0]++;
      next.accept(turned);
    }
    if (setup.change() != 0 && state[1] < AFTER) {
      byte[] changed = state.clone();
      changed[1]++;
      next.accept(changed);
    }
  }

  /** The ledger leases what fits beside what is settled and leased. */
  void lease(byte[] state, int node, Consumer<byte[]> next) {
    for (int account = 0; account < setup.amounts().length; account++) {
      int row = row(account, state[0]);
      if (state[at(node, row, COUNTED)] > 0) {
        continue; // It has to report first.
      }
      int taken =
          mistakes.contains(Mistake.LEASE_IGNORES_OTHERS) ? state[settled(row)] : total(state, row);
      int left =
          amount(state, row) - taken + (mistakes.contains(Mistake.LEASE_ONE_TOO_MANY) ? 1 : 0);
      if (mistakes.contains(Mistake.RAISE_NEVER_ENDS) && state[1] == AFTER) {
        left += setup.change();
      }
      // A portion serves at least one call: smaller ones only add states that wait for more.
      int portion = setup.reserve(account);
      if (left >= portion && state[at(node, row, FREE)] < portion) {
        byte[] leased = state.clone();
        leased[at(node, row, LEASED)] +=
            (byte) (mistakes.contains(Mistake.LEASE_LOST_WITH_PRIMARY) ? 0 : portion);
        leased[at(node, row, FREE)] += (byte) portion;
        next.accept(leased);
      }
    }
  }

  /** A call begins if it fits into the node's portions of all accounts. */
  private void reserve(byte[] state, int node, Consumer<byte[]> next) {
    int call = firstWaiting(state); // The calls are alike, so they begin in turn.
    if (call < 0) {
      return;
    }
    for (int window = 0;
        window <= state[0];
        window++) { // A node may not know yet that the window turned.
      boolean fits = true;
      for (int account = 0; account < setup.amounts().length; account++) {
        fits &= state[at(node, row(account, window), FREE)] >= setup.reserve(account);
      }
      if (!fits
          && !(mistakes.contains(Mistake.RESERVE_WITHOUT_LEASE)
              && state[at(node, row(0, window), FREE)] > 0)) {
        continue;
      }
      byte[] reserved = state.clone();
      reserved[phase(call)] = RUNNING;
      reserved[phase(call) + 1] = (byte) node;
      reserved[phase(call) + 2] = (byte) window;
      for (int account = 0; account < setup.amounts().length; account++) {
        int row = row(account, window);
        reserved[at(node, row, FREE)] =
            (byte) Math.max(0, reserved[at(node, row, FREE)] - setup.reserve(account));
        reserved[at(node, row, HELD)] += (byte) setup.reserve(account);
      }
      next.accept(reserved);
    }
  }

  /** A call ends, at any cost up to its bound. */
  private void end(byte[] state, int call, Consumer<byte[]> next) {
    if (state[phase(call)] != RUNNING) {
      return;
    }
    for (int cost = 0; cost <= setup.bound(); cost++) {
      byte[] ended = state.clone();
      int node = state[phase(call) + 1];
      int window = state[phase(call) + 2];
      ended[phase(call)] = ENDED;
      ended[phase(call) + 1] = 0;
      ended[phase(call) + 2] = 0;
      boolean up = state[up(node)] == 1;
      for (int account = 0; account < setup.amounts().length; account++) {
        int row = row(account, window);
        int reserved = setup.reserve(account);
        ended[billed(row)] += (byte) cost;
        if (!up) {
          continue;
        }
        int charged =
            mistakes.contains(Mistake.CHARGED_TO_LATER_WINDOW) ? row(account, state[0]) : row;
        ended[at(node, row, HELD)] -= (byte) reserved;
        ended[at(node, charged, COST)] += (byte) cost;
        int more = Math.min(Math.max(0, cost - reserved), ended[at(node, row, FREE)]);
        int rest = Math.max(0, reserved - cost);
        ended[at(node, row, USED)] += (byte) (reserved - rest + more);
        ended[at(node, row, FREE)] +=
            (byte) ((mistakes.contains(Mistake.REST_IS_LOST) ? 0 : rest) - more);
      }
      next.accept(ended);
    }
  }

  /**
   * A node sends what its calls did cost, and gives back all that none of them holds, or keeps it.
   */
  private void report(byte[] state, int node, Consumer<byte[]> next) {
    if (state[up(node) + 1] != NONE) {
      return;
    }
    for (boolean returning : new boolean[] {false, true}) {
      byte[] sent = state.clone();
      boolean any = false;
      for (int row = 0; row < rows; row++) {
        int back = returning ? sent[at(node, row, FREE)] : 0;
        if (returning && mistakes.contains(Mistake.RETURN_TAKES_HELD)) {
          back += sent[at(node, row, HELD)];
        }
        // A node whose lease expired reports even if nothing was used, to get it back.
        any |=
            sent[at(node, row, COST)] + sent[at(node, row, USED)] + back > 0
                || sent[at(node, row, COUNTED)] > 0;
        sent[at(node, row, REPORTED_COST)] = sent[at(node, row, COST)];
        sent[at(node, row, REPORTED_USED)] = (byte) (sent[at(node, row, USED)] + back);
        sent[at(node, row, COST)] = 0;
        sent[at(node, row, USED)] = 0;
        sent[at(node, row, FREE)] -= returning ? sent[at(node, row, FREE)] : 0;
      }
      if (any) {
        sent[up(node) + 1] = SENT;
        next.accept(sent);
      }
    }
  }

  /**
   * The ledger settles a report, perhaps long after it was sent, and after its node has stopped.
   */
  void settle(byte[] state, int node, Consumer<byte[]> next) {
    boolean again =
        state[up(node) + 1] == SETTLED && mistakes.contains(Mistake.REPORT_SETTLED_TWICE);
    if (state[up(node) + 1] != SENT && !again) {
      return;
    }
    byte[] settled = state.clone();
    for (int row = 0; row < rows; row++) {
      int counted = settled[at(node, row, COUNTED)];
      if (counted > 0 && !mistakes.contains(Mistake.LATE_REPORT_CORRECTS_NOTHING)) {
        // The expiry is undone, once.
        settled[settled(row)] -= (byte) counted;
        settled[at(node, row, LEASED)] += (byte) counted;
        if (!mistakes.contains(Mistake.LATE_REPORT_CORRECTS_AGAIN)) {
          settled[at(node, row, COUNTED)] = 0;
        }
      } else {
        settled[at(node, row, COUNTED)] = 0;
      }
      if (!mistakes.contains(Mistake.REPORT_FORGETS_COST)) {
        settled[settled(row)] += settled[at(node, row, REPORTED_COST)];
      }
      settled[at(node, row, LEASED)] =
          (byte)
              Math.max(0, settled[at(node, row, LEASED)] - settled[at(node, row, REPORTED_USED)]);
    }
    settled[up(node) + 1] = SETTLED;
    if (state[up(node)] == 0) {
      forgetReport(settled, node);
    }
    next.accept(settled);
  }

  /** The node learns that its report is settled. */
  private void confirm(byte[] state, int node, Consumer<byte[]> next) {
    boolean lost =
        state[up(node) + 1] == SENT && mistakes.contains(Mistake.REPORT_LOST_WITH_PRIMARY);
    if (state[up(node) + 1] == SETTLED || lost) {
      byte[] confirmed = state.clone();
      forgetReport(confirmed, node);
      next.accept(confirmed);
    }
  }

  /** Nobody renewed a lease: its node stopped, or it is slow. All of it counts as used. */
  void expire(byte[] state, int node, Consumer<byte[]> next) {
    byte[] expired = state.clone();
    boolean any = false;
    for (int row = 0; row < rows; row++) {
      int leased = expired[at(node, row, LEASED)];
      any |= leased > 0;
      if (!mistakes.contains(Mistake.EXPIRY_FREES)) {
        expired[settled(row)] += (byte) leased;
        expired[at(node, row, COUNTED)] += (byte) leased;
      }
      if (!mistakes.contains(Mistake.EXPIRY_KEEPS_LEASE)) {
        expired[at(node, row, LEASED)] = 0;
      }
    }
    if (any) {
      next.accept(expired);
    }
  }

  /** A node stops and forgets everything. Its calls go on at the provider, which bills them. */
  private void stop(byte[] state, int node, Consumer<byte[]> next) {
    byte[] stopped = state.clone();
    stopped[up(node)] = 0;
    for (int row = 0; row < rows; row++) {
      Arrays.fill(stopped, at(node, row, FREE), at(node, row, USED) + 1, (byte) 0);
    }
    if (state[up(node) + 1] == SETTLED) {
      forgetReport(stopped, node);
    }
    next.accept(stopped);
  }

  private void forgetReport(byte[] state, int node) {
    state[up(node) + 1] = NONE;
    for (int row = 0; row < rows; row++) {
      state[at(node, row, REPORTED_COST)] = 0;
      state[at(node, row, REPORTED_USED)] = 0;
    }
  }

  /**
   * The promise that a step broke, or null.
   *
   * @param before the state before the step, in which no promise was broken
   */
  @Nullable String complaint(byte[] before, byte[] after) {
    for (int account = 0; account < setup.amounts().length; account++) {
      boolean strict = account < setup.strict();
      for (int window = 0; window < setup.windows(); window++) {
        int row = row(account, window);
        int total = total(after, row);
        int beyond = strict ? 0 : setup.calls() * (setup.bound() - setup.estimate());
        if (total > amount(after, row) + beyond && total > total(before, row)) {
          return "account "
              + account
              + " has "
              + total
              + " settled and reserved of "
              + amount(after, row);
        }
        int owed = after[billed(row)];
        for (int call = 0; call < setup.calls(); call++) {
          boolean running = after[phase(call)] == RUNNING && after[phase(call) + 2] == window;
          owed += running ? setup.bound() : 0;
        }
        if (strict && owed > total) {
          return "account "
              + account
              + " may be billed "
              + owed
              + " and has "
              + total
              + " settled and reserved";
        }
        for (int node = 0; node < setup.nodes(); node++) {
          if (after[up(node)] == 1
              && known(after, node, row)
                  != after[at(node, row, LEASED)] + after[at(node, row, COUNTED)]) {
            return "node "
                + node
                + " has "
                + known(after, node, row)
                + " of a lease of "
                + after[at(node, row, LEASED)]
                + " and "
                + after[at(node, row, COUNTED)]
                + " that counted as used";
          }
        }
      }
    }
    return complaintAtTheEnd(after);
  }

  /** What a node knows of its lease, or has given back without the ledger's knowledge. */
  private int known(byte[] state, int node, int row) {
    int reported = state[up(node) + 1] == SENT ? state[at(node, row, REPORTED_USED)] : 0;
    return state[at(node, row, FREE)]
        + state[at(node, row, HELD)]
        + state[at(node, row, USED)]
        + reported;
  }

  /**
   * Lets everything end without new calls: then nothing may be reserved any more, and all of the
   * cost is settled.
   */
  private @Nullable String complaintAtTheEnd(byte[] state) {
    byte[][] last = {state};
    Consumer<byte[]> go = next -> last[0] = next;
    for (int call = 0; call < setup.calls(); call++) {
      end(last[0], call, go); // The last of its steps: at the highest cost.
    }
    boolean complete = true;
    for (int node = 0; node < setup.nodes(); node++) {
      boolean running = last[0][up(node)] == 1;
      complete &= running;
      for (int times = 0; times < 2; times++) {
        settle(last[0], node, go);
        if (running) {
          confirm(last[0], node, go);
          report(last[0], node, go); // The last of its steps: the one that gives everything back.
        }
      }
      settle(last[0], node, go);
      if (!running) {
        expire(last[0], node, go);
      }
    }
    for (int row = 0; row < rows; row++) {
      int total = total(last[0], row);
      int settled = last[0][settled(row)];
      int billed = last[0][billed(row)];
      if (total != settled || complete && settled != billed) {
        return "at the end, "
            + settled
            + " are settled and "
            + (total - settled)
            + " stay reserved in row "
            + row
            + ", while the provider billed "
            + billed;
      }
    }
    return null;
  }

  /**
   * Returns the state with its nodes and calls sorted. Nodes are alike and calls are alike, so
   * states that differ only in this order are the same.
   */
  byte[] canonical(byte[] state) {
    byte[] least = null;
    for (int[] order : orders) {
      byte[] renamed = state.clone();
      for (int node = 0; node < setup.nodes(); node++) {
        System.arraycopy(state, up(node), renamed, up(order[node]), nodeSize());
      }
      for (int call = 0; call < setup.calls(); call++) {
        if (state[phase(call)] == RUNNING) {
          renamed[phase(call) + 1] = (byte) order[state[phase(call) + 1]];
        }
      }
      sortCalls(renamed);
      if (least == null || Arrays.compare(renamed, least) < 0) {
        least = renamed;
      }
    }
    return requireNonNull(least);
  }

  private void sortCalls(byte[] state) {
    for (int end = setup.calls() - 1; end > 0; end--) {
      for (int call = 0; call < end; call++) {
        int here = phase(call);
        int there = phase(call + 1);
        if (Arrays.compare(state, here, here + 3, state, there, there + 3) < 0) {
          for (int value = 0; value < 3; value++) {
            byte kept = state[here + value];
            state[here + value] = state[there + value];
            state[there + value] = kept;
          }
        }
      }
    }
  }

  private static List<int[]> orders(int nodes) {
    if (nodes == 1) {
      return List.of(new int[] {0});
    }
    List<int[]> orders = new ArrayList<>();
    for (int[] shorter : orders(nodes - 1)) {
      for (int place = 0; place < nodes; place++) {
        int[] order = new int[nodes];
        for (int node = 0; node < nodes; node++) {
          order[node] = node == place ? nodes - 1 : shorter[node < place ? node : node - 1];
        }
        orders.add(order);
      }
    }
    return orders;
  }

  private int amount(byte[] state, int row) {
    boolean changed = state[1] == DURING && row < setup.windows();
    return setup.amounts()[row / setup.windows()] + (changed ? setup.change() : 0);
  }

  private int total(byte[] state, int row) {
    int total = state[settled(row)];
    for (int node = 0; node < setup.nodes(); node++) {
      total += state[at(node, row, LEASED)];
    }
    return total;
  }

  private int firstWaiting(byte[] state) {
    for (int call = 0; call < setup.calls(); call++) {
      if (state[phase(call)] == WAITING) {
        return call;
      }
    }
    return -1;
  }

  private int row(int account, int window) {
    return account * setup.windows() + window;
  }

  static int settled(int row) {
    return 2 + 2 * row;
  }

  private static int billed(int row) {
    return 3 + 2 * row;
  }

  private int nodeSize() {
    return 2 + rows * VALUES;
  }

  int up(int node) {
    return nodesAt + node * nodeSize();
  }

  int at(int node, int row, int value) {
    return up(node) + 2 + row * VALUES + value;
  }

  private int phase(int call) {
    return callsAt + 3 * call;
  }
}
