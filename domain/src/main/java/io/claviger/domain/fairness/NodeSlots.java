package io.claviger.domain.fairness;

import org.jspecify.annotations.Nullable;

/**
 * The slots of a node, and which borrowers use them. The number of slots is the number of calls
 * that the node may run at a time. A freed slot goes to the borrower who uses, and recently used,
 * the fewest slots relative to the borrower's share. This class is not thread-safe.
 */
final class NodeSlots {
  /**
   * When the clock of a borrower is compared, each running call counts as if it had begun this
   * number of milliseconds earlier.
   */
  private static final double STARTED_MILLIS = 1_000;

  /**
   * The smallest share that a borrower can have. This minimum guarantees that every borrower gets a
   * turn.
   */
  private static final double LEAST_SHARE = 0.01;

  private int slots = Integer.MAX_VALUE;
  private int wanted = Integer.MAX_VALUE;
  private boolean areLost;
  private int running;

  /**
   * The time on the last served borrower's clock when that borrower's call began. The clock of a
   * returning borrower starts at this time.
   */
  private double clock;

  /** One borrower's use of a node's slots. */
  static final class Use {
    int running;
    private double share = LEAST_SHARE;

    /** The time for which the borrower used slots, divided by the borrower's share. */
    private double clock;

    private long at;

    /**
     * Returns the time on the borrower's clock. The borrower with the lowest time gets the next
     * slot.
     */
    double clock(long now) {
      advance(now);
      return clock + running * STARTED_MILLIS / share;
    }

    private void advance(long now) {
      clock += running * Math.max(0, now - at) / share;
      at = Math.max(at, now);
    }

    /**
     * @param due the borrower's fair number of slots on this node; null if the account has not
     *     stated it
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

  /** Returns the number of the node's slots, whether they are used or not. */
  int held() {
    return areLimited() ? Math.max(slots, running) : running;
  }

  /** Returns how many more calls could begin, as far as this node knows. */
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

  /** Gives up the unused slots, because other nodes might have these slots by now. */
  void lose() {
    slots = areLimited() ? Math.min(slots, running) : slots;
    areLost = true;
  }

  /**
   * Adopts a grant. If the node has more slots than it should keep, it gives up the excess slots
   * when its calls end.
   */
  void apply(CapacityGrant grant) {
    areLost = false;
    wanted = grant.slotsWanted();
    slots = Math.min(grant.slots(), Math.max(wanted, running));
  }
}
