package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process with exit code 1 if the program can't go on, and with exit code 0 on SIGTERM,
 * SIGINT or SIGHUP. By default, the JVM would exit with 128 plus the signal's number. To exit with
 * 0 instead, the shutdown hook stops the program and then ends the process with {@code
 * Runtime.halt}.
 *
 * <p>The hook is registered before the program starts, because an interrupted start would otherwise
 * leave a database server and a registered node behind. After a signal, the hook waits for the end
 * of the start, and then stops the program.
 */
final class EndingBySignal implements Ending {
  private static final Logger LOG = LoggerFactory.getLogger(EndingBySignal.class);
  private static final Duration GRACE = Duration.ofSeconds(30);
  // The time, in addition to the grace period, for closing pools and stopping the embedded
  // database.
  private static final Duration LAST_WORK = Duration.ofSeconds(20);

  @Override
  public int await(Supplier<RunningServer> start, Consumer<RunningServer> announce) {
    CompletableFuture<RunningServer> started = new CompletableFuture<>();
    Thread hook = new Thread(() -> end(started), "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    RunningServer running;
    try {
      running = start.get();
    } catch (RuntimeException | Error e) {
      if (withdrawn(hook)) {
        throw e;
      }
      started.completeExceptionally(e);
      return waitForTheHook();
    }
    started.complete(running);
    if (!hook.isAlive()) {
      announce.accept(running);
    }
    return waitForFailure(running, hook);
  }

  /**
   * Waits until the program can't go on, and then stops it without a grace period, so that a
   * supervisor can start the program again.
   */
  private static int waitForFailure(RunningServer running, Thread hook) {
    try {
      String why = running.failure().get();
      if (!withdrawn(hook)) {
        return waitForTheHook();
      }
      LOG.error("{}; the process ends with exit code {}", why, ExitCode.FAILED);
      int unused = stop(running, Duration.ZERO, running.notice().plus(LAST_WORK));
      return ExitCode.FAILED;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      LOG.error("the main thread was interrupted; the process ends");
      Thread.currentThread().interrupt();
      return ExitCode.DONE;
    }
  }

  /**
   * Removes the hook after a failed start. Returns true if the process has to end with the exit
   * code of the failed start. Returns false if a signal has arrived, so that the hook ends the
   * process.
   */
  private static boolean withdrawn(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false; // the virtual machine is shutting down
    }
  }

  private static int waitForTheHook() {
    try {
      new CountDownLatch(1).await(); // for ever: the hook ends the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DONE;
  }

  private static void end(CompletableFuture<RunningServer> started) {
    int exitCode = ExitCode.DONE;
    try {
      long signal = System.nanoTime();
      LOG.info(
          "a signal, such as SIGTERM, asks the process to end: stopping{}",
          started.isDone() ? "" : " as soon as the start has ended");
      Duration most = GRACE.plus(LAST_WORK);
      RunningServer running = started.get(most.toNanos(), TimeUnit.NANOSECONDS);
      Duration spent = Duration.ofNanos(System.nanoTime() - signal);
      exitCode = stop(running, GRACE, running.notice().plus(most).minus(spent));
      LOG.info("the process ends with exit code {}", exitCode);
    } catch (ExecutionException e) {
      LOG.info("the start was broken off: {}", String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      LOG.warn("the start takes too long; the process ends now");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      System.out.flush();
      System.err.flush();
      Runtime.getRuntime().halt(exitCode);
    }
  }

  /** Stops the program and returns the process's exit code. */
  private static int stop(RunningServer running, Duration grace, Duration most)
      throws InterruptedException {
    int[] exitCode = {ExitCode.DONE};
    Thread stopping =
        new Thread(
            () -> {
              running.stop(grace);
              LOG.info("stopped");
            },
            "stop");
    // The thread is a daemon thread, because a hanging thread must not keep the process alive.
    stopping.setDaemon(true);
    stopping.setUncaughtExceptionHandler(
        (thread, fault) -> {
          LOG.error("stopping failed", fault);
          exitCode[0] = ExitCode.FAILED;
        });
    stopping.start();
    if (!stopping.join(most)) {
      LOG.warn("stopping takes too long; the process ends now");
    }
    return exitCode[0];
  }
}
