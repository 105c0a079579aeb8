package io.claviger.dhampsimport.jdbc;

/**
 * A database that can't be moved in from. The message is for people and holds nothing of its rows.
 */
public final class UnreadableSource extends RuntimeException {
  UnreadableSource(String why) {
    super(why);
  }

  UnreadableSource(String why, Throwable cause) {
    super(why, cause);
  }
}
