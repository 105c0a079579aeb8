package io.claviger.application.shared;

/** The database took longer for a question than it may, and has stopped. The ports throw this. */
public final class QueryTimeout extends RuntimeException {
  public QueryTimeout(Throwable cause) {
    super("the database took too long", cause);
  }
}
