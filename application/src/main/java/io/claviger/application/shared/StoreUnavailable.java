package io.claviger.application.shared;

/** The database can't be reached. It is not known whether the attempt succeeded. */
public final class StoreUnavailable extends TransientFailure {
  public StoreUnavailable(Throwable cause) {
    super("the database can't be reached", cause);
  }
}
