package io.claviger.bootstrap.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process on SIGTERM, SIGINT and SIGHUP with exit code 0. By default the virtual machine
 * would end with 128 plus the signal's number. Therefore the shutdown hook stops the program and
 * then halts the process itself.
 */
final class EndingBySignal implements Ending {
  private static final Logger LOG = LoggerFactory.getLogger(EndingBySignal.class);
  private static final Duration GRACE = Duration.ofSeconds(30);
  // Additional time after the grace period, to close pools and stop the embedded database.
  private static final Duration LAST_WORK = Duration.ofSeconds(20);

  @Override
  public int await(Stoppable running, Runnable announce) {
    Thread stopping = new Thread(() -> running.stop(GRACE), "stop");
    // A daemon thread does not keep the process alive when it hangs.
    stopping.setDaemon(true);
    int[] exitCode = {ExitCode.DONE};
    stopping.setUncaughtExceptionHandler(
        (thread, fault) -> {
          LOG.error("stopping failed", fault);
          exitCode[0] = ExitCode.FAILED;
        });
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(stopping, running.notice(), exitCode), "shutdown"));
    announce.run();
    try {
      new CountDownLatch(1).await(); // for ever: the hook ends the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DONE;
  }

  private static void stop(Thread stopping, Duration notice, int[] exitCode) {
    stopping.start();
    try {
      if (!stopping.join(notice.plus(GRACE).plus(LAST_WORK))) {
        LOG.warn("stopping takes too long; the process ends now");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(exitCode[0]);
  }
}
