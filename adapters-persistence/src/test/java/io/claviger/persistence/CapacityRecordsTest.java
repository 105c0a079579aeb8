package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.capacity.port.CapacityRecords.BorrowerRecord;
import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.application.capacity.port.CapacityRecords.WaitingCalls;
import io.claviger.application.capacity.port.CapacityRecords.Waits;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityAccount;
import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.capacity.JdbcCapacityRecords;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.RegisterExtension;

class CapacityRecordsTest {
  private static final CapacityKey CAPACITY = CapacityKey.ofService(UUID.randomUUID());
  @AutoClose private final PostgresPorts ports = EmptiedDatabases.lend();
  private final CapacityRecords records = new JdbcCapacityRecords(ports.database());

  /** The database's time stands still during a test, so that no minute ends during the test. */
  @RegisterExtension
  final InvocationInterceptor inOneTransaction =
      new InvocationInterceptor() {
        @Override
        public void interceptTestMethod(
            Invocation<Void> test,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context) {
          boolean unused =
              ports
                  .transactions()
                  .inTransaction(
                      () -> {
                        assertThatCode(test::proceed).doesNotThrowAnyException();
                        return true;
                      });
        }
      };

  private void minute(String model, int ago, UUID borrower, int calls, int waited, int refused) {
    int unused =
        ports
            .database()
            .jdbc()
            .sql(
                """
                insert into capacity_minutes (capacity, model, minute, borrower, requests,
                  input_tokens, output_tokens, waited, waited_ms, refused)
                values (:capacity, :model,
                  date_trunc('minute', now() - make_interval(mins => :ago), 'UTC'), :borrower,
                  :calls, :calls * 100, :calls * 10, :waited, :waited * 1000, :refused)
                """)
            .param("capacity", CAPACITY.value())
            .param("model", model)
            .param("ago", ago)
            .param("borrower", borrower)
            .param("calls", calls)
            .param("waited", waited)
            .param("refused", refused)
            .update();
  }

  /** Stores everything again for another capacity, whose figures must not be mixed with these. */
  private void besideAnother() {
    for (String table : List.of("minutes", "nodes", "accounts", "limits")) {
      run(
          """
          insert into capacity_%1$s
          select (jsonb_populate_record(c,
            jsonb_build_object('capacity', 'beside ' || cast(:capacity as text)))).*
          from capacity_%1$s c
          """
              .formatted(table));
    }
  }

  private void run(String statement) {
    int unused =
        ports.database().jdbc().sql(statement).param("capacity", CAPACITY.value()).update();
  }

  @Test
  void a_call_that_counts_twice_is_shown_once_and_leavers_have_no_name() {
    User dave = ports.stored(AUser.called("dave").build());
    UUID gone = UUID.randomUUID();
    Group team = AGroup.called("team");
    ports.groups().insert(team);
    minute("", 1, dave.id().value(), 5, 1, 2);
    minute("gpt", 1, dave.id().value(), 3, 1, 1);
    minute("gpt", 2, dave.id().value(), 2, 4, 3);
    minute("mini", 2, dave.id().value(), 3, 0, 0);
    minute("", 1, gone, 4, 0, 9);
    minute("", 70, gone, 100, 0, 0);
    minute("", 1, team.id().value(), 1, 0, 0);
    besideAnother();

    assertThat(records.minutes(CAPACITY, Optional.empty()))
        .extracting(CapacityRecords.MinuteRecord::used)
        .containsExactly(new PaceUse(5, 500, 50), new PaceUse(10, 1_000, 100));
    assertThat(records.borrowers(CAPACITY, Optional.empty()))
        .containsExactly(
            new BorrowerRecord(
                Optional.of("dave"),
                OptionalInt.empty(),
                new PaceUse(10, 1_000, 100),
                new Waits(6, Duration.ofSeconds(6), 6),
                0),
            new BorrowerRecord(
                Optional.empty(),
                OptionalInt.empty(),
                new PaceUse(4, 400, 40),
                new Waits(0, Duration.ZERO, 9),
                0),
            new BorrowerRecord(
                Optional.of("@team"),
                OptionalInt.empty(),
                new PaceUse(1, 100, 10),
                new Waits(0, Duration.ZERO, 0),
                0));
  }

  @Test
  void a_borrower_reads_their_own_calls_alone() {
    UUID dave = ports.stored(AUser.called("dave").build()).id().value();
    minute("", 1, dave, 5, 1, 0);
    minute("", 61, dave, 7, 0, 0);
    minute("", 1, UUID.randomUUID(), 4, 0, 9);
    besideAnother();

    assertThat(records.minutes(CAPACITY, Optional.of(dave)))
        .extracting(CapacityRecords.MinuteRecord::used)
        .containsExactly(new PaceUse(5, 500, 50));
    assertThat(records.borrowers(CAPACITY, Optional.of(dave)))
        .extracting(BorrowerRecord::name)
        .containsExactly(Optional.of("dave"));
    assertThat(records.minutes(CapacityKey.ofService(UUID.randomUUID()), Optional.empty()))
        .isEmpty();
  }

  @Test
  void another_owner_does_not_learn_who_used_the_service_before() {
    Instance service =
        ports.stored(AnInstance.of(ports.stored(AUser.called("dave").build()), "a").build());
    User erin = ports.stored(AUser.called("erin").build());
    minute("", 1, UUID.randomUUID(), 5, 1, 0);
    int unused =
        ports
            .database()
            .jdbc()
            .sql(
                """
                insert into capacity_minutes
                select 'service:' || :id, m.model, m.minute, m.borrower, 1, 1, 1, 1, 1, 1
                from capacity_minutes m
                """)
            .param("id", service.id().value())
            .update();
    CapacityKey lent = CapacityKey.ofService(service.id().value());
    assertThat(records.minutes(lent, Optional.empty())).hasSize(1);

    int moved =
        ports
            .database()
            .jdbc()
            .sql("update instances set owner_id = :owner, owner_handle = 'erin' where id = :id")
            .param("owner", erin.id().value())
            .param("id", service.id().value())
            .update();
    assertThat(moved).isEqualTo(1);
    run("set constraints all immediate"); // as at the end of a transaction

    assertThat(records.minutes(lent, Optional.empty())).isEmpty();
    assertThat(records.minutes(CAPACITY, Optional.empty())).hasSize(1);
  }

  @Test
  void a_limit_is_shown_with_what_was_used_of_it_in_the_last_minute_or_is_under_way() {
    minute("gpt", 1, UUID.randomUUID(), 5, 0, 0);
    minute("gpt", 1, UUID.randomUUID(), 1, 0, 0);
    minute("gpt", 2, UUID.randomUUID(), 50, 0, 0);
    minute("mini", 1, UUID.randomUUID(), 500, 0, 0);
    run(
        """
        insert into capacity_limits (capacity, model, limit_name, learned, learned_at, left_over)
        select :capacity, 'gpt', l.name, 1000, now(), l.left_over
        from (values ('tokens_per_minute', 300), ('requests_per_minute', null),
          ('concurrent_calls', null)) l (name, left_over)
        """);
    run(
        """
        insert into capacity_nodes (capacity, model, node, waiting, longest_ms, concurrent,
          stated_at)
        values (:capacity, 'gpt', gen_random_uuid(), 3, 1200, 7, now()),
          (:capacity, 'gpt', gen_random_uuid(), 0, 9000, 1, now()),
          (:capacity, 'gpt', gen_random_uuid(), 2, 9000, 2, now() - interval '1 minute'),
          (:capacity, 'mini', gen_random_uuid(), 2, 800, 500, now())
        """);
    besideAnother();

    List<RecordedLimit> limits = records.limits(CAPACITY);
    assertThat(limits)
        .extracting(RecordedLimit::limit, RecordedLimit::used, RecordedLimit::left)
        .containsExactly(
            tuple("concurrent_calls", 8L, OptionalLong.empty()),
            tuple("requests_per_minute", 6L, OptionalLong.empty()),
            tuple("tokens_per_minute", 660L, OptionalLong.of(300)));
    assertThat(limits).allMatch(limit -> limit.model().equals(Optional.of("gpt")));
    assertThat(records.waiting(CAPACITY)).isEqualTo(new WaitingCalls(5, Duration.ofMillis(1200)));
    assertThat(records.waiting(CapacityKey.ofService(UUID.randomUUID())))
        .isEqualTo(new WaitingCalls(0, Duration.ZERO));
  }

  @Test
  void who_waits_is_shown_with_their_weight_even_before_their_first_call_went_out() {
    User dave = ports.stored(AUser.called("dave").build());
    UUID node = UUID.randomUUID();
    CapacityAccount account =
        new CapacityAccount(
            new ProviderLimits(
                new PaceLimits(Map.of(PaceLimit.REQUESTS_PER_MINUTE, 60L)), OptionalInt.empty()),
            0);
    CapacityGrant unused =
        account.exchange(
            new CapacityStatement(
                node,
                Map.of(
                    dave.id().value(),
                    new CapacityStatement.Claim(
                        7,
                        PaceUse.NONE,
                        PaceUse.NONE,
                        PaceUse.NONE,
                        new PaceUse(1, 0, 0),
                        PaceUse.NONE,
                        0,
                        3,
                        0,
                        PaceUse.NONE)),
                0,
                List.of(),
                List.of()),
            1);
    for (String model : List.of("", "gpt", "idle")) {
      int unusedToo =
          ports
              .database()
              .jdbc()
              .sql(
                  """
                  insert into capacity_accounts (capacity, model, state, changed_at)
                  values (:capacity, :model, :state,
                    now() - case :model when 'idle' then interval '6 seconds' else '0' end)
                  """)
              .param("capacity", CAPACITY.value())
              .param("model", model)
              .param("state", account.write())
              .update();
    }
    besideAnother();

    assertThat(records.borrowers(CAPACITY, Optional.empty()))
        .containsExactly(
            new BorrowerRecord(
                Optional.of("dave"),
                OptionalInt.of(7),
                PaceUse.NONE,
                new Waits(0, Duration.ZERO, 0),
                6));
    assertThat(records.borrowers(CAPACITY, Optional.of(UUID.randomUUID()))).isEmpty();
  }

  @Test
  void the_lowest_of_what_the_services_of_a_group_state_is_shown_and_counts() {
    User dave = ports.stored(AUser.called("dave").build());
    User erin = ports.stored(AUser.called("erin").build());
    CapacityKey group = CapacityKey.ofGroup(dave.id().value(), "house");
    for (Instance service :
        List.of(
            ports.stored(AnInstance.of(dave, "a").build()),
            ports.stored(AnInstance.of(dave, "b").build()),
            ports.stored(AnInstance.of(dave, "garden").build()),
            ports.stored(AnInstance.of(erin, "c").build()))) {
      int unused =
          ports
              .database()
              .jdbc()
              .sql(
                  """
                  update instances
                  set capacity_group = case handle when 'garden' then handle else 'house' end,
                    provider_requests_per_minute = case handle when 'a' then 90 when 'b' then 60
                      else 1 end
                  where id = :id
                  """)
              .param("id", service.id().value())
              .update();
      assertThat(records.limits(CapacityKey.ofService(service.id().value()))).isEmpty();
    }

    assertThat(records.limits(group))
        .containsExactly(
            new RecordedLimit(
                "requests_per_minute",
                Optional.empty(),
                OptionalLong.of(60),
                OptionalLong.empty(),
                Optional.empty(),
                0,
                OptionalLong.empty(),
                Optional.empty()));
    int alone =
        ports
            .database()
            .jdbc()
            .sql("update instances set capacity_group = null where handle = 'a'")
            .update();
    assertThat(alone).isEqualTo(1);
    assertThat(records.limits(group)).extracting(RecordedLimit::allowed).containsExactly(60L);
  }

  @Test
  void what_a_service_of_no_group_states_is_shown_for_the_service() {
    User dave = ports.stored(AUser.called("dave").build());
    Instance service = ports.stored(AnInstance.of(dave, "a").build());
    Instance unused = ports.stored(AnInstance.of(dave, "b").build());
    int stated =
        ports
            .database()
            .jdbc()
            .sql(
                """
                update instances
                set provider_tokens_per_minute = case handle when 'a' then 90 else 1 end
                """)
            .update();
    assertThat(stated).isEqualTo(2);

    assertThat(records.limits(CapacityKey.ofService(service.id().value())))
        .extracting(RecordedLimit::limit, RecordedLimit::allowed)
        .containsExactly(tuple("tokens_per_minute", 90L));
  }

  @Test
  void the_capacities_with_the_most_calls_say_which_part_of_each_limit_is_used() {
    minute("", 1, UUID.randomUUID(), 20, 0, 0);
    minute("gpt", 1, UUID.randomUUID(), 30, 0, 0);
    run(
        """
        insert into capacity_limits (capacity, model, limit_name, learned, learned_at)
        values (:capacity, '', 'requests_per_minute', 100, now()),
          (:capacity, 'gpt', 'requests_per_minute', 60, now()),
          (:capacity, '', 'concurrent_calls', 8, now())
        """);
    run(
        """
        insert into capacity_nodes (capacity, model, node, waiting, longest_ms, concurrent,
          stated_at)
        values (:capacity, '', gen_random_uuid(), 3, 1200, 2, now()),
          (:capacity, '', gen_random_uuid(), 1, 0, 2, now())
        """);
    run(
        """
        insert into capacity_minutes (capacity, model, minute, borrower, requests,
          input_tokens, output_tokens, waited, waited_ms, refused)
        select 'other than ' || :capacity, '',
          date_trunc('minute', now() - interval '1 minute', 'UTC'), gen_random_uuid(), 1, 0, 0,
          0, 0, 0
        """);

    assertThat(records.busiest(1))
        .containsExactly(
            new BusyCapacity(
                CAPACITY, 4, Map.of("requests_per_minute", 0.5, "concurrent_calls", 0.5)));
    assertThat(records.busiest(5)).hasSize(2);

    run(
        """
        insert into capacity_nodes (capacity, model, node, waiting, longest_ms, concurrent,
          stated_at)
        values ('stuck beside ' || :capacity, '', gen_random_uuid(), 512, 1200, 0, now())
        """);
    assertThat(records.busiest(1)).extracting(BusyCapacity::waiting).containsExactly(512);
  }

  /**
   * The use for all models together is read first. Single models are read only up to a maximum
   * number.
   */
  @Tag("thorough")
  @Test
  void no_more_of_an_hour_is_read_than_an_answer_shows() {
    UUID dave = ports.stored(AUser.called("dave").build()).id().value();
    minute("", 30, dave, 7, 1, 0);
    run(
        """
        insert into capacity_minutes (capacity, model, minute, borrower, requests,
          input_tokens, output_tokens, waited, waited_ms, refused)
        select :capacity, 'm' || m, date_trunc('minute', now() - interval '1 minute', 'UTC'),
          ('00000000-0000-0000-0000-' || lpad(b::text, 12, '0'))::uuid, 0, 0, 0, 0, 0, 1
        from generate_series(1, 25) m, generate_series(1, 4096) b
        """);
    run("analyze capacity_minutes");

    assertThat(records.minutes(CAPACITY, Optional.empty()))
        .extracting(minute -> minute.used().calls(), minute -> minute.waits().refused())
        .containsExactly(tuple(7L, 0L), tuple(0L, 95_999L));
    assertThat(records.borrowers(CAPACITY, Optional.empty()).getFirst().name()).hasValue("dave");
    assertThat(records.minutes(CAPACITY, Optional.of(dave))).hasSize(1);
    assertThat(
            ports
                .database()
                .jdbc()
                .sql(
                    """
                    explain select from capacity_minutes m
                    where m.capacity = :capacity and m.borrower = :borrower
                      and m.minute > now() - interval '1 hour'
                    """)
                .param("capacity", CAPACITY.value())
                .param("borrower", dave)
                .query(String.class)
                .list())
        .anyMatch(line -> line.contains("capacity_minutes_of_borrower"));
  }

  /** 200 borrowers who call each minute, with two models and all models together. */
  @Test
  void an_hour_of_many_borrowers_is_read_fast() {
    run(
        """
        insert into capacity_minutes (capacity, model, minute, borrower, requests,
          input_tokens, output_tokens, waited, waited_ms, refused)
        select :capacity, m.model, date_trunc('minute', now() - make_interval(mins => n), 'UTC'),
          ('00000000-0000-0000-0000-' || lpad(b::text, 12, '0'))::uuid, 1, 2, 3, 0, 0, 0
        from generate_series(0, 60) n, generate_series(1, 220) b,
          (values (''), ('a'), ('b')) m (model)
        """);
    Duration quickest = Duration.ofDays(1);
    // On a busy machine a question may wait at any time, so the quickest of a few reads counts.
    for (int n = 0; n < 3 && quickest.compareTo(Duration.ofSeconds(5)) >= 0; n++) {
      long began = System.nanoTime();
      assertThat(records.minutes(CAPACITY, Optional.empty())).hasSize(60);
      assertThat(records.borrowers(CAPACITY, Optional.empty()))
          .hasSize(CapacityRecords.MOST_BORROWERS)
          .allMatch(borrower -> borrower.used().calls() == 120);
      quickest = Collections.min(List.of(quickest, Duration.ofNanos(System.nanoTime() - began)));
    }
    assertThat(quickest).isLessThan(Duration.ofSeconds(5));
  }
}
