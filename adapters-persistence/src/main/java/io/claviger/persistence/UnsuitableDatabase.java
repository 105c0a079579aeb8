package io.claviger.persistence;

/**
 * Reports a database that this program can't work with. The message is a single line that says why
 * the program can't work with the database.
 */
public final class UnsuitableDatabase extends RuntimeException {
  UnsuitableDatabase(String message) {
    super(message);
  }

  UnsuitableDatabase(String message, Throwable cause) {
    super(message, cause);
  }
}
