package io.claviger.application.shared;

/** The database has cancelled a query because it took too long. Ports throw this exception. */
public final class QueryTimeout extends TransientFailure {
  public QueryTimeout(Throwable cause) {
    super("the database took too long", cause);
  }
}
