package io.claviger.imports.shared;

/**
 * Thrown if the source database can't be read. The message is human-readable and contains no data
 * from rows.
 */
public final class UnreadableSource extends RuntimeException {
  public UnreadableSource(String why) {
    super(why);
  }

  public UnreadableSource(String why, Throwable cause) {
    super(why, cause);
  }
}
