package io.claviger.web.json;

/**
 * Reports a body that is not JSON. The answer is 400. The message names the position of the error,
 * never the text at it.
 */
public final class NotJson extends RuntimeException {
  public NotJson(String where) {
    super(where, null, false, false);
  }

  /** Returns a sentence for the caller that says where the error is. */
  public String where() {
    return String.valueOf(getMessage());
  }
}
