package io.claviger.testkit;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tests that depend on real time. If threads of this JVM get no processor for a moment, for
 * example because other programs use all processors, such a test can fail although there is no
 * fault. A watching thread measures only how long it did not run itself. Repetitions are logged,
 * because each of them can hide a fault.
 */
public final class Undisturbed {
  private static final Logger LOG = LoggerFactory.getLogger(Undisturbed.class);
  private static final int ATTEMPTS = 3;
  private static final long TICK_NANOS = 5_000_000;

  /**
   * A time that is longer than a thread usually waits for a processor, and shorter than all tested
   * times.
   */
  private static final long STOP_NANOS = 60_000_000;

  private Undisturbed() {}

  /** A test. Each attempt has to begin from the start. */
  @FunctionalInterface
  public interface Attempt {
    void run() throws Exception;
  }

  /**
   * Runs a test. If it fails, and the watching thread did not run for {@link #STOP_NANOS}
   * meanwhile, the test runs again, three times in all.
   */
  public static void run(Attempt attempt) throws Exception {
    for (int left = ATTEMPTS; ; left--) {
      Watch watch = new Watch();
      watch.start();
      try {
        attempt.run();
        return;
      } catch (Exception | AssertionError e) {
        if (!watch.sawStop() || left == 1) {
          throw e;
        }
        LOG.warn("a test failed while a thread got no processor, and runs again", e);
      } finally {
        watch.isOver = true;
      }
    }
  }

  /** Measures how long this thread is kept from running. */
  private static final class Watch extends Thread {
    private volatile boolean isOver;
    private long longest;

    Watch() {
      super("stops of the machine");
      setDaemon(true);
    }

    @Override
    public void run() {
      long before = System.nanoTime();
      while (!isOver) {
        LockSupport.parkNanos(TICK_NANOS);
        long now = System.nanoTime();
        longest = Math.max(longest, now - before);
        before = now;
      }
    }

    /** Ends the watch. A stop that has just ended counts too. */
    boolean sawStop() throws InterruptedException {
      isOver = true;
      join();
      return longest > STOP_NANOS;
    }
  }
}
