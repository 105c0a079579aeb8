package io.claviger.application.shared;

/**
 * The database found a conflict with another transaction that came first. Ports throw this
 * exception. The attempt is then repeated on the present state, so callers of a use case never see
 * the exception.
 */
public final class ConcurrencyConflict extends RuntimeException {
  /** The kind of conflict. */
  public enum How {
    /** A name or another unique value has been taken by another transaction in the meantime. */
    TAKEN,
    /** The wanted reference still belongs to a service or project that was transferred. */
    RESERVED,
    /** A row refers to a thing that no longer exists. */
    REFERENCE_GONE,
    /** The database could not serialize two transactions, or found a deadlock. */
    NOT_SERIALIZABLE,
    /** Another transaction kept a lock for longer than the attempt may wait. */
    LOCKED
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
