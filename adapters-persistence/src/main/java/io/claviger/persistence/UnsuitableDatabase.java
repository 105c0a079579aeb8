package io.claviger.persistence;

/** Thrown if this program can't work with a database. The message says in a single line why not. */
public final class UnsuitableDatabase extends RuntimeException {
  UnsuitableDatabase(String message) {
    super(message);
  }

  UnsuitableDatabase(String message, Throwable cause) {
    super(message, cause);
  }
}
