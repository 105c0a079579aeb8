package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetReplay.Quarter;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.budgets.JdbcChargeHistory;
import io.claviger.persistence.shared.Database;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers of a service were charged, as PostgreSQL finds it and as it is computed here. */
final class ChargeHistoryTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  private static final int QUARTER = 900;
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(7, 1));
  private static final Instance.Id OTHER = new Instance.Id(new UUID(7, 2));
  private static final int CALLERS = 12;

  private final JdbcChargeHistory history = new JdbcChargeHistory(new Database(PORTS.dataSource()));

  /** The charges by service, caller and quarter of an hour. */
  private final Map<Instance.Id, Map<User.Id, TreeMap<Instant, Quarter>>> charged = new HashMap<>();

  @BeforeEach
  void charge() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    Random random = new Random(41);
    for (int batch = 0; batch < 5; batch++) {
      List<AccountCharge> charges = new ArrayList<>();
      List<UsageRow> calls = new ArrayList<>();
      for (Instance.Id service : List.of(SERVICE, OTHER)) {
        for (int caller = 0; caller < CALLERS; caller++) {
          AccountCharge charge = charge(service, new User.Id(new UUID(caller, 3)), random);
          charges.add(charge);
          calls.add(calls(service, new User.Id(new UUID(caller, 3)), charge));
        }
        Instant any = BEGIN.plusSeconds(QUARTER * random.nextLong(40));
        // Pools and the whole service are also charged. These charges belong to no caller.
        charges.add(new AccountCharge("service:" + service.value(), any, 999, 999, 999));
        charges.add(
            new AccountCharge(
                "service:" + service.value() + ":group:" + new UUID(1, 3), any, 999, 999, 999));
      }
      PORTS.usage().add(new UsageStore.UsageBatch(UUID.randomUUID(), 1, calls, charges));
    }
  }

  private static UsageRow calls(Instance.Id service, User.Id caller, AccountCharge charge) {
    return calls(service, caller, charge, KeySource.CENTRAL);
  }

  private static UsageRow calls(
      Instance.Id service, User.Id caller, AccountCharge charge, KeySource key) {
    return new UsageRow(
        LocalDate.ofInstant(charge.quarter(), ZoneOffset.UTC),
        new UsageAccount(
            caller,
            new Handle("caller"),
            service,
            Instance.Ref.of("alice/s"),
            new User.Id(new UUID(1, 9)),
            Optional.empty()),
        key,
        CountedModel.UNKNOWN,
        PriceVersions.NONE,
        new UsageCounts(charge.requests(), 0, 0, 0, 0, 0));
  }

  private AccountCharge charge(Instance.Id service, User.Id caller, Random random) {
    Instant from = BEGIN.plusSeconds(QUARTER * random.nextLong(40));
    Quarter quarter =
        new Quarter(
            from, 1 + random.nextLong(50), random.nextLong(1_000), random.nextLong(1_000_000));
    charged
        .computeIfAbsent(service, s -> new HashMap<>())
        .computeIfAbsent(caller, c -> new TreeMap<>())
        .merge(from, quarter, ChargeHistoryTest::sum);
    return new AccountCharge(
        "service:" + service.value() + ":" + caller.value(),
        from,
        quarter.requests(),
        quarter.tokens(),
        quarter.nanoDollars());
  }

  private static Quarter sum(Quarter one, Quarter more) {
    return new Quarter(
        one.from(),
        one.requests() + more.requests(),
        one.tokens() + more.tokens(),
        one.nanoDollars() + more.nanoDollars());
  }

  /** What was charged since a time, without callers of whom nothing is left then. */
  private Map<User.Id, List<Quarter>> since(Instance.Id service, Instant since) {
    Map<User.Id, List<Quarter>> found = new LinkedHashMap<>();
    charged
        .get(service)
        .forEach(
            (caller, quarters) -> {
              List<Quarter> later = List.copyOf(quarters.tailMap(since, true).values());
              if (!later.isEmpty()) {
                found.put(caller, later);
              }
            });
    return found;
  }

  private static long requests(List<Quarter> quarters) {
    return quarters.stream().mapToLong(Quarter::requests).sum();
  }

  @Test
  void every_caller_is_found_with_their_quarters_in_order() {
    for (int quarter : List.of(0, 1, 20, 39, 40)) {
      Instant since = BEGIN.plusSeconds((long) QUARTER * quarter);

      assertThat(history.of(SERVICE, Optional.empty(), since, 100))
          .isEqualTo(since(SERVICE, since));
      assertThat(history.of(OTHER, Optional.empty(), since, 100)).isEqualTo(since(OTHER, since));
    }
  }

  @Test
  void those_with_the_most_calls_are_found_where_there_are_more_than_wanted() {
    List<User.Id> most =
        since(SERVICE, BEGIN).entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<User.Id, List<Quarter>> e) -> requests(e.getValue()))
                    .reversed()
                    .thenComparing(e -> e.getKey().value().toString()))
            .limit(3)
            .map(Map.Entry::getKey)
            .toList();

    assertThat(history.of(SERVICE, Optional.empty(), BEGIN, 3).keySet())
        .containsExactlyInAnyOrderElementsOf(most);
  }

  @Test
  void calls_of_those_to_whom_somebody_lent_on_are_not_their_own() {
    Instance.Id service = new Instance.Id(new UUID(7, 3));
    User.Id bob = new User.Id(new UUID(1, 7));
    User.Id carol = new User.Id(new UUID(2, 7));
    User.Id owner = new User.Id(new UUID(3, 7));
    List<AccountCharge> charges = new ArrayList<>();
    List<UsageRow> calls = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      Instant quarter = BEGIN.plusSeconds((long) QUARTER * n);
      AccountCharge bobs = of(service, bob, quarter, 10);
      charges.add(bobs);
      calls.add(calls(service, bob, bobs));
      // Carol lends to Bob, calls once in each quarter of an hour, and is in the owner's project.
      charges.add(of(service, carol, quarter, 11));
      calls.add(calls(service, carol, of(service, carol, quarter, 1)));
      charges.add(of(service, owner, quarter, 11));
    }
    Instant nextDay = BEGIN.plusSeconds(86_400);
    charges.add(of(service, carol, nextDay, 11));
    calls.add(calls(service, carol, of(service, carol, nextDay, 1)));
    calls.add(calls(service, carol, of(service, carol, nextDay.plusSeconds(86_400), 90)));
    calls.add(calls(OTHER, carol, of(OTHER, carol, BEGIN, 90)));
    calls.add(calls(service, carol, of(service, carol, BEGIN, 90), KeySource.USER));
    PORTS.usage().add(new UsageStore.UsageBatch(UUID.randomUUID(), 1, calls, charges));

    Map<User.Id, List<Quarter>> found = history.of(service, Optional.empty(), BEGIN, 100);

    assertThat(found).containsOnlyKeys(bob, carol);
    assertThat(requests(found.getOrDefault(bob, List.of()))).isEqualTo(100);
    assertThat(requests(found.getOrDefault(carol, List.of()))).isEqualTo(11);
    assertThat(found.getOrDefault(carol, List.of()))
        .allMatch(quarter -> quarter.tokens() == 100 && quarter.nanoDollars() == 1_000);
    assertThat(history.of(service, Optional.of(owner), BEGIN, 100)).isEmpty();
    assertThat(history.of(service, Optional.of(bob), BEGIN, 100)).containsOnlyKeys(bob);
  }

  private static AccountCharge of(
      Instance.Id service, User.Id user, Instant quarter, long requests) {
    return new AccountCharge(
        "service:" + service.value() + ":" + user.value(),
        quarter,
        requests,
        100 * requests,
        1_000 * requests);
  }

  @Test
  void charges_of_the_time_of_a_former_owner_are_not_found() {
    User alice = PORTS.stored(AUser.called("alice").build());
    User bob = PORTS.stored(AUser.called("bob").build());
    PORTS
        .instances()
        .insert(
            AnInstance.of(bob, "x").id(SERVICE).build(),
            new SecretChange.Keep(),
            new SecretChange.Keep());
    Instant moved = BEGIN.plusSeconds(QUARTER * 20L);
    move(SERVICE, alice, bob, "accepted", BEGIN.plusSeconds(QUARTER * 10L));
    move(SERVICE, alice, bob, "accepted", moved);
    move(SERVICE, alice, bob, "declined", BEGIN.plusSeconds(QUARTER * 30L));
    Instance another = PORTS.stored(AnInstance.of(bob, "y").build());
    move(another.id(), alice, bob, "accepted", BEGIN.plusSeconds(QUARTER * 35L));

    assertThat(history.of(SERVICE, Optional.empty(), BEGIN, 100)).isEqualTo(since(SERVICE, moved));
    assertThat(history.of(OTHER, Optional.empty(), BEGIN, 100)).isEqualTo(since(OTHER, BEGIN));
  }

  private static void move(Instance.Id service, User from, User to, String state, Instant ended) {
    int unused =
        PORTS
            .sql()
            .sql(
                """
                with given as (
                  insert into transfers (
                    id, from_id, from_handle, to_id, to_handle, state, offered_at, expires_at,
                    ended_at)
                  values (
                    gen_random_uuid(), :from, 'alice', :to, 'bob', :state,
                    cast(:ended as timestamptz) - interval '1 day',
                    cast(:ended as timestamptz) + interval '13 days', :ended)
                  returning id)
                insert into transfer_items (
                  transfer_id, position, open, kind, handle, new_handle, service_id)
                select id, 1, false, 'service', 'x', 'x', :service from given
                """)
            .param("state", state)
            .param("from", from.id().value())
            .param("to", to.id().value())
            .param("ended", ended.atOffset(ZoneOffset.UTC))
            .param("service", service.value())
            .update();
  }

  @Test
  void one_caller_is_found_alone() {
    User.Id caller = new User.Id(new UUID(4, 3));

    assertThat(history.of(SERVICE, Optional.of(caller), BEGIN, 100))
        .isEqualTo(Map.of(caller, since(SERVICE, BEGIN).get(caller)));
    assertThat(history.of(SERVICE, Optional.of(new User.Id(new UUID(99, 3))), BEGIN, 100))
        .isEmpty();
    assertThat(history.of(new Instance.Id(new UUID(7, 3)), Optional.empty(), BEGIN, 100)).isEmpty();
  }
}
