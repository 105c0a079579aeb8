package io.claviger.application.bills.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import java.time.YearMonth;
import java.util.Optional;

/**
 * Stores the amounts that providers billed. A bill belongs to a service and to the user who owned
 * the service when the bill was entered. So a user to whom the service is transferred does not see
 * the former owner's bills.
 */
public interface BillStore {
  /** A service during the time in which it belongs to this owner. */
  record Account(Instance.Id service, User.Id owner) {
    public static Account of(Instance service) {
      return new Account(service.id(), service.owner());
    }
  }

  /** Finds the invoice of a month. */
  Optional<Invoice> invoice(Account account, YearMonth month);

  /**
   * Stores an invoice in place of any earlier invoice of the same month.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the service or its owner has
   *     been deleted
   */
  void save(Account account, Invoice invoice);

  /** Deletes the invoice of a month. Returns whether there was an invoice. */
  boolean delete(Account account, YearMonth month);
}
