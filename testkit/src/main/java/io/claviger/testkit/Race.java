package io.claviger.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs several threads that start at the same moment. */
public final class Race {
  /**
   * The number of times that tests repeat a race. A thorough build repeats each race more often.
   * After changing code that a race tests, try the race with {@code -Dtest.rounds=100}.
   */
  public static final int ROUNDS = Integer.getInteger("test.rounds", 5);

  private static final long LEAST_PAUSE_NANOS = 1_000_000;
  private static final long MOST_PAUSE_NANOS = 20_000_000;

  private Race() {}

  /** A test that runs {@link #ROUNDS} times. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @TestTemplate
  @ExtendWith(Rounds.class)
  public @interface Repeated {}

  private static final class Rounds implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
        ExtensionContext context) {
      return Stream.<TestTemplateInvocationContext>generate(
              () -> new TestTemplateInvocationContext() {})
          .limit(ROUNDS);
    }
  }

  /**
   * Waits until a condition holds. Pauses before each further check, because checks without a pause
   * take the CPU time that the threads and the database need in order to get there.
   */
  public static void until(BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long waited = System.nanoTime() - began;
      LockSupport.parkNanos(Math.clamp(waited / 10, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS));
    }
  }

  /**
   * Runs a step in several threads; each thread runs the step {@code times} times. Returns all
   * results.
   *
   * @param step the function that creates the step for a thread from the thread's number, starting
   *     from 0
   * @throws IllegalStateException if a step has failed; its cause is the step's failure
   */
  public static <T> List<T> of(int threads, IntFunction<T> step, int times) {
    CountDownLatch ready = new CountDownLatch(threads);
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<List<T>>> runners = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        runners.add(
            pool.submit(
                () -> {
                  ready.countDown();
                  start.await();
                  List<T> out = new ArrayList<>();
                  for (int n = 0; n < times; n++) {
                    out.add(step.apply(number));
                  }
                  return out;
                }));
      }
      // Without this wait, the first threads would be done before the last ones exist.
      ready.await();
      start.countDown();
      List<T> all = new ArrayList<>();
      for (Future<List<T>> runner : runners) {
        all.addAll(runner.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a thread of the race failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
