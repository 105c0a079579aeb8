package io.claviger.web.json;

/**
 * Reports a body that is not JSON. The request is answered with status 400. The message gives the
 * position of the error, but never repeats the text at that position.
 */
public final class NotJson extends RuntimeException {
  public NotJson(String where) {
    super(where, null, false, false);
  }

  /** Returns a sentence for the caller with the position of the error. */
  public String where() {
    return String.valueOf(getMessage());
  }
}
