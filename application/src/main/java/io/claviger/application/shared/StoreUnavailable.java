package io.claviger.application.shared;

/** The database can't be reached or used. The attempt might nevertheless have succeeded. */
public final class StoreUnavailable extends TransientFailure {
  public StoreUnavailable(Throwable cause) {
    this("the database can't be reached", cause);
  }

  /**
   * @param why a clause for operators, without secrets and values, that begins with "the database"
   */
  public StoreUnavailable(String why, Throwable cause) {
    super(why, cause);
  }
}
