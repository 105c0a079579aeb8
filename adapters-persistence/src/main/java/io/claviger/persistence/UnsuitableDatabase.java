package io.claviger.persistence;

/**
 * Reports a database that this program can't work with. The message is one line that states the
 * reason.
 */
public final class UnsuitableDatabase extends RuntimeException {
  UnsuitableDatabase(String message) {
    super(message);
  }

  UnsuitableDatabase(String message, Throwable cause) {
    super(message, cause);
  }
}
