package io.claviger.application.capacity.port;

import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Reads what nodes recorded of capacities in the last hour. Times are the store's. */
public interface CapacityRecords {
  /** How many borrowers are read: those who made the most calls. */
  int MOST_BORROWERS = 200;

  /**
   * The last statement about a limit in an answer of the provider, or what is known without an
   * answer.
   */
  List<RecordedLimit> limits(CapacityKey capacity);

  /** How many calls wait on all nodes now, and how long the first of them has waited. */
  WaitingCalls waiting(CapacityKey capacity);

  /**
   * Returns the minutes of the last hour in which there were calls, the earliest first.
   *
   * @param borrower whose calls; empty for those of all
   */
  List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower);

  /**
   * Returns who called in the last hour or waits now, those with the most calls first.
   *
   * @param borrower who alone; empty for all
   */
  List<BorrowerRecord> borrowers(CapacityKey capacity, Optional<UUID> borrower);

  /**
   * Returns the capacities with the most calls: those that went out or were refused in the last
   * whole minute, and those that wait now. Says what they used of each limit that is known.
   */
  List<BusyCapacity> busiest(int most);

  /**
   * What is used of a capacity.
   *
   * @param waiting how many calls wait now, on all nodes
   * @param used by the name of the limit: the part of it that was used in the last whole minute, or
   *     is under way, such as 0.8; of several models' limits, the largest part
   */
  record BusyCapacity(CapacityKey capacity, int waiting, Map<String, Double> used) {
    public BusyCapacity {
      used = Map.copyOf(used);
    }
  }

  /**
   * A limit of the provider.
   *
   * @param limit its name
   * @param model the model that it is for; empty if it is for all models together
   * @param stated what the owner says that it allows, of several services the lowest; empty if none
   *     says it
   * @param learned what the provider said that it allows; empty if it did not
   * @param used what calls used of it in the last whole minute, or how many calls are under way
   * @param left what the last answer said to be left; empty if it did not say it
   */
  record RecordedLimit(
      String limit,
      Optional<String> model,
      OptionalLong stated,
      OptionalLong learned,
      Optional<Instant> learnedAt,
      long used,
      OptionalLong left,
      Optional<Instant> resetsAt) {
    /** The lower one of stated and learned, which counts; one of them is there. */
    public long allowed() {
      return Math.min(stated.orElse(Long.MAX_VALUE), learned.orElse(Long.MAX_VALUE));
    }
  }

  /** Calls that wait now. */
  record WaitingCalls(int calls, Duration longest) {
    public static final WaitingCalls NONE = new WaitingCalls(0, Duration.ZERO);
  }

  /**
   * How calls waited.
   *
   * @param calls how many waited and went out then
   * @param time how long these waited, all together
   * @param refused how many were refused because nothing was left in time, also after a wait
   */
  record Waits(long calls, Duration time, long refused) {}

  record MinuteRecord(Instant minute, PaceUse used, Waits waits) {}

  /**
   * Who used the capacity.
   *
   * @param name the handle of a person, or {@code @} and that of a group; empty for somebody who
   *     has left
   * @param weight the weight with which their calls take turns; empty if they have none at present
   * @param waiting how many of their calls wait now
   */
  record BorrowerRecord(
      Optional<String> name, OptionalInt weight, PaceUse used, Waits waits, int waiting) {}
}
