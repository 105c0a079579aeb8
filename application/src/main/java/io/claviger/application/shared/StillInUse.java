package io.claviger.application.shared;

/**
 * What was to be deleted is still referred to, as a foreign key of the database found; the ports
 * throw it.
 */
public final class StillInUse extends RuntimeException {
  public StillInUse(Throwable cause) {
    super("still in use", cause);
  }
}
