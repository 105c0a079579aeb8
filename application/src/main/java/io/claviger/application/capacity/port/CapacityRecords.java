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

/**
 * Reads the nodes' records about capacities in the last hour. All times are by the clock of the
 * database.
 */
public interface CapacityRecords {
  /** The greatest number of borrowers that are read. The borrowers with the most calls are read. */
  int MOST_BORROWERS = 200;

  /**
   * Returns each limit as an answer of the provider last stated it. If no answer stated the limit,
   * returns the limit as it is known from another source.
   */
  List<RecordedLimit> limits(CapacityKey capacity);

  /**
   * Returns how many calls wait now on all nodes, and how long the call that has waited longest has
   * waited.
   */
  WaitingCalls waiting(CapacityKey capacity);

  /**
   * Returns the minutes of the last hour in which there were calls, the earliest first.
   *
   * @param borrower the borrower whose calls are counted; empty if the calls of all borrowers are
   *     counted
   */
  List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower);

  /**
   * Returns the borrowers who called in the last hour or have waiting calls, borrowers with the
   * most calls first.
   *
   * @param borrower the only borrower whose minutes are wanted; empty for all borrowers
   */
  List<BorrowerRecord> borrowers(CapacityKey capacity, Optional<UUID> borrower);

  /**
   * Returns the capacities with the most calls, and the fraction of each known limit that their
   * calls used. The counts include the calls that were sent or refused in the last whole minute,
   * and the calls that wait now.
   */
  List<BusyCapacity> busiest(int most);

  /**
   * How much of a capacity is used.
   *
   * @param waiting how many calls wait now, on all nodes
   * @param used for the name of each limit, the used fraction of this limit, such as 0.8. For
   *     limits per minute, the calls of the last whole minute are counted; for limits on calls at
   *     the same time, the running calls are counted. If several models have this limit, the
   *     fraction is the largest among them
   */
  record BusyCapacity(CapacityKey capacity, int waiting, Map<String, Double> used) {
    public BusyCapacity {
      used = Map.copyOf(used);
    }
  }

  /**
   * A limit of the provider.
   *
   * @param limit the name of the limit
   * @param model the model that is limited; empty if the limit is for all models together
   * @param stated the limit that the owner states; if several services state the limit, the lowest
   *     value; empty if no service states it
   * @param learned the limit that the provider stated; empty if the provider stated no limit
   * @param used how much of the limit calls used in the last whole minute, or how many calls are
   *     under way
   * @param left the remaining amount according to the provider's last answer; empty if that answer
   *     did not state it
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
    /**
     * Returns the lower of the stated and the learned limit, which is the limit that applies. At
     * least one of these two limits is present.
     */
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
   * @param calls how many calls waited and were then sent
   * @param time the sum of the times that these calls waited
   * @param refused how many calls were refused because the provider's limits left nothing for them
   *     in time, with or without a wait
   */
  record Waits(long calls, Duration time, long refused) {}

  record MinuteRecord(Instant minute, PaceUse used, Waits waits) {}

  /**
   * A borrower, and how much of the capacity the borrower used.
   *
   * @param name the handle of a person, or {@code @} and the handle of a group; empty for a
   *     borrower who was deleted
   * @param weight the weight of the borrower when calls take turns; empty if the borrower has no
   *     weight at present
   * @param waiting how many of the borrower's calls wait now
   */
  record BorrowerRecord(
      Optional<String> name, OptionalInt weight, PaceUse used, Waits waits, int waiting) {}
}
