package io.claviger.application.shared;

/**
 * A foreign key constraint was violated, because other rows still refer to a row that was to be
 * deleted or changed. Ports throw this exception.
 */
public final class StillReferenced extends RuntimeException {
  public StillReferenced(Throwable cause) {
    super("still in use", cause);
  }
}
