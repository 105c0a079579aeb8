package io.claviger.wiring.upkeep;

import io.claviger.application.shared.ConcurrencyConflict;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that needs exclusive locks on tables. While others use the tables, the task tries only
 * once a minute, because others have to wait during each attempt. After several failed attempts in
 * a row, the task counts as failed, so that operators learn of the problem.
 */
public final class PatientTurn implements Upkeep.Turn {
  public static final Duration BETWEEN_ATTEMPTS = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(PatientTurn.class);

  private final Upkeep.Turn turn;
  private final int most;
  private final LongSupplier nanos;
  private int conflicts;
  private long triedAt;

  /** The conflict due to which this task now counts as failed. */
  private @Nullable ConcurrencyConflict failure;

  /**
   * @param turn one run of the task; it throws {@link ConcurrencyConflict} while others use the
   *     tables
   * @param most the maximum number of attempts in a row that may fail because the tables are in use
   */
  public PatientTurn(Upkeep.Turn turn, int most, LongSupplier nanos) {
    this.turn = turn;
    this.most = most;
    this.nanos = nanos;
  }

  @Override
  public Duration take() {
    if (failure != null && nanos.getAsLong() - triedAt < BETWEEN_ATTEMPTS.toNanos()) {
      throw failure;
    }
    failure = null;
    triedAt = nanos.getAsLong();
    try {
      Duration pause = turn.take();
      conflicts = 0;
      return pause;
    } catch (ConcurrencyConflict e) {
      conflicts++;
      if (conflicts > most) {
        failure = e;
        throw e;
      }
      LOG.debug("the tables are in use; trying again in a minute", e);
      return BETWEEN_ATTEMPTS;
    }
  }
}
