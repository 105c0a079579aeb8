package io.claviger.application.bills;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillReadingStore.FailedReading;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.bills.port.ProviderBilling.Reading;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryBillingCredentials;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.Refusal;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.Fault;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BilledUsage;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BillReadingTest {
  private static final long DOLLAR = 1_000_000_000;
  private static final String BATCHED = "gpt-5";
  private static final long INPUT = 900_000;
  private static final long OUTPUT = 90_000;

  private final InMemoryPorts ports = new InMemoryPorts();
  private final List<LocalDate> asked = new ArrayList<>();
  private final List<Long> limits = new ArrayList<>();
  private Optional<BillingFailure> failure = Optional.empty();
  private Optional<RuntimeException> thrown = Optional.empty();
  private long amount = 7;
  private boolean onlyToday;
  private final BillReading reading =
      new BillReading(
          ports.billReadings(),
          provider(),
          new MonthComparison(ports.billReadings(), ports.prices()),
          ports.instances(),
          ports.bills(),
          ports.transactions(),
          ports.clock());
  private final Account account = account();
  private final Bills bills =
      Bills.of(
          ports.instances(),
          ports.bills(),
          ports.billReadings(),
          reading,
          new ReadingPlaces(),
          new InMemoryBillingCredentials(),
          ports.prices(),
          ports.auditedChanges());

  /** Another node has the key, and reads the figures after the lease has ended. */
  @Test
  void a_node_that_lacks_the_key_of_a_credential_records_no_failed_reading() {
    InMemoryBillingCredentials credentials = new InMemoryBillingCredentials();
    BillingCredential credential =
        new BillingCredential(
            new BillingCredential.Id(UUID.randomUUID()),
            account.service(),
            BillingApi.OPENAI,
            Endpoint.of("https://api.openai.com/v1"),
            false,
            Optional.empty(),
            Optional.empty(),
            BillingCredential.ModelAccess.NO,
            ports.clock().instant());
    try (Secret key = Secret.takingOver("sk-admin-0123456789".getBytes(US_ASCII))) {
      boolean unused =
          credentials.save(
              credential, ports.sealer().seal(key, KeyBinding.ofBillingCredential(credential)));
    }
    Account stored =
        new Account(account.service(), credentials.read(account.service()).orElseThrow().owner());
    BillingCalls paused = new BillingCalls(credentials, InMemorySealer.withOneKey());
    MissingEncryptionKey lacked =
        catchThrowableOfType(MissingEncryptionKey.class, () -> paused.open(stored));
    assertThat(lacked).isNotNull();
    thrown = Optional.of(lacked);

    assertThatExceptionOfType(MissingEncryptionKey.class)
        .isThrownBy(() -> reading.read(account, false));

    assertThat(ports.billReadings().readings(account.service()).failure()).isEmpty();
  }

  private Actor alice() {
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    return new Actor(alice.id(), alice.handle(), false, Optional.empty(), "192.0.2.1", "request-1");
  }

  private Account account() {
    User alice = AUser.called("alice").build();
    ports.users().insert(alice);
    Instance service = AnInstance.of(alice, "s").build();
    ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return Account.of(service);
  }

  private ProviderBilling provider() {
    return (asking, from, to, limit) -> {
      asked.clear();
      asked.addAll(List.of(from, to));
      limits.add(limit.toSeconds());
      thrown.ifPresent(
          e -> {
            throw e;
          });
      return failure
          .<Reading>map(Reading.Failed::new)
          .orElseGet(
              () ->
                  new Reading.Read(
                      new ProviderFigures(
                          List.of(),
                          List.of(
                              new BilledCost(
                                  onlyToday ? to : from,
                                  Optional.empty(),
                                  Optional.empty(),
                                  "USD",
                                  amount)),
                          ports.clock().instant()),
                      Optional.empty()));
    };
  }

  private LocalDate today() {
    return LocalDate.ofInstant(ports.clock().instant(), ZoneOffset.UTC);
  }

  private List<ReadDay> stored() {
    return ports.billReadings().days(account, today().minusDays(40), today());
  }

  @Test
  void the_last_five_days_are_read_again_and_are_final_then() {
    reading.read(account, false);

    assertThat(asked).containsExactly(today().minusDays(5), today().minusDays(1));
    assertThat(stored()).hasSize(5);
    assertThat(stored().getFirst().costs()).hasSize(1);
    assertThat(stored().getFirst().isFinal()).isTrue();
    assertThat(stored().get(1).isFinal()).isFalse();
    assertThat(stored()).noneMatch(ReadDay::isPreliminary);

    ports.clock().advance(Duration.ofDays(1));
    reading.read(account, true);

    assertThat(asked).containsExactly(today().minusDays(5), today());
    assertThat(limits).containsExactly(120L, 30L);
    assertThat(stored().getLast().isPreliminary()).isTrue();
  }

  @Test
  void days_that_could_not_be_read_are_made_up_for_as_far_as_one_reading_goes() {
    reading.read(account, false);
    LocalDate firstOpen = today().minusDays(4);
    ports.clock().advance(Duration.ofDays(12));
    reading.read(account, false);
    assertThat(asked).containsExactly(firstOpen, today().minusDays(1));

    ports.clock().advance(Duration.ofDays(100));
    reading.read(account, false);
    assertThat(asked.get(0)).isAfterOrEqualTo(today().minusDays(ProviderBilling.MOST_DAYS - 1));
    assertThat(asked.get(1)).isEqualTo(today().minusDays(1));
  }

  @Test
  void a_failure_changes_no_day_and_is_told() {
    reading.read(account, false);
    List<ReadDay> before = stored();
    boolean taken = ports.billReadings().takeRequested(account.service(), ports.clock().instant());
    assertThat(taken).isTrue();
    failure = Optional.of(BillingFailure.OTHER_CURRENCY);

    reading.read(account, false);
    reading.read(account, false);

    assertThat(stored()).isEqualTo(before);
    BillReadingStore.Readings readings = ports.billReadings().readings(account.service());
    assertThat(readings.failure().map(FailedReading::why)).isEqualTo(failure);
    assertThat(readings.failure().map(FailedReading::times)).contains(2);
    failure = Optional.empty();
    reading.read(account, false);
    assertThat(ports.billReadings().readings(account.service()).failure()).isEmpty();
  }

  /**
   * If the day were stored, an owner with many services and providers of their own could fill the
   * disk.
   */
  @Test
  void a_day_is_not_stored_if_the_figures_of_the_owners_other_services_take_up_its_room() {
    boolean taken = ports.billReadings().takeRequested(account.service(), ports.clock().instant());
    assertThat(taken).isTrue();
    LocalDate full = today().minusDays(2);
    ports.billReadings().fill(full, ReadDay.MOST_BYTES_OF_OWNER);
    ports.billReadings().fill(today().minusDays(3), ReadDay.MOST_BYTES_OF_OWNER - 1);
    reading.read(account, false);

    assertThat(stored()).extracting(ReadDay::day).hasSize(4).doesNotContain(full);
    assertThat(ports.billReadings().readings(account.service()).failure().map(FailedReading::why))
        .contains(BillingFailure.BILL_TOO_LARGE);

    ports.billReadings().fill(full, 0);
    reading.read(account, false);
    assertThat(stored()).hasSize(5);
    assertThat(ports.billReadings().readings(account.service()).failure()).isEmpty();
  }

  @Test
  void a_day_that_is_stored_keeps_its_room() {
    reading.read(account, false);
    boolean taken = ports.billReadings().takeRequested(account.service(), ports.clock().instant());
    assertThat(taken).isTrue();
    ports.billReadings().fill(today().minusDays(2), ReadDay.MOST_BYTES_OF_OWNER);
    reading.read(account, false);

    assertThat(ports.billReadings().readings(account.service()).failure()).isEmpty();
  }

  @Test
  void a_reading_can_be_requested_once_a_minute() {
    assertThat(reading.readRequested(account)).isTrue();
    assertThat(asked.get(1)).isEqualTo(today());
    ports.clock().advance(Duration.ofSeconds(59));
    assertThat(reading.readRequested(account)).isFalse();
    ports.clock().advance(Duration.ofSeconds(1));
    assertThat(reading.readRequested(account)).isTrue();
  }

  @Test
  void a_provider_that_did_not_answer_in_time_is_left_alone_for_hours() {
    assertThat(BillReading.pause(BillingFailure.TIMED_OUT, 0)).isEqualTo(Duration.ofHours(6));
    assertThat(BillReading.pause(BillingFailure.UNREACHABLE, 0)).isEqualTo(Duration.ofMinutes(5));
    assertThat(BillReading.pause(BillingFailure.UNREACHABLE, 90)).isEqualTo(Duration.ofHours(6));
  }

  @Test
  void an_unexpected_error_counts_as_a_failure_too() {
    boolean taken = ports.billReadings().takeRequested(account.service(), ports.clock().instant());
    assertThat(taken).isTrue();
    thrown = Optional.of(new ArithmeticException("long overflow"));

    for (int times = 1; times <= 2; times++) {
      assertThatThrownBy(() -> reading.read(account, false))
          .isInstanceOf(ArithmeticException.class);

      assertThat(ports.billReadings().readings(account.service()).failure())
          .contains(
              new FailedReading(BillingFailure.BILL_UNREADABLE, ports.clock().instant(), times));
    }
    assertThat(stored()).isEmpty();
  }

  @Test
  void figures_that_take_too_long_to_compare_are_stored_and_compared_later() {
    boolean taken = ports.billReadings().takeRequested(account.service(), ports.clock().instant());
    assertThat(taken).isTrue();
    amount = DOLLAR;
    ports.billReadings().takeTooLong(true);
    for (int times = 0; times < 2; times++) {
      assertThatExceptionOfType(QueryTimeout.class).isThrownBy(() -> reading.read(account, false));
    }

    assertThat(stored()).hasSize(5);
    assertThat(ports.billReadings().readings(account.service()))
        .isEqualTo(
            new BillReadingStore.Readings(Optional.of(ports.clock().instant()), Optional.empty()));
    assertThat(unexplained(asked.get(0))).isEmpty();

    ports.billReadings().takeTooLong(false);
    reading.compare(account, YearMonth.from(asked.get(0)));
    assertThat(unexplained(asked.get(0))).containsExactly(Map.entry(account.service(), DOLLAR));
  }

  private Map<Instance.Id, Long> unexplained(LocalDate day) {
    return ports.billReadings().unexplained(YearMonth.from(day), 10);
  }

  private void store(LocalDate day, long total) {
    Instant now = ports.clock().instant();
    ports
        .bills()
        .save(
            account,
            new Invoice(
                YearMonth.from(day),
                new Invoice.Content(total, "USD", new TreeMap<>()),
                1,
                now,
                now));
  }

  @Test
  void what_is_unexplained_of_days_that_are_over_is_stored_with_the_figures() {
    amount = DOLLAR;
    reading.read(account, true);

    assertThat(unexplained(asked.get(0))).containsExactly(Map.entry(account.service(), DOLLAR));
  }

  @Test
  void a_day_that_is_not_over_explains_itself() {
    amount = 100 * DOLLAR;
    onlyToday = true;
    reading.read(account, true);

    assertThat(unexplained(today())).containsExactly(Map.entry(account.service(), 0L));
  }

  @Test
  void a_month_that_somebody_asks_for_is_compared_by_its_invoice_alone() {
    ports.clock().set(Instant.parse("2026-04-20T02:00:00Z"));
    LocalDate past = LocalDate.of(2026, 3, 20);
    store(past, 100 * DOLLAR);
    store(today(), 100 * DOLLAR);

    reading.compare(account, YearMonth.from(past));
    reading.compare(account, YearMonth.from(today()));

    assertThat(unexplained(past).get(account.service())).isGreaterThan(99 * DOLLAR);
    assertThat(unexplained(today())).isEmpty();
  }

  @Test
  void a_batch_that_is_billed_in_the_next_month_is_known_from_the_month_before() {
    Instance service = ofOpenAi();
    Account owned = Account.of(service);
    count(service, LocalDate.of(2026, 3, 30));
    read(owned, LocalDate.of(2026, 4, 1));

    reading.compare(owned, YearMonth.of(2026, 4));

    assertThat(unexplained(LocalDate.of(2026, 4, 1))).containsExactly(Map.entry(service.id(), 0L));
  }

  @Test
  void a_batch_of_the_last_day_that_nobody_billed_in_the_next_month_is_unexplained() {
    Instance service = ofOpenAi();
    Account owned = Account.of(service);
    count(service, LocalDate.of(2026, 3, 31));
    read(owned, LocalDate.of(2026, 4, 5));

    reading.compare(owned, YearMonth.of(2026, 3));

    assertThat(unexplained(LocalDate.of(2026, 3, 1)).get(service.id())).isPositive();
  }

  private Instance ofOpenAi() {
    ports.clock().set(Instant.parse("2026-04-20T02:00:00Z"));
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    Instance service = AnInstance.of(alice, "openai").provider(Provider.OPENAI).build();
    ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }

  /** Counts a batch on the day when the provider accepted it. */
  private void count(Instance service, LocalDate accepted) {
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    UsageRow row =
        AUsage.of(alice, service)
            .on(accepted)
            .model(
                new CountedModel(UsageModel.called(BATCHED), UsageModel.UNKNOWN, ServiceTier.BATCH))
            .counts(new UsageCounts(1, 0, 0, 0, INPUT, OUTPUT))
            .build();
    ports.usage().add(new UsageStore.UsageBatch(UUID.randomUUID(), 1, List.of(row)));
  }

  /** Stores what the provider states: a batch on one day, and nothing on the other days. */
  private void read(Account of, LocalDate billed) {
    BilledUsage batch =
        new BilledUsage(
            billed,
            Optional.of(new ModelName(BATCHED)),
            Optional.empty(),
            Optional.of("batch"),
            1,
            new BilledUsage.Tokens(INPUT, 0, 0, 0, OUTPUT),
            new TreeMap<>());
    List<ReadDay> days =
        LocalDate.of(2026, 3, 1)
            .datesUntil(LocalDate.of(2026, 4, 10))
            .map(
                day ->
                    new ReadDay(
                        day,
                        ports.clock().instant(),
                        day.equals(billed) ? List.of(batch) : List.of(),
                        List.of(),
                        Optional.empty()))
            .toList();
    ports.billReadings().save(of, days);
  }

  /** A Java program can pass months that can't be written in the API. */
  @ParameterizedTest
  @ValueSource(
      strings = {"+999999999-12", "-999999999-01", "0000-01", "2019-12", "2200-01", "+10000-01"})
  void a_month_that_the_api_refuses_is_refused_in_process_and_stores_nothing(String text) {
    YearMonth month = YearMonth.parse(text);
    Actor actor = alice();
    Instance.Ref service = Instance.Ref.of("alice/s");
    Invoice.Content content = new Invoice.Content(1, "USD", new TreeMap<>());

    List<Outcome<?>> outcomes =
        List.of(
            bills.find(actor, service, month),
            bills.compare(actor, service, month),
            bills.invoice(actor, service, month),
            bills.save(actor, service, month, Precondition.NONE, content),
            bills.delete(actor, service, month, Precondition.NONE));

    assertThat(outcomes)
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isEqualTo(
                        Outcome.refused(
                            new Refusal.Invalid(
                                new Fault(
                                    "/month",
                                    "invalid_value",
                                    "a month from 2020 on, such as 2026-01")))));
    assertThat(ports.bills().invoice(account, month)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2020-01", "2199-12"})
  void the_first_and_the_last_month_have_bills_in_process(String text) {
    assertThat(bills.find(alice(), Instance.Ref.of("alice/s"), YearMonth.parse(text)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void an_invoice_counts_when_its_month_is_over() {
    ports.clock().set(Instant.parse("2026-03-20T02:00:00Z"));
    store(today(), 100 * DOLLAR);
    reading.read(account, false);
    assertThat(unexplained(today())).containsExactly(Map.entry(account.service(), 7L));

    ports.clock().set(Instant.parse("2026-04-02T02:00:00Z"));
    reading.read(account, false);

    assertThat(unexplained(LocalDate.of(2026, 3, 20)).get(account.service()))
        .isGreaterThan(99 * DOLLAR);
  }
}
