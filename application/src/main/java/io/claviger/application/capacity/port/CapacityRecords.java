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
 * Reads the nodes' records about capacities in the last hour. All times are from the database's
 * clock.
 */
public interface CapacityRecords {
  /** The maximum number of borrowers that are read. The borrowers with the most calls are read. */
  int MOST_BORROWERS = 200;

  /**
   * Returns each limit as the provider's answers last stated it. If no answer stated the limit,
   * returns the limit that is known from another source.
   */
  List<RecordedLimit> limits(CapacityKey capacity);

  /**
   * Returns how many calls wait on all nodes now, and how long the longest-waiting call has waited.
   */
  WaitingCalls waiting(CapacityKey capacity);

  /**
   * Returns the minutes with calls in the last hour, earliest first.
   *
   * @param borrower the borrower whose calls are counted; if empty, the calls of all borrowers are
   *     counted
   */
  List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower);

  /**
   * Returns the borrowers who called in the last hour or have waiting calls. The borrowers with the
   * most calls come first.
   *
   * @param borrower the borrower whose minutes are returned; if empty, the minutes of all borrowers
   *     are returned
   */
  List<BorrowerRecord> borrowers(CapacityKey capacity, Optional<UUID> borrower);

  /**
   * Returns the capacities with the most calls, with the used fraction of each known limit. The
   * number of calls includes the calls that were sent or refused in the last full minute, and the
   * calls that wait now.
   */
  List<BusyCapacity> busiest(int most);

  /**
   * The used part of a capacity.
   *
   * @param waiting the number of calls that wait on all nodes now
   * @param used the used fraction of each limit, such as 0.8, keyed by the limit's name. For limits
   *     per minute, the calls of the last full minute count. For limits on simultaneous calls, the
   *     running calls count. If several models have a limit with this name, the value is the
   *     largest of the models' fractions
   */
  record BusyCapacity(CapacityKey capacity, int waiting, Map<String, Double> used) {
    public BusyCapacity {
      used = Map.copyOf(used);
    }
  }

  /**
   * A provider's limit.
   *
   * @param limit the name of the limit
   * @param model the limited model; empty if the limit is for all models together
   * @param stated the lowest limit that an owner states for the services; empty if no service
   *     states it
   * @param learned the limit that the provider stated; empty if the provider stated none
   * @param used the amount that was used in the last full minute, or the number of running calls
   * @param left the remaining amount, according to the provider's last answer; empty if the answer
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
     * Returns the limit that applies: the lower of the stated and the learned limit. At least one
     * of the two limits is present.
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
   * @param calls the number of calls that waited and were then sent
   * @param time the sum of these calls' waits
   * @param refused the number of calls that were refused, with or without a wait, because the
   *     provider's limits left no room for them in time
   */
  record Waits(long calls, Duration time, long refused) {}

  record MinuteRecord(Instant minute, PaceUse used, Waits waits) {}

  /**
   * A borrower, with the amounts of the capacity that the borrower used.
   *
   * @param name the handle of a person, or {@code @} and the handle of a group; empty if the
   *     borrower was deleted
   * @param weight the borrower's weight when calls take turns; empty if the borrower has no weight
   *     at present
   * @param waiting the number of the borrower's calls that wait now
   */
  record BorrowerRecord(
      Optional<String> name, OptionalInt weight, PaceUse used, Waits waits, int waiting) {}
}
