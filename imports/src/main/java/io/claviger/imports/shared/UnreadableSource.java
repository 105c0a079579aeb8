package io.claviger.imports.shared;

/**
 * Thrown if the source database can't be read. The message is for people, and contains no data from
 * the rows of the database.
 */
public final class UnreadableSource extends RuntimeException {
  public UnreadableSource(String why) {
    super(why);
  }

  public UnreadableSource(String why, Throwable cause) {
    super(why, cause);
  }
}
