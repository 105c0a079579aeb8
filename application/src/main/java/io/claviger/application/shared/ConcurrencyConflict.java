package io.claviger.application.shared;

/**
 * The database found that another transaction was faster. Ports throw this, and the attempt is
 * repeated on the present state, so callers of a use case never see it.
 */
public final class ConcurrencyConflict extends RuntimeException {
  /** The kind of conflict. */
  public enum How {
    /** A name or another unique value is taken by now. */
    TAKEN,
    /** A reference still leads to a service or project that moved away from it. */
    RESERVED,
    /** The thing to refer to is gone. */
    REFERENCE_GONE,
    /** The database could not serialize two transactions, or found a deadlock. */
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
