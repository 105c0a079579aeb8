package io.claviger.application.shared.port;

import java.util.function.Supplier;

/**
 * Runs work as one transaction: all of it or, when it throws, nothing. What the work reads with a
 * lock stays as it is until the end. A call within a call joins the outer transaction.
 */
public interface Transactions {
  /**
   * @throws io.claviger.application.shared.ConcurrencyConflict when the database could not order
   *     this and another transaction
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be asked
   */
  <T> T inTransaction(Supplier<T> work);
}
