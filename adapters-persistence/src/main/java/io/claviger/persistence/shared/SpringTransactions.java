package io.claviger.persistence.shared;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.port.Transactions;
import java.util.function.Supplier;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link Transactions} through Spring. The isolation level is the default of the connections. */
final class SpringTransactions implements Transactions {
  private final TransactionTemplate template;

  SpringTransactions(PlatformTransactionManager manager) {
    this.template = new TransactionTemplate(manager);
  }

  @Override
  public <T> T inTransaction(Supplier<T> work) {
    try {
      return template.<T>execute(status -> work.get());
    } catch (CannotCreateTransactionException | TransactionSystemException e) {
      // The transaction could not be begun or not be ended. Both happen when a connection breaks.
      throw new StoreUnavailable(e);
    }
  }
}
