package io.claviger.application.shared.port;

import java.util.function.Supplier;

/**
 * Runs work in a transaction. If the work throws an exception, none of its changes is stored. If it
 * throws none, all of its changes are stored. Rows that the work reads with a lock stay unchanged
 * until the transaction ends. A nested call joins the outer transaction.
 */
public interface Transactions {
  /**
   * Runs the work in a transaction and returns its result.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the database could not serialize
   *     this transaction with another transaction
   * @throws io.claviger.application.shared.StoreUnavailable if the database can't be reached
   */
  <T> T inTransaction(Supplier<T> work);
}
