package io.claviger.application.fakes;

import io.claviger.application.bills.port.BillStore;
import io.claviger.application.fakes.Tables.InvoiceKey;
import io.claviger.domain.bills.Invoice;
import java.time.YearMonth;
import java.util.Optional;

/** {@link BillStore} in memory. */
public final class InMemoryBills implements BillStore {
  private final InMemoryTransactions transactions;

  InMemoryBills(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Invoice> invoice(Account account, YearMonth month) {
    return transactions.read(
        t -> Optional.ofNullable(t.invoices.get(new InvoiceKey(account, month))));
  }

  @Override
  public void save(Account account, Invoice invoice) {
    transactions.run(
        t -> {
          var unused = t.requireInstance(account.service());
          t.requireUser(account.owner());
          t.invoices.put(new InvoiceKey(account, invoice.month()), invoice);
        });
  }

  @Override
  public boolean delete(Account account, YearMonth month) {
    return transactions.change(t -> t.invoices.remove(new InvoiceKey(account, month)) != null);
  }
}
