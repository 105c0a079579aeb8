package io.claviger.domain.fairness;

import java.util.TreeMap;

/**
 * A borrower's waiting calls in a node's queue, and what the borrower's calls use and need.
 *
 * @param <C> the type of calls
 */
final class QueuedBorrower<C> {
  /** The approximate time, in milliseconds, over which a borrower's pace is averaged. */
  private static final double PACE_MILLIS = 2_000;

  private static final double PACE_SECONDS = PACE_MILLIS / 1_000;

  /**
   * The shortest time over which the pace of a new borrower is averaged. A shorter time would not
   * suffice, because the first calls alone don't show what later calls need.
   */
  private static final double LEAST_PACE_MILLIS = 1_000;

  private static final double AHEAD_SECONDS = 1.5;

  /** Below this number of recent calls, the pace is treated as zero. */
  private static final double LEAST_CALLED = 0.5;

  /**
   * The waiting calls, ordered by their place in the queue. The calls are in a map because they can
   * also leave the middle of the queue.
   */
  final TreeMap<Long, CapacityQueue.Waiting<C>> calls = new TreeMap<>();

  final NodeSlots.Use slots = new NodeSlots.Use();
  int weight = 1;
  PaceUse granted = PaceUse.NONE;
  PaceUse used = PaceUse.NONE;

  /** For calls that have ended, the amount by which their use was less than expected. */
  PaceUse unused = PaceUse.NONE;

  /** The amount that the provider counted for calls that have ended, in addition to their use. */
  PaceUse beyond = PaceUse.NONE;

  /** The total use that all waiting calls need. */
  PaceUse wanted = PaceUse.NONE;

  private PaceUse stated = PaceUse.NONE;
  private PaceUse statedUnused = PaceUse.NONE;
  private PaceUse statedBeyond = PaceUse.NONE;
  private int weightOfLate;
  private boolean isStated;

  /** The number of calls in about the last {@link #PACE_MILLIS}; older calls have less weight. */
  private double calledLately;

  private double inputLately;
  private double outputLately;
  private double endedLately;
  private long paceAt;

  /** The time of the first call that arrived after a period with hardly any calls. */
  private long paceSince;

  QueuedBorrower(long now) {
    this.paceAt = now;
    this.paceSince = now;
  }

  void note(PaceUse use, long now) {
    double kept = Math.exp((paceAt - now) / PACE_MILLIS);
    if (use.calls() > 0 && calledLately * kept < LEAST_CALLED) {
      paceSince = now;
    }
    calledLately = calledLately * kept + use.calls();
    inputLately = inputLately * kept + use.input();
    outputLately = outputLately * kept + use.output();
    endedLately *= kept;
    paceAt = now;
  }

  void noteEnded(long now) {
    note(PaceUse.NONE, now);
    endedLately++;
  }

  double endedInSecond(long now) {
    note(PaceUse.NONE, now);
    return endedLately / PACE_SECONDS;
  }

  /**
   * Records the weight of a call. The borrower's weight is the highest weight among its waiting
   * calls and the calls that arrived after the node's last report to the database.
   */
  void weighs(int by) {
    weightOfLate = Math.max(weightOfLate, by);
    weight = Math.max(weight, by);
  }

  private void reweigh() {
    for (CapacityQueue.Waiting<C> call : calls.values()) {
      weightOfLate = Math.max(weightOfLate, call.weight);
    }
    weight = weightOfLate > 0 ? weightOfLate : weight;
    weightOfLate = 0;
  }

  boolean isIdle(long now) {
    note(PaceUse.NONE, now);
    return calls.isEmpty()
        && slots.running == 0
        && used.equals(PaceUse.NONE)
        && beyond.equals(PaceUse.NONE)
        && granted.equals(PaceUse.NONE)
        && calledLately < 0.01;
  }

  /**
   * Returns what the node's statement says about this borrower: the use of the borrower's calls,
   * and the amounts that they want.
   *
   * @param mayStart the number of additional calls for which the node has free slots
   * @param isShort whether, according to the account's last answer, borrowers wanted more than was
   *     left or a limit was paused
   */
  CapacityStatement.Claim claim(long now, int mayStart, boolean isShort) {
    note(PaceUse.NONE, now);
    reweigh();
    long starts = Math.min(Integer.MAX_VALUE, mayStart + (long) Math.ceil(2 * endedLately) + 1);
    PaceUse first = PaceUse.NONE;
    PaceUse needed = PaceUse.NONE;
    for (CapacityQueue.Waiting<C> call : calls.values()) {
      if (needed.calls() >= starts) {
        break;
      }
      needed = needed.plus(call.use);
    }
    if (needed.calls() < starts) {
      needed = needed.plus(ahead().ofCalls(starts - needed.calls()));
    }
    // While no borrower wants more than is left, the borrower keeps up to twice the needed amount,
    // because a growing load needs more.
    PaceUse kept = atMost(granted, isShort ? needed : needed.times(2));
    long waited = 0;
    if (!calls.isEmpty()) {
      CapacityQueue.Waiting<C> next = calls.firstEntry().getValue();
      first = next.use.without(kept);
      waited = Math.max(0, now - next.since);
    }
    PaceUse further = needed.without(kept.plus(first));
    granted = kept;
    stated = used;
    statedUnused = unused;
    statedBeyond = beyond;
    isStated = !needed.equals(PaceUse.NONE);
    return new CapacityStatement.Claim(
        weight, used, unused, kept, first, further, slots.running, calls.size(), waited, beyond);
  }

  /** Whether the last statement said that the borrower wants more. */
  boolean isStated() {
    return isStated;
  }

  /**
   * Subtracts the stated amounts from this borrower's counts after the account has received the
   * statement.
   */
  void settleStated() {
    used = used.minus(stated);
    unused = unused.minus(statedUnused);
    beyond = beyond.minus(statedBeyond);
    statedBeyond = PaceUse.NONE;
    stated = PaceUse.NONE;
    statedUnused = PaceUse.NONE;
  }

  /**
   * Returns 1.5 times the amount that the borrower's calls need in a second at their recent pace.
   * If the amount were smaller, a call might have to wait until the next exchange, and all later
   * calls would have to wait, too. What is not used in this second is kept for the next second.
   */
  private PaceUse ahead() {
    if (calledLately < LEAST_CALLED) {
      return PaceUse.NONE;
    }
    // If a load began less than two seconds ago, its computed average pace is too low by this
    // factor.
    double heard =
        1 - Math.exp(-Math.max((double) (paceAt - paceSince), LEAST_PACE_MILLIS) / PACE_MILLIS);
    double times = AHEAD_SECONDS / PACE_SECONDS / heard;
    return new PaceUse(
        (long) Math.ceil(calledLately * times),
        (long) Math.ceil(inputLately * times),
        (long) Math.ceil(outputLately * times));
  }

  private static PaceUse atMost(PaceUse use, PaceUse most) {
    return new PaceUse(
        Math.min(use.calls(), most.calls()),
        Math.min(use.input(), most.input()),
        Math.min(use.output(), most.output()));
  }
}
