package io.claviger.application.shared.port;

import java.util.function.Supplier;

/**
 * Runs work as one transaction: all changes that the work makes are stored; if the work throws an
 * exception, none of them is stored. Rows that the work reads with a lock stay unchanged until the
 * transaction ends. A nested call joins the outer transaction.
 */
public interface Transactions {
  /**
   * Runs the work in a transaction and returns its result.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the database could not
   *     serialize this transaction with another transaction
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  <T> T inTransaction(Supplier<T> work);
}
