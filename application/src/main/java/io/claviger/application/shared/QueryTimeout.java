package io.claviger.application.shared;

/** The ports throw this when the database has stopped a query because it took too long. */
public final class QueryTimeout extends RuntimeException {
  public QueryTimeout(Throwable cause) {
    super("the database took too long", cause);
  }
}
