package io.claviger.application.shared;

/**
 * What was to be deleted is still referred to, as a foreign key of the database found; the ports
 * throw it.
 */
public final class StillReferenced extends RuntimeException {
  public StillReferenced(Throwable cause) {
    super("still in use", cause);
  }
}
