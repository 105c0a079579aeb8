package io.claviger.application.transfers;

import io.claviger.application.shared.Elapsed;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.TransferStore;
import java.time.Duration;
import java.time.Instant;

/**
 * Ends expired offers and former references, and deletes transfers that ended long ago. The upkeep
 * may run at any time, because all code that reads offers and references checks the expiry itself.
 */
public final class TransferUpkeep {
  /** The time for which a transfer is shown after its end. */
  static final Duration SHOWN_FOR = Duration.ofDays(90);

  private static final Duration BETWEEN = Duration.ofMinutes(10);

  private final TransferStore transfers;
  private final MovedReferences moved;
  private Instant lastRun = Instant.MIN;

  public TransferUpkeep(TransferStore transfers, MovedReferences moved) {
    this.transfers = transfers;
    this.moved = moved;
  }

  /**
   * Runs the upkeep if the last run was at least ten minutes ago. Only one thread at a time may
   * call this method.
   *
   * @param now the time of the node's clock, which decides only when the upkeep runs
   */
  public void runIfDue(Instant now) {
    if (Elapsed.isWithin(BETWEEN, lastRun, now)) {
      return;
    }
    lastRun = now;
    transfers.expire();
    moved.deleteOutdated();
    int unused = transfers.deleteEnded(SHOWN_FOR);
  }
}
