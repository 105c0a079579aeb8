package io.claviger.persistence;

/**
 * Reports a database with which this program can't work. The message is a single line that says why
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
