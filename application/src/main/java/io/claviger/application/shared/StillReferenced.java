package io.claviger.application.shared;

/**
 * A row could not be deleted or changed, because other rows still refer to it with a foreign key.
 * Ports throw this exception.
 */
public final class StillReferenced extends RuntimeException {
  public StillReferenced(Throwable cause) {
    super("still in use", cause);
  }
}
