package io.claviger.application.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.prices.PricesOfDays;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BillComparison;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/** Compares the stored figures of a provider's bill with Claviger's figures for a month. */
public record MonthComparison(BillReadingStore readings, PriceStore prices) {

  Bill compare(Instance service, YearMonth month, Optional<Invoice> invoice) {
    Account account = Account.of(service);
    LocalDate first = month.atDay(1).minusDays(BillComparison.DAYS_BESIDE);
    LocalDate last = month.atEndOfMonth().plusDays(BillComparison.DAYS_BESIDE);
    return new BillComparison(month, new PricesOfDays(prices, service, first, last))
        .compare(
            readings.days(account, first, last),
            readings.usage(account, first, last),
            invoice.map(Invoice::content));
  }
}
