package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.BillReading;
import io.claviger.application.bills.MonthComparison;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.contracts.BillReadingsContract;
import io.claviger.application.fakes.Ports;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BilledCost;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.CountedUsage;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostgresBillReadingsTest extends BillReadingsContract {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final Duration LEASE = Duration.ofMinutes(4);

  @Override
  protected Ports freshPorts() {
    return PORTS.emptied();
  }

  private void execute(String sql) {
    int unused =
        JdbcClient.create(PORTS.dataSource())
            .sql(
                sql.replace("SERVICE", "'" + service.id().value() + "'::uuid")
                    .replace("OWNER", "'" + service.owner().value() + "'::uuid"))
            .update();
  }

  private void giveCredentials() {
    execute(
        """
        insert into billing_credentials (instance_id, id, api, endpoint, follows_service,
          model_access, credential_sealed, set_at)
        select i.id, gen_random_uuid(), 'openai', 'https://api.openai.com', true, 'no',
          decode('01', 'hex') || decode(k.id, 'hex') || sha256('1') || sha256('2'), now()
        from encryption_keys k, instances i where k.state = 'live'
        """);
  }

  @Test
  void a_service_with_a_credential_is_due_at_once_and_taken_by_one_node() {
    assertThat(readings.takeDue(NOW, LEASE)).isEmpty();
    giveCredentials();

    List<Optional<?>> taken = Race.of(16, n -> readings.takeDue(NOW, LEASE), 1);

    assertThat(taken.stream().flatMap(Optional::stream).toList()).isEqualTo(List.of(account));
    assertThat(readings.takeDue(NOW.plus(LEASE).minusSeconds(1), LEASE)).isEmpty();
    assertThat(readings.takeDue(NOW.plus(LEASE), LEASE)).contains(account);
    readings.recordRead(service.id(), NOW, NOW.plusSeconds(9_000));
    assertThat(readings.takeDue(NOW.plusSeconds(8_999), LEASE)).isEmpty();
    assertThat(readings.takeDue(NOW.plusSeconds(9_000), LEASE)).contains(account);
    Instant later = NOW.plusSeconds(19_000);
    readings.recordFailed(service.id(), BillingFailure.TIMED_OUT, NOW, later);
    assertThat(readings.takeDue(later.minusSeconds(1), LEASE)).isEmpty();
    assertThat(readings.takeDue(later, LEASE)).contains(account);
  }

  @Test
  void readings_go_on_after_the_clock_was_ahead() {
    giveCredentials();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Instant ahead = now.plus(Duration.ofDays(9));
    assertThat(readings.takeDue(ahead, LEASE)).contains(account);
    readings.recordRead(service.id(), ahead, ahead.plus(Duration.ofHours(20)));
    LocalDate day = LocalDate.of(2026, 2, 1);
    readings.save(account, List.of(day(day, ahead)));

    List<Optional<?>> taken = Race.of(16, n -> readings.takeDue(now, LEASE), 1);
    readings.save(account, List.of(day(day, now)));

    assertThat(taken.stream().flatMap(Optional::stream).toList()).isEqualTo(List.of(account));
    assertThat(readings.takeDue(now.plus(LEASE).minusSeconds(1), LEASE)).isEmpty();
    readings.recordRead(service.id(), now, now.plus(Duration.ofHours(29)));
    assertThat(readings.takeDue(now.plus(Duration.ofHours(28)), LEASE)).isEmpty();
    assertThat(readings.days(account, day, day)).containsExactly(day(day, now));
  }

  @Test
  void the_unexplained_rest_is_stored_again_after_the_clock_was_ahead() {
    giveCredentials();
    Instant now = Instant.now();
    readings.recordCompared(account, bill(7), Set.of(), now.plus(Duration.ofDays(9)));

    readings.recordCompared(account, bill(3), Set.of(), now);
    readings.recordCompared(account, bill(2), Set.of(), now.minus(Duration.ofHours(2)));

    assertThat(readings.unexplained(YearMonth.of(2026, 2), 10))
        .containsExactly(Map.entry(service.id(), 3L));
    readings.recordCompared(account, bill(4), Set.of(), now.plusSeconds(1));
    assertThat(readings.unexplained(YearMonth.of(2026, 2), 10))
        .containsExactly(Map.entry(service.id(), 4L));
  }

  private static ReadDay day(LocalDate day, Instant readAt) {
    return new ReadDay(day, readAt, List.of(), List.of(), Optional.empty());
  }

  private static Bill bill(long unexplained) {
    return new Bill(
        YearMonth.of(2026, 2),
        "USD",
        Optional.of(100L),
        90,
        Optional.of(90L),
        List.of(),
        Optional.of(unexplained),
        List.of(),
        Optional.empty());
  }

  @Test
  void a_day_lacks_room_if_the_owners_other_services_take_it_even_if_they_are_given_away() {
    LocalDate day = LocalDate.of(2026, 2, 1);
    User alice = ports.users().find(service.ref().owner()).orElseThrow();
    User bob = user("bob");
    Instance givenAway = stored(AnInstance.of(bob, "t").build());
    Account second = new Account(givenAway.id(), alice.id());
    Account third = Account.of(stored(AnInstance.of(alice, "u").build()));
    readings.save(account, List.of(large(day.plusDays(2), 900)));
    readings.save(Account.of(stored(AnInstance.of(bob, "s").build())), List.of(large(day, 900)));
    assertThat(withoutRoom(account, day, 1)).isEmpty();

    readings.save(second, List.of(large(day, 300), large(day.plusDays(1), 600)));
    readings.save(third, List.of(large(day, 300), large(day.plusDays(2), 900)));

    assertThat(withoutRoom(account, day, 140_000)).containsOnly(day, day.plusDays(1));
    assertThat(withoutRoom(account, day, 180_000)).isEmpty();
    assertThat(withoutRoom(third, day, 1)).containsOnly(day.plusDays(1));
  }

  private Set<LocalDate> withoutRoom(Account of, LocalDate first, long bytes) {
    return readings.daysWithoutRoom(of, first, first.plusDays(3), bytes);
  }

  /** A day with lines whose names don't become shorter when they are compressed. */
  private static ReadDay large(LocalDate day, int lines) {
    Random random = new Random(lines);
    List<BilledCost> costs = new ArrayList<>();
    for (int n = 0; n < lines; n++) {
      byte[] name = new byte[180];
      random.nextBytes(name);
      costs.add(
          new BilledCost(
              day,
              Optional.of(Base64.getEncoder().encodeToString(name)),
              Optional.empty(),
              "USD",
              n));
    }
    return new ReadDay(day, NOW, List.of(), costs, Optional.empty());
  }

  @Test
  void owners_take_turns_however_many_services_one_has() {
    User bob = user("bob");
    User carol = user("carol");
    Stream.of(
            AnInstance.of(bob, "a"),
            AnInstance.of(bob, "b"),
            AnInstance.of(carol, "a"),
            AnInstance.of(carol, "b"),
            AnInstance.of(carol, "c"))
        .map(AnInstance::build)
        .forEach(
            each ->
                ports.instances().insert(each, new SecretChange.Keep(), new SecretChange.Keep()));
    giveCredentials();

    List<User.Id> owners = new ArrayList<>();
    for (int second = 0; second < 6; second++) {
      Instant now = NOW.plusSeconds(second);
      Account due = readings.takeDue(now, LEASE).orElseThrow();
      readings.recordFailed(due.service(), BillingFailure.TIMED_OUT, now, now.plus(LEASE));
      owners.add(due.owner());
    }

    assertThat(owners.subList(0, 3))
        .containsExactlyInAnyOrder(account.owner(), bob.id(), carol.id());
    assertThat(owners.subList(3, 5)).containsExactlyInAnyOrder(bob.id(), carol.id());
    assertThat(owners.get(5)).isEqualTo(carol.id());
  }

  @Test
  void an_owner_whose_last_reading_or_failure_is_the_oldest_is_next() {
    Instance second = AnInstance.of(user("bob"), "a").build();
    User alice = ports.users().find(service.ref().owner()).orElseThrow();
    Instance third = AnInstance.of(alice, "t").build();
    for (Instance each : List.of(second, third)) {
      ports.instances().insert(each, new SecretChange.Keep(), new SecretChange.Keep());
    }
    giveCredentials();
    for (int n = 0; n < 3; n++) {
      assertThat(readings.takeDue(NOW, LEASE)).isPresent();
    }
    Instant next = NOW.plusSeconds(100);
    readings.recordRead(service.id(), NOW, next);
    readings.recordRead(second.id(), NOW.plusSeconds(1), next);
    readings.recordRead(third.id(), NOW.plusSeconds(2), next);

    assertThat(readings.takeDue(next, LEASE)).contains(Account.of(second));
    readings.recordFailed(second.id(), BillingFailure.TIMED_OUT, NOW.plusSeconds(3), next);
    assertThat(readings.takeDue(next, LEASE).orElseThrow().owner()).isEqualTo(alice.id());
  }

  @Test
  void a_first_request_is_not_kept_waiting_by_a_reading_that_is_due() {
    giveCredentials();
    assertThat(readings.takeDue(NOW, LEASE)).contains(account);

    assertThat(readings.takeRequested(service.id(), NOW)).isTrue();
    assertThat(readings.takeRequested(service.id(), NOW)).isFalse();
  }

  @Test
  void usage_is_summed_up_by_day_model_and_whose_key_it_was() {
    execute(
        """
        insert into usage_daily (day, user_id, user_handle, instance_id, instance_ref, owner_id,
          project_id, key_source, model, requests, errors, bytes_in, bytes_out, input_tokens,
          output_tokens, cost, priced)
        select d.day, gen_random_uuid(), 'u', d.service, 'alice/s', d.owner,
          '00000000-0000-0000-0000-000000000000', d.source, 'gpt', 1, 0, 0, 0, 10, 5, 7, 1
        from (values
          (date '2026-02-01', SERVICE, OWNER, 'central'),
          (date '2026-02-01', SERVICE, OWNER, 'central'),
          (date '2026-02-01', SERVICE, OWNER, 'user'),
          (date '2026-02-02', SERVICE, OWNER, 'deployment'),
          (date '2026-02-02', SERVICE, gen_random_uuid(), 'central'),
          (date '2026-02-02', gen_random_uuid(), OWNER, 'central'),
          (date '2026-02-03', SERVICE, OWNER, 'central')) d (day, service, owner, source)
        """);

    List<CountedUsage> found =
        readings.usage(account, LocalDate.of(2026, 2, 1), LocalDate.of(2026, 2, 2));

    assertThat(found)
        .extracting(u -> u.day() + " " + u.model() + " " + u.ownKey() + " " + u.counts().requests())
        .containsExactly(
            "2026-02-01 gpt false 2", "2026-02-01 gpt true 1", "2026-02-02 gpt false 1");
    assertThat(found).extracting(u -> u.counts().cost().cost()).containsExactly(14L, 7L, 7L);
  }

  /** A provider that bills 100 dollars for nothing. */
  private static ProviderBilling.Reading billing(LocalDate first) {
    BilledCost cost =
        new BilledCost(first, Optional.empty(), Optional.empty(), "USD", 100_000_000_000L);
    return new ProviderBilling.Reading.Read(
        new ProviderFigures(List.of(), List.of(cost), Instant.now()), Optional.empty());
  }

  @Test
  void of_many_readings_at_once_one_tells_the_owner() {
    Webhook unused = webhook();
    BillReading reading =
        new BillReading(
            readings,
            (asking, first, last, limit) -> billing(first),
            new MonthComparison(readings, PORTS.prices()),
            PORTS.instances(),
            PORTS.bills(),
            PORTS.transactions(),
            InstantSource.system());

    List<Boolean> read =
        Race.of(
            16,
            n -> {
              reading.read(account, n % 2 == 0);
              return true;
            },
            1);

    assertThat(read).hasSize(16).containsOnly(true);
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void services_with_a_credential_and_the_most_unexplained_are_shown() {
    execute("insert into bill_months values (SERVICE, '2026-02-01', 7, now())");

    assertThat(readings.unexplained(YearMonth.of(2026, 2), 10)).isEmpty();
    giveCredentials();
    assertThat(readings.unexplained(YearMonth.of(2026, 2), 10))
        .containsExactly(Map.entry(service.id(), 7L));
    assertThat(readings.unexplained(YearMonth.of(2026, 2), 0)).isEmpty();
    assertThat(readings.unexplained(YearMonth.of(2026, 3), 10)).isEmpty();
    Instance other = AnInstance.of(user("bob"), "s").build();
    ports.instances().insert(other, new SecretChange.Keep(), new SecretChange.Keep());
    execute("delete from billing_credentials");
    giveCredentials();
    execute("delete from billing_credentials where instance_id = SERVICE");
    assertThat(readings.unexplained(YearMonth.of(2026, 2), 10)).isEmpty();
  }
}
