package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs many generated cases on several threads. A case depends only on the seed and on the case's
 * number. If a case fails, the message contains the seed and the number, so that the failed case
 * can be repeated alone.
 *
 * <p>System properties: {@code claviger.fuzz.requests} is the total number of requests, {@code
 * claviger.fuzz.seed} the seed, and {@code claviger.fuzz.case} the number of the only case to run.
 * The build always uses the same seed. If the number of requests is set without a seed, however,
 * the run chooses a new seed. If {@code claviger.fuzz.part} is set, a run sends only a part of its
 * usual requests. For example, 10 means a tenth.
 *
 * @param requests the number of requests that the run sends at least, unless a case fails
 */
public record FuzzRun(long seed, long requests, int threads) {
  private static final Logger LOG = LoggerFactory.getLogger(FuzzRun.class);
  private static final long SEED = 463_875_215_135L;

  /** One case. */
  public interface Case {
    /**
     * @return the number of requests that the case sent
     */
    int run(SplittableRandom random, int number) throws Exception;
  }

  /** Thrown if a case has failed. */
  public static final class Failed extends AssertionError {
    Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Creates a run from the system properties.
   *
   * @param requests the number of requests that the run sends, unless a property sets another
   *     number
   */
  public static FuzzRun of(long requests, int threads) {
    Long wanted = Long.getLong("claviger.fuzz.requests");
    long usual = wanted == null ? SEED : new SplittableRandom().nextLong(1_000_000_000_000L);
    return new FuzzRun(
        Long.getLong("claviger.fuzz.seed", usual),
        wanted == null ? requests / Long.getLong("claviger.fuzz.part", 1) : wanted,
        threads);
  }

  /** Runs cases until enough requests were sent, or until a case fails. */
  public void runEach(Case toRun) {
    Integer only = Integer.getInteger("claviger.fuzz.case");
    if (only != null) {
      run(toRun, only);
      return;
    }
    LOG.warn("fuzzing with claviger.fuzz.seed={} and {} requests", seed, requests);
    AtomicInteger next = new AtomicInteger();
    AtomicLong sent = new AtomicLong();
    List<Future<?>> threadsAtWork = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        threadsAtWork.add(
            pool.submit(
                () -> {
                  try {
                    while (sent.get() < requests) {
                      sent.addAndGet(run(toRun, next.getAndIncrement()));
                    }
                  } catch (Throwable e) {
                    sent.set(Long.MAX_VALUE / 2); // The other threads need not go on.
                    throw e;
                  }
                }));
      }
    }
    for (Future<?> thread : threadsAtWork) {
      rethrow(thread);
    }
  }

  private static void rethrow(Future<?> thread) {
    try {
      thread.get();
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof Failed failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private int run(Case toRun, int number) {
    try {
      // Generators with similar seeds could return related values, so the seed is mixed first.
      long mixed = new SplittableRandom(seed * 31 + number).nextLong();
      return toRun.run(new SplittableRandom(mixed), number);
    } catch (Throwable e) {
      throw new Failed(
          "-Dclaviger.fuzz.seed=%d -Dclaviger.fuzz.case=%d: %s"
              .formatted(seed, number, e.getMessage()),
          e);
    }
  }

  /** Shows bytes as a Java string, shortened if there are too many. */
  public static String shown(byte[] bytes) {
    StringBuilder shown = new StringBuilder();
    for (char c : new String(bytes, ISO_8859_1).toCharArray()) {
      switch (c) {
        case '\r' -> shown.append("\\r");
        case '\n' -> shown.append("\\n\n");
        case '\t' -> shown.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            shown.append("\\x%02x".formatted((int) c));
          } else {
            shown.append(c);
          }
        }
      }
    }
    int half = 4_000;
    return shown.length() <= 2 * half
        ? shown.toString()
        : shown.substring(0, half)
            + "\n… %d bytes …\n".formatted(bytes.length)
            + shown.substring(shown.length() - half);
  }
}
