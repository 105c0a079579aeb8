package io.claviger.dhampsimport.jdbc;

/**
 * The source database can't be imported. The message is for people and contains no data of its
 * rows.
 */
public final class UnreadableSource extends RuntimeException {
  UnreadableSource(String why) {
    super(why);
  }

  UnreadableSource(String why, Throwable cause) {
    super(why, cause);
  }
}
