package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.port.BillStore;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.instances.Instance;
import io.claviger.testkit.Race;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link BillStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class BillsContract extends PortContract {
  private static final YearMonth MAY = YearMonth.of(2026, 5);

  private BillStore bills;
  private User alice;
  private Instance service;
  private Account account;

  @BeforeEach
  void fill() {
    bills = ports.bills();
    alice = user("alice");
    service = stored(AnInstance.of(alice, "s").build());
    account = Account.of(service);
  }

  private static Invoice invoice(long total, long version) {
    return invoice(MAY, total, version);
  }

  private static Invoice invoice(YearMonth month, long total, long version) {
    return new Invoice(
        month,
        new Invoice.Content(total, "USD", new TreeMap<>(Map.of("a", total - 1, "b", 1L))),
        version,
        NOW,
        NOW.plusSeconds(version));
  }

  @Test
  void an_invoice_is_replaced_by_the_next_of_its_month_and_belongs_to_its_owner() {
    bills.save(account, invoice(5, 1));
    bills.save(account, invoice(9, 2));

    assertThat(bills.invoice(account, MAY)).contains(invoice(9, 2));
    assertThat(bills.invoice(account, MAY.plusMonths(1))).isEmpty();
    Account later = new Account(service.id(), user("bob").id());
    assertThat(bills.invoice(later, MAY)).isEmpty();
    assertThat(bills.delete(later, MAY)).isFalse();
    assertThat(bills.delete(account, MAY)).isTrue();
    assertThat(bills.delete(account, MAY)).isFalse();
    assertThat(bills.invoice(account, MAY)).isEmpty();
  }

  @Test
  void an_invoice_of_one_service_and_month_is_replaced_and_deleted_alone() {
    Account other = Account.of(stored(AnInstance.of(alice, "other").build()));
    Invoice june = invoice(MAY.plusMonths(1), 7, 1);
    bills.save(account, invoice(5, 1));
    bills.save(account, june);
    bills.save(other, invoice(6, 1));

    bills.save(account, invoice(9, 2));
    assertThat(bills.invoice(account, june.month())).contains(june);
    assertThat(bills.invoice(other, MAY)).contains(invoice(6, 1));

    assertThat(bills.delete(account, MAY)).isTrue();
    assertThat(bills.invoice(account, june.month())).contains(june);
    assertThat(bills.invoice(other, MAY)).contains(invoice(6, 1));
  }

  @Test
  void the_next_invoice_of_a_month_may_have_another_currency_and_other_models() {
    Invoice.Content euros = new Invoice.Content(7, "EUR", new TreeMap<>(Map.of("c", 7L)));
    Invoice next = new Invoice(MAY, euros, 2, NOW, NOW.plusSeconds(2));
    bills.save(account, invoice(5, 1));

    bills.save(account, next);

    assertThat(bills.invoice(account, MAY)).contains(next);
  }

  @Test
  void invoices_go_with_the_service_and_need_it() {
    bills.save(account, invoice(5, 1));
    ports.instances().delete(service.id());

    assertThat(bills.invoice(account, MAY)).isEmpty();
    assertLost(ConcurrencyConflict.How.REFERENCE_GONE, () -> bills.save(account, invoice(5, 1)));
  }

  @Test
  void of_many_who_enter_the_same_invoice_at_once_one_row_stays() {
    List<Boolean> entered =
        Race.of(
            16,
            n -> {
              bills.save(account, invoice(100 + n, 1));
              return true;
            },
            1);

    assertThat(entered).hasSize(16);

    Invoice left = bills.invoice(account, MAY).orElseThrow();
    assertThat(left.content().total()).isBetween(100L, 116L);
    assertThat(bills.delete(account, MAY)).isTrue();
    assertThat(bills.delete(account, MAY)).isFalse();
  }
}
