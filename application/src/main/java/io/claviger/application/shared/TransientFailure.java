package io.claviger.application.shared;

/** A failure of the database that may be over soon, so that another attempt might succeed. */
public abstract sealed class TransientFailure extends RuntimeException
    permits StoreUnavailable, QueryTimeout, ConcurrencyConflict {
  TransientFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
