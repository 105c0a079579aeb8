package io.claviger.application.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillReadingStore.Readings;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import java.time.YearMonth;
import java.util.Optional;

/**
 * The amounts that providers billed for services. A service's bill is visible to everybody who sees
 * the costs of all calls to the service: the owning user and administrators. Only the owning user
 * enters invoices. Administrators enter the invoices of system-level services.
 *
 * <p>Months before 2020 and after 2199 are refused with {@code invalid_value}.
 *
 * <p>If the actor can't see the service or the actor's token is restricted to another service, all
 * methods answer {@code not_found}.
 */
public interface Bills {
  static Bills of(
      InstanceStore services,
      BillStore bills,
      BillReadingStore readings,
      BillReading reading,
      ReadingPlaces places,
      BillingCredentialStore credentials,
      PriceStore prices,
      AuditedChanges changes) {
    return new BillUseCases(
        services, bills, readings, reading, places, credentials, prices, changes);
  }

  /** Compares the provider's bill for a month with Claviger's figures. */
  Outcome<BillReport> find(Actor actor, Instance.Ref service, YearMonth month);

  /**
   * Compares a month. If the service has a billing credential, the provider's figures of the last
   * days and of the current day are read first. Only the owning user may compare a month, and at
   * most once a minute. Another request within a minute is refused with {@code compared_recently}.
   * If the figures can't be read, the report says so.
   */
  Outcome<BillReport> compare(Actor actor, Instance.Ref service, YearMonth month);

  /**
   * A bill, with information on when the provider's figures were read.
   *
   * @param hasCredential whether the service has a billing credential for reading the figures
   */
  record BillReport(
      Bill bill, Optional<Invoice> invoice, boolean hasCredential, Readings readings) {}

  /** Finds the invoice of a month. */
  Outcome<Invoice> invoice(Actor actor, Instance.Ref service, YearMonth month);

  /**
   * Stores the invoice of a month in place of any earlier invoice of this month. Storing the same
   * content again changes nothing.
   */
  Outcome<SavedInvoice> save(
      Actor actor,
      Instance.Ref service,
      YearMonth month,
      Precondition precondition,
      Invoice.Content content);

  /**
   * Deletes the invoice of a month. If there is no such invoice, the answer is {@code not_found}.
   */
  Outcome<Invoice> delete(
      Actor actor, Instance.Ref service, YearMonth month, Precondition precondition);

  /** A stored invoice. */
  record SavedInvoice(Invoice invoice, boolean created) {}
}
