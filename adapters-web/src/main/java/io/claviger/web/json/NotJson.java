package io.claviger.web.json;

/** A body that is not JSON: 400. It says where, never what stood there. */
public final class NotJson extends RuntimeException {
  public NotJson(String where) {
    super(where, null, false, false);
  }

  /** A sentence for the caller. */
  public String where() {
    return String.valueOf(getMessage());
  }
}
