package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.BillReading;
import io.claviger.application.bills.Bills;
import io.claviger.application.bills.MonthComparison;
import io.claviger.application.bills.ReadingPlaces;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.contracts.BillsContract;
import io.claviger.application.fakes.Ports;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.bills.JdbcBillingCredentials;
import io.claviger.testkit.Race;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PostgresBillsTest extends BillsContract {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final YearMonth MAY = YearMonth.of(2026, 5);

  @Override
  protected Ports freshPorts() {
    return PORTS.emptied();
  }

  @Test
  void of_sixteen_that_replace_the_same_invoice_one_does() {
    User carol = PORTS.stored(AUser.called("carol").build());
    Instance service = PORTS.stored(AnInstance.of(carol, "s").build());
    Actor owner = RacingUseCases.as(carol);
    Bills bills = bills();

    assertOneOf(
        many(
            n ->
                code(
                    bills.save(
                        owner, service.ref(), MAY, Precondition.CREATE_ONLY, total(1 + n)))));
    for (long version = 1; version <= Race.ROUNDS; version++) {
      Precondition same = Precondition.version(version);
      long before = 100 * version;
      assertOneOf(many(n -> code(bills.save(owner, service.ref(), MAY, same, total(before + n)))));
    }

    assertThat(PORTS.bills().invoice(Account.of(service), MAY).orElseThrow().version())
        .isEqualTo(1L + Race.ROUNDS);
    assertThat(PORTS.auditEvents())
        .filteredOn(event -> event.outcome() == AuditOutcome.DONE)
        .filteredOn(event -> event.action() == AuditAction.INVOICE_UPDATE)
        .hasSize(Race.ROUNDS);
  }

  private static void assertOneOf(List<String> outcomes) {
    assertThat(outcomes).containsOnlyOnce(DONE).containsOnly(DONE, "precondition_failed");
  }

  private static Invoice.Content total(long amount) {
    return new Invoice.Content(amount, "USD", new TreeMap<>());
  }

  private static Bills bills() {
    AuditedChanges changes = RacingUseCases.changes(PORTS);
    ProviderBilling nobody =
        (account, from, to, limit) -> {
          throw new IllegalStateException("nobody asks the provider");
        };
    BillReading reading =
        new BillReading(
            PORTS.billReadings(),
            nobody,
            new MonthComparison(PORTS.billReadings(), PORTS.prices()),
            PORTS.instances(),
            PORTS.bills(),
            PORTS.transactions(),
            InstantSource.system());
    return Bills.of(
        PORTS.instances(),
        PORTS.bills(),
        PORTS.billReadings(),
        reading,
        new ReadingPlaces(),
        new JdbcBillingCredentials(PORTS.database()),
        PORTS.prices(),
        changes);
  }
}
