package io.claviger.application.shared;

/**
 * Another transaction got there first, as the database found. The attempt is made again on what is
 * there now, so callers of a use case never see this; the ports throw it.
 */
public final class ConcurrencyConflict extends RuntimeException {
  /** How the race was lost. */
  public enum How {
    /** A name or other unique thing is taken by now. */
    TAKEN,
    /** What was to be referred to is gone. */
    REFERENCE_GONE,
    /** The database could not order two transactions (deadlock, serialization). */
    NOT_SERIALIZABLE
  }

  private final How how;

  public ConcurrencyConflict(How how, Throwable cause) {
    super(how.name(), cause);
    this.how = how;
  }

  public How how() {
    return how;
  }
}
