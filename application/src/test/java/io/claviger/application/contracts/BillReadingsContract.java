package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillReadingStore.FailedReading;
import io.claviger.application.bills.port.BillReadingStore.Readings;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.ModelName;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link BillReadingStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class BillReadingsContract extends PortContract {
  private static final LocalDate DAY = LocalDate.of(2026, 2, 1);

  protected BillReadingStore readings;
  protected Instance service;
  protected Account account;

  @BeforeEach
  void fill() {
    readings = ports.billReadings();
    service = stored(AnInstance.of(user("alice"), "s").build());
    account = Account.of(service);
  }

  private static ReadDay read(LocalDate day, Instant at, long amount) {
    BilledUsage bare =
        new BilledUsage(
            day,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            0,
            0,
            0,
            0,
            new TreeMap<>(Map.of("stored_byte", 5L)));
    BilledUsage usage =
        new BilledUsage(
            day,
            Optional.of(new ModelName("gpt")),
            Optional.of("key_1"),
            Optional.of("batch"),
            1,
            2,
            3,
            4,
            5,
            6,
            new TreeMap<>(Map.of("web_search", 7L, "image", 8L)));
    return new ReadDay(
        day,
        at,
        List.of(bare, usage),
        List.of(
            new BilledCost(day, Optional.empty(), Optional.empty(), "USD", amount),
            new BilledCost(
                day, Optional.of("gpt, input"), Optional.of(new ModelName("gpt")), "USD", 9)));
  }

  @Test
  void days_are_kept_whole_and_replaced_by_later_readings_alone() {
    readings.save(account, List.of(read(DAY, NOW, 1), read(DAY.plusDays(2), NOW, 2)));
    readings.save(account, List.of(read(DAY, NOW.minusSeconds(1), 3)));
    readings.save(account, List.of(read(DAY.plusDays(2), NOW.plusSeconds(1), 4)));

    assertThat(readings.days(account, DAY.minusDays(9), DAY.plusDays(9)))
        .containsExactly(read(DAY, NOW, 1), read(DAY.plusDays(2), NOW.plusSeconds(1), 4));
    assertThat(readings.days(account, DAY.plusDays(1), DAY.plusDays(1))).isEmpty();
    Account later = new Account(service.id(), user("bob").id());
    assertThat(readings.days(later, DAY, DAY)).isEmpty();
  }

  @Test
  void days_go_with_the_service_and_need_it() {
    readings.save(account, List.of(read(DAY, NOW, 1)));
    ports.instances().delete(service.id());

    assertThat(readings.days(account, DAY, DAY)).isEmpty();
    assertLost(
        ConcurrencyConflict.How.REFERENCE_GONE,
        () -> readings.save(account, List.of(read(DAY, NOW, 1))));
  }

  @Test
  void the_state_of_readings_is_told() {
    assertThat(readings.readings(service.id())).isEqualTo(Readings.NONE);
    assertThat(readings.takeRequested(service.id(), NOW)).isTrue();
    readings.recordFailed(service.id(), BillingFailure.TIMED_OUT, NOW, NOW.plusSeconds(60));
    readings.recordFailed(
        service.id(), BillingFailure.UNREACHABLE, NOW.plusSeconds(1), NOW.plusSeconds(60));
    assertThat(readings.readings(service.id()))
        .isEqualTo(
            new Readings(
                Optional.empty(),
                Optional.of(new FailedReading(BillingFailure.UNREACHABLE, NOW.plusSeconds(1), 2))));

    readings.recordRead(service.id(), NOW.plusSeconds(2), NOW.plusSeconds(60));

    assertThat(readings.readings(service.id()))
        .isEqualTo(new Readings(Optional.of(NOW.plusSeconds(2)), Optional.empty()));
  }

  @Test
  void of_many_requests_at_once_one_reads_and_the_next_one_after_a_minute() {
    List<Boolean> taken = Race.of(16, n -> readings.takeRequested(service.id(), NOW), 1);

    assertThat(taken).containsOnlyOnce(true);
    assertThat(readings.takeRequested(service.id(), NOW.plusSeconds(59))).isFalse();
    assertThat(readings.takeRequested(service.id(), NOW.plusSeconds(60))).isTrue();
  }
}
