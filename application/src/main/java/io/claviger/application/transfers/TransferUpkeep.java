package io.claviger.application.transfers;

import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.TransferStore;
import java.time.Duration;
import java.time.Instant;

/**
 * Ends offers and former references that have expired, and deletes transfers that ended long ago.
 * The time of a run does not matter, because every reader of an offer or a reference checks the
 * time at which it expires.
 */
public final class TransferUpkeep {
  /** For how long a transfer is still shown after its end. */
  static final Duration SHOWN_FOR = Duration.ofDays(90);

  private static final Duration BETWEEN = Duration.ofMinutes(10);

  private final TransferStore transfers;
  private final MovedReferences moved;
  private Instant next = Instant.MIN;

  public TransferUpkeep(TransferStore transfers, MovedReferences moved) {
    this.transfers = transfers;
    this.moved = moved;
  }

  /**
   * Runs the upkeep if ten minutes have passed since the last time. Only one thread may call this
   * method.
   */
  public void runIfDue(Instant now) {
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(BETWEEN);
    transfers.expire(now);
    moved.deleteOutdated(now);
    int unused = transfers.deleteEndedBefore(now.minus(SHOWN_FOR));
  }
}
