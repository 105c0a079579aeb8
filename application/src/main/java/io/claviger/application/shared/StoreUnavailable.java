package io.claviger.application.shared;

/**
 * The database can't be asked now. Nothing is known of the attempt but that it may be made again
 * later.
 */
public final class StoreUnavailable extends RuntimeException {
  public StoreUnavailable(Throwable cause) {
    super("the database can't be reached", cause);
  }
}
