package io.claviger.application.shared;

/**
 * A query took longer than it may, and the database has stopped it. The ports throw this exception.
 */
public final class QueryTimeout extends RuntimeException {
  public QueryTimeout(Throwable cause) {
    super("the database took too long", cause);
  }
}
