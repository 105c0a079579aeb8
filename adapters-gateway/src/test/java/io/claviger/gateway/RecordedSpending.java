package io.claviger.gateway;

import io.claviger.application.budgets.CallSpending;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records what is reserved for the calls of a test, and how each reservation ended. */
final class RecordedSpending {
  /**
   * The end of a reservation.
   *
   * @param charged empty where all was returned
   */
  record End(Optional<CallUse> charged) {
    boolean failed() {
      return charged.filter(use -> use.evidence() == CallUse.Evidence.REFUSED).isPresent();
    }
  }

  private final List<One> all = new ArrayList<>();
  private final List<String> made = new ArrayList<>();
  private int mostAtATime;

  private final class One implements CallSpending {
    private Optional<End> end = Optional.empty();

    private boolean isHeld = true;

    private final boolean strict;
    private final boolean ofBatch;

    One(boolean strict, boolean ofBatch) {
      this.strict = strict;
      this.ofBatch = ofBatch;
    }

    @Override
    public Optional<ReservedBatch> batch() {
      return ofBatch ? Optional.of(new Made()) : Optional.empty();
    }

    private final class Made implements ReservedBatch {
      @Override
      public boolean made(String id) {
        synchronized (all) {
          return made.add(id);
        }
      }

      @Override
      public void refused() {
        close();
      }
    }

    @Override
    public boolean isStrict() {
      return strict;
    }

    @Override
    public void giveBack() {
      synchronized (all) {
        isHeld = false;
      }
    }

    @Override
    public Optional<CallCharge> settle(CallUse use) {
      end(new End(Optional.of(use)));
      return Optional.empty();
    }

    @Override
    public void close() {
      end(new End(Optional.empty()));
    }

    private void end(End how) {
      synchronized (all) {
        end = end.isPresent() ? end : Optional.of(how);
        all.notifyAll();
      }
    }
  }

  CallSpending reserve() {
    return reserve(false);
  }

  /** Reserves of a budget that may be strict. */
  CallSpending reserve(boolean strict) {
    return add(new One(strict, false));
  }

  /** Reserves for a batch. */
  CallSpending reserveForBatch() {
    return add(new One(false, true));
  }

  private CallSpending add(One next) {
    synchronized (all) {
      all.add(next);
      mostAtATime =
          Math.max(
              mostAtATime,
              (int) all.stream().filter(one -> one.isHeld && one.end.isEmpty()).count());
    }
    return next;
  }

  /** The number of reservations that have not ended. */
  int open() {
    synchronized (all) {
      return (int) all.stream().filter(one -> one.end.isEmpty()).count();
    }
  }

  /** Returns the maximum number of simultaneous calls with a reservation. */
  int mostAtATime() {
    synchronized (all) {
      return mostAtATime;
    }
  }

  /** The ids of the batches that were made. */
  List<String> made() {
    synchronized (all) {
      return List.copyOf(made);
    }
  }

  /** The ends of so many reservations, in the order in which they were made. */
  List<End> awaitEnds(int count) {
    synchronized (all) {
      long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
      while (all.size() < count || !all.stream().allMatch(one -> one.end.isPresent())) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("reservations that did not end, of " + all.size());
        }
        try {
          all.wait(Math.min(left, 20));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      return all.stream().map(one -> one.end.orElseThrow()).toList();
    }
  }
}
