package io.claviger.application.shared;

import java.util.function.Supplier;

/**
 * The database found a conflict with another transaction that was faster. Ports throw this
 * exception. The attempt is then repeated with the present data, so callers of a use case never see
 * this exception.
 */
public final class ConcurrencyConflict extends TransientFailure {
  /** The kind of conflict. */
  public enum How {
    /** Another transaction has taken a name or another unique value. */
    TAKEN,
    /** The requested reference still belongs to a transferred service or project. */
    RESERVED,
    /** A row refers to something that no longer exists. */
    REFERENCE_GONE,
    /** The database could not serialize two transactions, or found a deadlock. */
    NOT_SERIALIZABLE,
    /** Another transaction held a lock for longer than the attempt may wait. */
    LOCKED
  }

  private final How how;

  public ConcurrencyConflict(How how, Throwable cause) {
    super(how.name(), cause);
    this.how = how;
  }

  /**
   * Creates an exception for data that another transaction has changed since this transaction read
   * them without a lock.
   *
   * @param why what the other transaction has done, for the log
   */
  public static ConcurrencyConflict notSerializable(String why) {
    return new ConcurrencyConflict(How.NOT_SERIALIZABLE, new IllegalStateException(why));
  }

  public How how() {
    return how;
  }

  /**
   * Runs work, and repeats it immediately after a conflict. A conflict must roll back the work as a
   * whole. The work is not repeated if another transaction held a lock for too long, because each
   * attempt would wait for the lock again.
   *
   * @param most the maximum number of attempts
   * @throws ConcurrencyConflict if the last attempt also had a conflict
   */
  public static <T> T repeated(int most, Supplier<T> work) {
    for (int attempt = 1; true; attempt++) {
      try {
        return work.get();
      } catch (ConcurrencyConflict e) {
        if (attempt == most || e.how() == How.LOCKED) {
          throw e;
        }
      }
    }
  }
}
