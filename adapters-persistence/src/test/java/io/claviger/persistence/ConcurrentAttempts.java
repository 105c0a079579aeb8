package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Outcome;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs attempts in 16 threads at once. The outcome of each is {@code done} or the code of a
 * refusal.
 */
public final class ConcurrentAttempts {
  static final int MANY = 16;

  static final String DONE = "done";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Returns {@link #DONE} or the code of the refusal. */
  static String code(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Done<?> done -> DONE;
      case Outcome.Refused<?> refused -> refused.why().code();
    };
  }

  private ConcurrentAttempts() {}

  /** Returns the outcomes of all threads, including the one thread. */
  static List<String> oneAgainstMany(Supplier<String> one, IntFunction<String> others) {
    return many(n -> n == 0 ? one.get() : others.apply(n));
  }

  static List<String> many(IntFunction<String> attempt) {
    return Race.of(MANY, attempt, 1);
  }

  /**
   * The outcomes of attempts that all wait for one transaction.
   *
   * @param holding an action that locks and changes the rows that the attempts need
   */
  static List<String> manyBehind(
      PostgresPorts ports, Runnable holding, IntFunction<String> attempt) {
    try (ExecutorService others = Executors.newSingleThreadExecutor()) {
      Future<List<String>> waiting =
          ports
              .transactions()
              .inTransaction(
                  () -> {
                    holding.run();
                    Future<List<String>> attempts = others.submit(() -> many(attempt));
                    Race.until(() -> countWaiting(ports.sql()) >= MANY || attempts.isDone());
                    return attempts;
                  });
      return waiting.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an attempt failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Does something in another transaction while the first one is not committed yet. Returns whether
   * the other transaction had to wait for the first one.
   */
  static boolean whileUncommitted(PostgresPorts ports, Runnable first, Runnable other) {
    return whileUncommitted(ports, first, () -> {}, other);
  }

  /**
   * @param later an action that the first transaction adds when the other one waits or has ended
   */
  static boolean whileUncommitted(
      PostgresPorts ports, Runnable first, Runnable later, Runnable other) {
    AtomicBoolean waited = new AtomicBoolean();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> waiting =
          ports
              .transactions()
              .inTransaction(
                  () -> {
                    first.run();
                    Future<?> begun = thread.submit(other);
                    Race.until(() -> begun.isDone() || countWaiting(ports.sql()) > 0);
                    waited.set(!begun.isDone());
                    later.run();
                    return begun;
                  });
      Object unused = waiting.get();
      return waited.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("what had to wait failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Locks a row, lets an attempt wait for it, and then locks a row that comes later in the order of
   * locks. If the attempt has already locked the later row, each waits for the other.
   *
   * @param first the statement that locks the first row
   * @param later the statement that locks the later row
   */
  static String behind(PostgresPorts ports, String first, String later, Supplier<String> attempt) {
    AtomicReference<String> outcome = new AtomicReference<>();
    boolean waited =
        whileUncommitted(
            ports,
            () -> assertLocked(ports, first),
            () -> assertLocked(ports, later),
            () -> outcome.set(attempt.get()));
    assertThat(waited).as("whether the attempt waits for the first row").isTrue();
    return outcome.get();
  }

  private static void assertLocked(PostgresPorts ports, String statement) {
    assertThat(ports.database().jdbc().sql(statement).query().listOfRows()).isNotEmpty();
  }

  /**
   * Waits until somebody waits for a lock in this database. Tests of other classes use other
   * databases of the same server.
   *
   * @param sql statements outside of a transaction, in which the answer would stay the same
   * @throws IllegalStateException if nobody waits for a lock within a minute
   */
  public static void untilSomebodyWaits(JdbcClient sql) {
    long begun = System.nanoTime();
    Race.until(
        () -> {
          if (System.nanoTime() - begun > LONGEST_WAIT.toNanos()) {
            throw new IllegalStateException("nobody waits for a lock");
          }
          return countWaiting(sql) > 0;
        });
  }

  static int countWaiting(JdbcClient sql) {
    return sql.sql(
            """
            select count(*)
            from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'
            """)
        .query(Integer.class)
        .single();
  }

  static int count(List<String> outcomes, String outcome) {
    return (int) outcomes.stream().filter(outcome::equals).count();
  }
}
