package io.claviger.persistence;

/** A database that this program can't work on; the message says why, in one line. */
public final class UnsuitableDatabase extends RuntimeException {
  UnsuitableDatabase(String message) {
    super(message);
  }

  UnsuitableDatabase(String message, Throwable cause) {
    super(message, cause);
  }
}
