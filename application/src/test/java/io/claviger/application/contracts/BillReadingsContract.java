package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillReadingStore.FailedReading;
import io.claviger.application.bills.port.BillReadingStore.Readings;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.builders.AWebhook;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.SelectedEvents;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link BillReadingStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class BillReadingsContract extends PortContract {
  private static final LocalDate DAY = LocalDate.of(2026, 2, 1);
  private static final YearMonth MONTH = YearMonth.of(2026, 2);
  private static final long DOLLAR = 1_000_000_000;

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
            BilledUsage.Tokens.NONE,
            new TreeMap<>(Map.of("stored_byte", 5L)));
    BilledUsage usage =
        new BilledUsage(
            day,
            Optional.of(new ModelName("gpt")),
            Optional.of("key_1"),
            Optional.of("batch"),
            1,
            new BilledUsage.Tokens(2, 3, 4, 5, 6),
            new TreeMap<>(Map.of("web_search", 7L, "image", 8L)));
    return new ReadDay(
        day,
        at,
        List.of(bare, usage),
        List.of(
            new BilledCost(day, Optional.empty(), Optional.empty(), "USD", amount),
            new BilledCost(
                day, Optional.of("gpt, input"), Optional.of(new ModelName("gpt")), "USD", 9)),
        Optional.of("key_1").filter(key -> amount > 1));
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
  void a_later_reading_replaces_all_of_a_day_of_one_service() {
    User alice = ports.users().find(service.ref().owner()).orElseThrow();
    Account other = Account.of(stored(AnInstance.of(alice, "other").build()));
    BilledUsage usage =
        new BilledUsage(
            DAY,
            Optional.of(new ModelName("claude")),
            Optional.of("key_2"),
            Optional.of("flex"),
            9,
            new BilledUsage.Tokens(8, 7, 6, 5, 4),
            new TreeMap<>(Map.of("page", 3L)));
    BilledCost cost =
        new BilledCost(
            DAY, Optional.of("claude, output"), Optional.of(new ModelName("claude")), "EUR", 8);
    ReadDay next =
        new ReadDay(DAY, NOW.plusSeconds(1), List.of(usage), List.of(cost), Optional.of("key_2"));
    readings.save(account, List.of(read(DAY, NOW, 2)));
    readings.save(other, List.of(read(DAY, NOW, 3)));

    readings.save(account, List.of(next));
    readings.save(account, List.of(read(DAY, NOW.minus(Duration.ofHours(2)), 4)));

    assertThat(readings.days(account, DAY, DAY)).containsExactly(next);
    assertThat(readings.days(other, DAY, DAY)).containsExactly(read(DAY, NOW, 3));
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
  void the_state_of_one_service_is_recorded_alone() {
    Instance other = stored(AnInstance.of(user("bob"), "s").build());
    Readings failed =
        new Readings(
            Optional.empty(), Optional.of(new FailedReading(BillingFailure.TIMED_OUT, NOW, 1)));
    for (Instance each : List.of(service, other)) {
      assertThat(readings.takeRequested(each.id(), NOW)).isTrue();
    }
    readings.recordFailed(other.id(), BillingFailure.TIMED_OUT, NOW, NOW.plusSeconds(60));
    assertThat(readings.readings(service.id())).isEqualTo(Readings.NONE);

    readings.recordRead(service.id(), NOW, NOW.plusSeconds(60));

    assertThat(readings.readings(service.id()))
        .isEqualTo(new Readings(Optional.of(NOW), Optional.empty()));
    assertThat(readings.readings(other.id())).isEqualTo(failed);
  }

  @Test
  void of_many_requests_at_once_one_reads_and_the_next_one_after_a_minute() {
    List<Boolean> taken = Race.of(16, n -> readings.takeRequested(service.id(), NOW), 1);

    assertThat(taken).containsOnlyOnce(true);
    assertThat(readings.takeRequested(service.id(), NOW.plusSeconds(59))).isFalse();
    assertThat(readings.takeRequested(service.id(), NOW.plusSeconds(60))).isTrue();
  }

  @Test
  void a_request_while_the_clock_was_ahead_does_not_keep_others_waiting() {
    assertThat(readings.takeRequested(service.id(), NOW.plus(Duration.ofDays(1)))).isTrue();

    assertThat(readings.takeRequested(service.id(), NOW)).isTrue();
    assertThat(readings.takeRequested(service.id(), NOW.plusSeconds(59))).isFalse();
  }

  private static Bill bill(YearMonth month, long unexplained) {
    return new Bill(
        month,
        "USD",
        Optional.of(100 * DOLLAR),
        90 * DOLLAR,
        Optional.of(90 * DOLLAR),
        List.of(),
        Optional.of(unexplained),
        List.of(),
        Optional.empty());
  }

  /** Gives the owner of the service a webhook. */
  protected Webhook webhook() {
    Webhook webhook = AWebhook.of(service.owner()).createdAt(NOW).build();
    ports.webhooks().insert(webhook, sealed(webhook));
    return webhook;
  }

  protected int waiting() {
    return ports.webhooks().find(service.owner()).orElseThrow().deliveries().waiting();
  }

  @Test
  void the_owner_is_told_once_in_a_month_that_much_is_unexplained() {
    Webhook unused = webhook();
    readings.recordCompared(account, bill(MONTH, 5 * DOLLAR), Set.of(account.owner()), NOW);
    assertThat(waiting()).isZero();

    readings.recordCompared(account, bill(MONTH, 10 * DOLLAR), Set.of(account.owner()), NOW);
    readings.recordCompared(account, bill(MONTH, 0), Set.of(account.owner()), NOW);
    readings.recordCompared(account, bill(MONTH, 20 * DOLLAR), Set.of(account.owner()), NOW);
    assertThat(waiting()).isEqualTo(1);
    WebhookStore.DueDelivery due =
        ports.webhooks().takeDue(NOW, Duration.ofSeconds(1), 10).getFirst();
    WebhookMessage message = due.message();
    assertThat(message)
        .isEqualTo(
            new WebhookMessage.BillUnexplained(
                message.id(),
                service.id().value(),
                MONTH,
                100 * DOLLAR,
                90 * DOLLAR,
                10 * DOLLAR,
                NOW));

    ports.webhooks().recordDelivered(due, NOW);
    readings.recordCompared(account, bill(MONTH, 30 * DOLLAR), Set.of(account.owner()), NOW);
    assertThat(waiting()).isZero();
    readings.recordCompared(
        account, bill(MONTH.plusMonths(1), 10 * DOLLAR), Set.of(account.owner()), NOW);
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void one_bill_is_told_to_its_receivers_alone() {
    Webhook unused = webhook();
    User bob = user("bob");
    Webhook bobs = AWebhook.of(bob.id()).createdAt(NOW).build();
    ports.webhooks().insert(bobs, sealed(bobs));
    User suspended = user("suspended");
    ports.users().update(suspended.withSuspension(Optional.of(NOW), NOW));
    Account other = Account.of(stored(AnInstance.of(bob, "s").build()));
    readings.recordCompared(other, bill(MONTH, 5 * DOLLAR), Set.of(bob.id()), NOW);
    readings.recordCompared(
        account, bill(MONTH.minusMonths(1), 5 * DOLLAR), Set.of(account.owner()), NOW);

    readings.recordCompared(account, bill(MONTH, 10 * DOLLAR), Set.of(account.owner()), NOW);

    assertThat(waiting()).isEqualTo(1);
    assertThat(ports.webhooks().find(bob.id()).orElseThrow().deliveries().waiting()).isZero();
    readings.recordCompared(other, bill(MONTH, 10 * DOLLAR), Set.of(bob.id()), NOW);
    assertThat(ports.webhooks().find(bob.id()).orElseThrow().deliveries().waiting()).isEqualTo(1);
  }

  @Test
  void bills_are_told_to_webhooks_that_select_them() {
    User bob = user("bob");
    for (User user : List.of(ports.users().find(service.ref().owner()).orElseThrow(), bob)) {
      EventType selected = user.equals(bob) ? EventType.BILL_DIFFERS : EventType.KEY_OLD;
      Webhook selecting =
          AWebhook.of(user.id()).selecting(SelectedEvents.of(List.of(selected))).build();
      ports.webhooks().insert(selecting, sealed(selecting));
    }

    readings.recordCompared(
        account, bill(MONTH, 10 * DOLLAR), Set.of(account.owner(), bob.id()), NOW);

    assertThat(waiting()).isZero();
    assertThat(ports.webhooks().find(bob.id()).orElseThrow().deliveries().waiting()).isEqualTo(1);
  }

  @Test
  void an_owner_who_is_suspended_is_not_told() {
    Webhook unused = webhook();
    User owner = ports.users().find(service.ref().owner()).orElseThrow();
    ports.users().update(owner.withSuspension(Optional.of(NOW), NOW));

    readings.recordCompared(account, bill(MONTH, 10 * DOLLAR), Set.of(account.owner()), NOW);

    assertThat(waiting()).isZero();
  }

  @Test
  void a_webhook_that_comes_later_is_not_told_of_what_was_before() {
    readings.recordCompared(account, bill(MONTH, 10 * DOLLAR), Set.of(account.owner()), NOW);
    Webhook unused = webhook();
    readings.recordCompared(account, bill(MONTH, 10 * DOLLAR), Set.of(account.owner()), NOW);

    assertThat(waiting()).isZero();
  }
}
