package io.claviger.application.shared;

/** The database has stopped a query because the query took too long. Ports throw this exception. */
public final class QueryTimeout extends RuntimeException {
  public QueryTimeout(Throwable cause) {
    super("the database took too long", cause);
  }
}
