package io.claviger.domain.fairness;

import org.jspecify.annotations.Nullable;

/**
 * How many calls a node may have under way at a time, and which of its borrowers uses them. A freed
 * slot goes to the borrower who had the least of them for their share, now and lately. This class
 * is not thread-safe.
 */
final class NodeSlots {
  /** A call under way counts as if it had begun so long ago. */
  private static final double STARTED_MILLIS = 1_000;

  /** A share is never less, so that everyone's turn comes. */
  private static final double LEAST_SHARE = 0.01;

  private int slots = Integer.MAX_VALUE;
  private int wanted = Integer.MAX_VALUE;
  private boolean areLost;
  private int running;

  /** Where the borrower began who was served last; those who return begin here. */
  private double clock;

  /** What one borrower uses of a node's slots. */
  static final class Use {
    int running;
    private double share = LEAST_SHARE;

    /** The time for which slots were used, divided by the share. */
    private double clock;

    private long at;

    /** Who has the lowest goes next. */
    double clock(long now) {
      advance(now);
      return clock + running * STARTED_MILLIS / share;
    }

    private void advance(long now) {
      clock += running * Math.max(0, now - at) / share;
      at = Math.max(at, now);
    }

    /**
     * @param due how many slots are due to the borrower on this node; null if nobody has said so
     */
    void share(@Nullable Double due, int weight, long now) {
      advance(now);
      share = Math.max(LEAST_SHARE, due == null ? weight * LEAST_SHARE : due);
    }
  }

  boolean areLimited() {
    return slots != Integer.MAX_VALUE;
  }

  boolean areFree() {
    return running < slots;
  }

  int running() {
    return running;
  }

  /** How many the node has, used or not. */
  int held() {
    return areLimited() ? Math.max(slots, running) : running;
  }

  /** How many calls could begin, as far as the node knows. */
  int mostToStart() {
    return areLimited() && !areLost ? Math.max(0, slots - running) : Integer.MAX_VALUE;
  }

  void take(Use use, long now) {
    use.advance(now);
    if (use.running == 0) {
      use.clock = Math.max(use.clock, clock);
    }
    clock = Math.max(clock, use.clock);
    use.running++;
    running++;
  }

  void free(Use use, long now) {
    use.advance(now);
    use.running = Math.max(0, use.running - 1);
    running = Math.max(0, running - 1);
    slots = Math.min(slots, Math.max(wanted, running));
  }

  /** Others may have what this node does not use. */
  void lose() {
    slots = areLimited() ? Math.min(slots, running) : slots;
    areLost = true;
  }

  /** A node that has more than it should keep gives up the rest as its calls end. */
  void apply(CapacityGrant grant) {
    areLost = false;
    wanted = grant.slotsWanted();
    slots = Math.min(grant.slots(), Math.max(wanted, running));
  }
}
