package io.claviger.application.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class BillUseCases implements Bills {
  private static final Fault FUTURE =
      new Fault("/month", "invalid_value", "The month has not begun (UTC), so nobody billed it.");

  private static final Refusal RECENTLY =
      new Refusal.TooMany(
          "compared_recently",
          "The provider was asked within the last minute.",
          BillReadingStore.BETWEEN_REQUESTS);

  private final InstanceStore services;
  private final BillStore bills;
  private final BillReadingStore readings;
  private final BillReading reading;
  private final ReadingPlaces places;
  private final BillingCredentialStore credentials;
  private final MonthComparison comparison;
  private final AuditedChanges changes;

  BillUseCases(
      InstanceStore services,
      BillStore bills,
      BillReadingStore readings,
      BillReading reading,
      ReadingPlaces places,
      BillingCredentialStore credentials,
      PriceStore prices,
      AuditedChanges changes) {
    this.services = services;
    this.bills = bills;
    this.readings = readings;
    this.reading = reading;
    this.places = places;
    this.credentials = credentials;
    this.comparison = new MonthComparison(readings, prices);
    this.changes = changes;
  }

  @Override
  public Outcome<BillReport> find(Actor actor, Instance.Ref service, YearMonth month) {
    return Outcome.of(
        () -> {
          demandBillable(month);
          return report(billed(actor, service), month);
        });
  }

  private static void demandBillable(YearMonth month) {
    try {
      YearMonth unused = Invoice.demandBillable(month);
    } catch (InvalidValue e) {
      throw RefusedException.invalid(new Fault("/month", "invalid_value", e.allowed()));
    }
  }

  @Override
  public Outcome<BillReport> compare(Actor actor, Instance.Ref service, YearMonth month) {
    return Outcome.of(
        () -> {
          demandBillable(month);
          Instance owned = billed(actor, service, Action.SET_INVOICES);
          if (credentials.find(owned.id()).isPresent()) {
            // A request is refused here if too many figures are being read at the moment. A refused
            // request does not count against the limit of one reading per minute.
            boolean unused = places.read(owned.owner(), () -> read(owned));
          }
          reading.compare(Account.of(owned), month);
          return report(owned, month);
        });
  }

  private boolean read(Instance owned) {
    if (!reading.readRequested(Account.of(owned))) {
      throw new RefusedException(RECENTLY);
    }
    return true;
  }

  private BillReport report(Instance service, YearMonth month) {
    Optional<Invoice> invoice = bills.invoice(Account.of(service), month);
    return new BillReport(
        comparison.compare(service, month, invoice),
        invoice,
        credentials.find(service.id()).isPresent(),
        readings.readings(service.id()));
  }

  @Override
  public Outcome<Invoice> invoice(Actor actor, Instance.Ref service, YearMonth month) {
    return Outcome.of(
        () -> {
          demandBillable(month);
          return bills
              .invoice(Account.of(billed(actor, service)), month)
              .orElseThrow(RefusedException::notFound);
        });
  }

  @Override
  public Outcome<SavedInvoice> save(
      Actor actor,
      Instance.Ref service,
      YearMonth month,
      Precondition precondition,
      Invoice.Content content) {
    return changes.change(
        actor,
        AuditAction.INVOICE_UPDATE,
        AuditTargets.invoice(service, month),
        log -> {
          demandBillable(month);
          Instance owned = owned(actor, service);
          Optional<Invoice> before = bills.invoice(Account.of(owned), month);
          if (before.isEmpty()) {
            log.recordAttemptAs(AuditAction.INVOICE_CREATE);
          }
          precondition.demand(before, Invoice::version);
          Instant now = changes.now();
          if (month.isAfter(YearMonth.from(now.atOffset(ZoneOffset.UTC)))) {
            throw RefusedException.invalid(FUTURE);
          }
          if (before.map(Invoice::content).filter(content::equals).isPresent()) {
            return new SavedInvoice(before.get(), false);
          }
          Invoice after =
              new Invoice(
                  month,
                  content,
                  before.map(invoice -> invoice.version() + 1).orElse(1L),
                  before.map(Invoice::createdAt).orElse(now),
                  now);
          bills.save(Account.of(owned), after);
          log.recordChange(
              before.isEmpty() ? AuditAction.INVOICE_CREATE : AuditAction.INVOICE_UPDATE,
              AuditTargets.invoice(owned, month),
              before.map(old -> differences(old.content(), content)).orElse(List.of()));
          return new SavedInvoice(after, before.isEmpty());
        });
  }

  private static List<String> differences(Invoice.Content before, Invoice.Content after) {
    return new FieldDifferences()
        .of("total", before.total(), after.total())
        .of("currency", before.currency(), after.currency())
        .of("models", before.models(), after.models())
        .names();
  }

  @Override
  public Outcome<Invoice> delete(
      Actor actor, Instance.Ref service, YearMonth month, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.INVOICE_DELETE,
        AuditTargets.invoice(service, month),
        log -> {
          demandBillable(month);
          Instance owned = owned(actor, service);
          Optional<Invoice> before = bills.invoice(Account.of(owned), month);
          precondition.demand(before, Invoice::version);
          if (!bills.delete(Account.of(owned), month)) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.INVOICE_DELETE, AuditTargets.invoice(owned, month), List.of());
          return before.orElseThrow();
        });
  }

  /** Finds a service if the actor may see the service's bill. */
  private Instance billed(Actor actor, Instance.Ref ref) {
    return billed(actor, ref, Action.SEE_BILL);
  }

  private Instance billed(Actor actor, Instance.Ref ref, Action action) {
    Instant now = changes.now();
    InstanceStore.VisibleInstance seen =
        InstanceStore.VisibleInstance.shownTo(actor, services.find(ref, actor.sight(), now), now);
    actor.demandManage();
    if (!seen.allows(actor, action, now)) {
      throw RefusedException.forbidden(
          action == Action.SEE_BILL
              ? "Only the owning user and administrators see the bill of a service."
              : "Only the owning user may start a comparison of a service's bill.");
    }
    return seen.instance();
  }

  /** Locks the service, so that concurrent writers check the stored state one after the other. */
  private Instance owned(Actor actor, Instance.Ref ref) {
    Instant now = changes.now();
    InstanceStore.VisibleInstance seen =
        InstanceStore.VisibleInstance.shownTo(actor, services.lock(ref, actor.sight(), now), now);
    if (!seen.allows(actor, Action.SET_INVOICES, now)) {
      throw RefusedException.forbidden("Only the owning user enters invoices for a service.");
    }
    return seen.instance();
  }
}
