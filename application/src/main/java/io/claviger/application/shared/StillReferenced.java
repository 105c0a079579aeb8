package io.claviger.application.shared;

/**
 * A foreign key found that other rows still refer to a row that should be deleted or changed. Ports
 * throw this exception.
 */
public final class StillReferenced extends RuntimeException {
  public StillReferenced(Throwable cause) {
    super("still in use", cause);
  }
}
