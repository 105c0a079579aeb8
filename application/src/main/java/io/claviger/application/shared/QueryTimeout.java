package io.claviger.application.shared;

/** The ports throw this when the database has stopped a query that took longer than it may. */
public final class QueryTimeout extends RuntimeException {
  public QueryTimeout(Throwable cause) {
    super("the database took too long", cause);
  }
}
