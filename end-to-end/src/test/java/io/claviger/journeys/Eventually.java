package io.claviger.journeys;

import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for effects of other threads, nodes and processes. */
public final class Eventually {
  /**
   * A change at one node reaches the others within 50 ms, or later on a busy machine. Tests of how
   * long it takes have bounds of their own.
   */
  static final Duration SOON = Duration.ofSeconds(10);

  private static final long LEAST_NANOS = 5_000_000;
  private static final long MOST_NANOS = 50_000_000;
  private static final long PAUSE_NANOS = 10_000_000;

  private Eventually() {}

  /** Pauses a caller in a loop between two calls, so that the caller leaves CPU time to others. */
  static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Waits until a condition holds, and returns how long it took. */
  public static Duration holds(Duration patience, BooleanSupplier state) {
    long began = System.nanoTime();
    while (!state.getAsBoolean()) {
      if (System.nanoTime() - began > patience.toNanos()) {
        throw new AssertionError("not within " + patience);
      }
      pauseAfter(began);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /**
   * Returns today's date in UTC. In the last two minutes of a day, waits for the next day first: a
   * test that goes on after midnight would see two days.
   */
  static LocalDate today() {
    Duration unused =
        holds(
            Duration.ofMinutes(3),
            () -> LocalTime.now(ZoneOffset.UTC).isBefore(LocalTime.of(23, 58)));
    return LocalDate.now(ZoneOffset.UTC);
  }

  /**
   * Repeats a call at another node until it has seen the change.
   *
   * @return the first answer of that status, or the last one
   */
  public static TestResponse answers(int status, Supplier<TestResponse> ask) {
    long began = System.nanoTime();
    TestResponse reply = ask.get();
    while (reply.status() != status && System.nanoTime() - began < SOON.toNanos()) {
      pauseAfter(began);
      reply = ask.get();
    }
    return reply;
  }

  /**
   * Pauses for a tenth of the time that was waited so far. To ask a node hundreds of times a second
   * would take the machine from what is waited for.
   */
  private static void pauseAfter(long began) {
    LockSupport.parkNanos(Math.clamp((System.nanoTime() - began) / 10, LEAST_NANOS, MOST_NANOS));
  }
}
