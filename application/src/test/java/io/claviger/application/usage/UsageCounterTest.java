package io.claviger.application.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.prices.CachedPriceBook;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class UsageCounterTest {
  private final User alice = AUser.called("alice").build();
  private final Instance service = AnInstance.of(alice, "s").build();
  private final UsageAccount account = AUsage.of(alice, service).account();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-02-03T23:59:59Z"));
  private final Books books = new Books();
  private final InMemoryPorts ports = new InMemoryPorts();
  private final CachedPriceBook prices = new CachedPriceBook(ports.prices(), clock, () -> true);
  private final List<String> unstorable = new ArrayList<>();
  private final UsageCounter counter =
      new UsageCounter(books, prices, clock, rows -> {}, unstorable::add);

  /** A usage store that can be made unavailable. */
  private static final class Books implements UsageStoreOfOneMethod {
    private final Map<UsagePosition, UsageRow> lines = new ConcurrentHashMap<>();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicLong last = new AtomicLong();
    private volatile boolean away;
    private volatile boolean silent;
    private volatile Runnable meanwhile = () -> {};
    private volatile Predicate<UsageAccount> refused = account -> false;

    @Override
    public void add(UsageBatch batch) {
      if (away) {
        throw new StoreUnavailable(new SQLException("away"));
      }
      if (batch.rows().stream().map(UsageRow::account).anyMatch(refused)
          || batch.refusals().stream().map(CountedRefusals::account).anyMatch(refused)) {
        throw new UsageRefused("SQLSTATE 23514", new SQLException("violates a constraint"));
      }
      int unused = written.incrementAndGet();
      meanwhile.run();
      if (last.getAndSet(batch.number()) < batch.number()) {
        for (UsageRow row : batch.rows()) {
          UsageRow sum =
              lines.merge(UsagePosition.of(row), row, (old, more) -> old.plus(more.counts()));
          assertThat(sum).isNotNull();
        }
      }
      if (silent) {
        throw new StoreUnavailable(new SQLException("it was written, and nobody heard of it"));
      }
    }

    @Override
    public List<UsageRow> find(
        Optional<User.Id> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit) {
      return List.copyOf(lines.values());
    }
  }

  @Test
  void storing_ends_although_calls_are_refused_meanwhile() {
    counter.refuse(account, Optional.empty(), "rate_limited");
    books.meanwhile =
        () -> {
          if (books.written.get() < 9) {
            counter.refuse(account, Optional.empty(), "rate_limited");
          }
        };

    counter.flush();

    assertThat(books.written).hasValue(1);
    counter.flush();
    assertThat(books.written).hasValue(2);
  }

  @Test
  void beyond_the_most_models_of_an_account_they_wait_as_others() {
    for (int n = 0; n < CountedModel.MOST + 10; n++) {
      counter.count(account, KeySource.CENTRAL, UsageModel.called("m" + n), AUsage.ONE);
      counter.count(account, KeySource.CENTRAL, UsageModel.called("m" + n), AUsage.ONE);
    }
    counter.flush();

    assertThat(books.lines).hasSize(CountedModel.MOST + 1);
    assertThat(
            books.lines.values().stream()
                .filter(row -> row.model().equals(CountedModel.OTHER))
                .mapToLong(row -> row.counts().requests()))
        .containsExactly(20L);
    counter.count(account, KeySource.CENTRAL, UsageModel.called("late"), AUsage.ONE);
    counter.flush();
    assertThat(books.lines.values().stream().map(UsageRow::model))
        .contains(CountedModel.of(UsageModel.called("late")));
  }

  @Test
  void what_was_counted_is_written_with_the_next_flush_as_one_line() {
    for (int n = 0; n < 3; n++) {
      counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    }
    assertThat(rows()).isEmpty();

    counter.flush();

    assertThat(rows())
        .containsExactly(
            AUsage.of(alice, service).counts(new UsageCounts(3, 0, 30, 600, 9, 120)).build());
  }

  @Test
  void what_was_written_is_not_written_again() {
    counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    counter.flush();
    counter.flush();

    assertThat(rows()).containsExactly(AUsage.of(alice, service).build());
  }

  @Test
  void days_end_at_midnight_utc_and_sources_are_apart() {
    counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    counter.count(account, KeySource.USER, AUsage.ONE);
    clock.advance(Duration.ofSeconds(1));
    counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    counter.flush();

    assertThat(rows())
        .containsExactlyInAnyOrder(
            AUsage.of(alice, service).build(),
            AUsage.of(alice, service).source(KeySource.USER).build(),
            AUsage.of(alice, service).on(LocalDate.of(2026, 2, 4)).build());
  }

  @Test
  void while_the_database_is_away_nothing_is_lost() {
    counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    books.away = true;
    for (int n = 0; n < 3; n++) {
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(counter::flush);
      counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    }
    books.away = false;
    counter.flush();

    assertThat(rows()).singleElement().satisfies(r -> assertRequests(r, 4));
  }

  @Test
  void usage_is_stored_although_whoever_is_told_of_it_fails() {
    AtomicInteger told = new AtomicInteger();
    UsageCounter failing =
        new UsageCounter(
            books,
            prices,
            clock,
            rows -> {
              if (told.getAndIncrement() == 0) {
                throw new IllegalStateException("it fails once");
              }
            },
            unstorable::add);
    failing.count(account, KeySource.CENTRAL, AUsage.ONE);

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(failing::flush);
    failing.flush();

    assertThat(books.lines.values().stream().mapToLong(row -> row.counts().requests()))
        .containsExactly(1L);
  }

  @Test
  void what_was_written_without_an_answer_is_not_counted_twice() {
    counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    books.silent = true;
    for (int n = 0; n < 3; n++) {
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(counter::flush);
      counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    }
    books.silent = false;
    counter.flush();

    assertThat(rows()).singleElement().satisfies(r -> assertRequests(r, 4));
  }

  @Test
  void lines_that_the_database_refuses_keep_no_other_from_being_stored() {
    UsageAccount bad = another(333);
    UsageAccount alsoBad = another(1_777);
    books.refused = one -> one.equals(bad) || one.equals(alsoBad);
    for (int n = 0; n < 2_000; n++) {
      counter.count(another(n), KeySource.CENTRAL, AUsage.ONE);
    }
    counter.refuse(bad, Optional.empty(), "rate_limited");
    counter.flush();

    assertThat(rows()).hasSize(1_998).extracting(UsageRow::account).doesNotContain(bad, alsoBad);
    assertThat(rows()).allSatisfy(row -> assertRequests(row, 1));
    assertThat(counter.unstorable()).isEqualTo(3);
    assertThat(unstorable)
        .containsExactlyInAnyOrder(
            textOf(bad)
                + ": 1 requests, 0 errors, 0 refused, 3 tokens of input, 40 of output,"
                + " 0 nano-dollars (SQLSTATE 23514)",
            textOf(alsoBad)
                + ": 1 requests, 0 errors, 0 refused, 3 tokens of input, 40 of output,"
                + " 0 nano-dollars (SQLSTATE 23514)",
            textOf(bad) + ": 1 calls refused with rate_limited (SQLSTATE 23514)");

    int written = books.written.get();
    counter.count(another(0), KeySource.CENTRAL, AUsage.ONE);
    counter.flush();
    assertThat(books.written).hasValue(written + 1);
    assertThat(counter.unstorable()).isEqualTo(3);
  }

  private String textOf(UsageAccount of) {
    return "on 2026-02-03 of user " + of.user().value() + " on service " + of.instance().value();
  }

  @Test
  void usage_that_was_refused_elsewhere_is_stored_without_what_the_database_refuses() {
    UsageAccount bad = AUsage.of(AUser.called("bad").build(), service).account();
    books.refused = one -> one.equals(bad);
    counter.count(account, KeySource.CENTRAL, AUsage.ONE);
    counter.flush();

    counter.add(
        UsageBatch.alone(
            List.of(
                AUsage.of(alice, service).on(AUsage.DAY).build(),
                AUsage.of(AUser.called("bob").build(), service).build(),
                new UsageRow(
                    AUsage.DAY,
                    bad,
                    KeySource.CENTRAL,
                    CountedModel.UNKNOWN,
                    PriceVersions.NONE,
                    AUsage.ONE))));
    counter.flush();

    assertThat(books.lines.values().stream().mapToLong(row -> row.counts().requests()))
        .containsExactlyInAnyOrder(2L, 1L);
    assertThat(counter.unstorable()).isEqualTo(1);
  }

  @Test
  void usage_that_was_refused_elsewhere_is_dropped_and_counted_if_too_much_of_it_waits() {
    List<UsageRow> rows = List.of(AUsage.of(alice, service).build());
    for (int i = 0; i < UsageCounter.MOST_PARTS; i++) {
      counter.add(UsageBatch.alone(rows));
    }
    assertThat(counter.dropped()).isZero();

    counter.add(UsageBatch.alone(rows));

    assertThat(counter.dropped()).isEqualTo(1);
  }

  @Test
  void parts_of_a_refused_batch_wait_until_the_database_answers_and_are_stored_once() {
    UsageAccount bad = another(5);
    books.refused = one -> one.equals(bad);
    for (int n = 0; n < 100; n++) {
      counter.count(another(n), KeySource.CENTRAL, AUsage.ONE);
    }
    books.meanwhile = () -> books.silent = !books.silent;
    int flushes = 0;
    while (rows().size() < 99) {
      assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(counter::flush);
      flushes++;
    }
    books.meanwhile = () -> books.silent = false;
    counter.flush();

    assertThat(flushes).isGreaterThan(2);
    assertThat(rows()).hasSize(99).allSatisfy(row -> assertRequests(row, 1));
    assertThat(counter.unstorable()).isEqualTo(1);
  }

  @Test
  void at_most_twenty_refused_lines_are_told_in_a_minute() {
    books.refused = one -> true;
    for (int minute = 0; minute < 2; minute++) {
      for (int n = 0; n < 100; n++) {
        counter.count(another(n), KeySource.CENTRAL, AUsage.ONE);
      }
      counter.flush();
      clock.advance(UsageCounter.UnstorableUsage.SPAN);
    }

    assertThat(counter.unstorable()).isEqualTo(200);
    assertThat(unstorable).hasSize(2 * UsageCounter.UnstorableUsage.MOST_REPORTED);
  }

  @Test
  void lines_are_written_a_thousand_at_a_time() {
    for (int n = 0; n < 2_500; n++) {
      counter.count(another(n), KeySource.CENTRAL, AUsage.ONE);
    }
    counter.flush();

    assertThat(books.written).hasValue(3);
    assertThat(rows()).hasSize(2_500);
  }

  @Test
  void lines_that_wait_are_bounded_and_those_that_do_are_counted_on() {
    UsageAccount first = another(0);
    counter.count(first, KeySource.CENTRAL, AUsage.ONE);
    for (int n = 1; n <= 100_000; n++) {
      counter.count(another(n), KeySource.CENTRAL, AUsage.ONE);
    }
    counter.count(first, KeySource.CENTRAL, AUsage.ONE);
    assertThat(counter.dropped()).isEqualTo(1);
    assertThat(counter.waiting()).isGreaterThanOrEqualTo(100_000);
    assertThatNoException().isThrownBy(counter::flush);

    assertThat(counter.waiting()).isZero();
    assertThat(rows()).hasSize(100_000);
    assertThat(rows())
        .filteredOn(r -> r.account().equals(first))
        .singleElement()
        .satisfies(r -> assertRequests(r, 2));
  }

  @Test
  void sixteen_threads_that_count_while_others_flush_and_fail_lose_nothing() {
    List<Boolean> unused =
        Race.of(
            18,
            n -> {
              if (n < 16) {
                counter.count(another(n % 3), KeySource.CENTRAL, AUsage.ONE);
                return true;
              }
              books.away = new Random().nextBoolean();
              try {
                counter.flush();
              } catch (StoreUnavailable e) {
                return false;
              }
              return true;
            },
            2_000);
    books.away = false;
    counter.flush();

    assertThat(rows().stream().mapToLong(r -> r.counts().requests()).sum()).isEqualTo(32_000);
    assertThat(rows().stream().mapToLong(r -> r.counts().bytesOut()).sum())
        .isEqualTo(32_000 * AUsage.ONE.bytesOut());
  }

  private UsageAccount another(int n) {
    return new UsageAccount(
        new User.Id(new UUID(7, n)),
        account.handle(),
        account.instance(),
        account.ref(),
        account.owner(),
        account.project());
  }

  private List<UsageRow> rows() {
    return books.find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 10_000);
  }

  private static void assertRequests(UsageRow row, long requests) {
    assertThat(row.counts().requests()).isEqualTo(requests);
  }
}
