package io.claviger.persistence.shared;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.port.Transactions;
import java.util.function.Supplier;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** {@link Transactions} by Spring, at the isolation that the connections come with. */
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
      // It could not be begun, or not be ended: of either kind is a connection that broke.
      throw new StoreUnavailable(e);
    }
  }
}
