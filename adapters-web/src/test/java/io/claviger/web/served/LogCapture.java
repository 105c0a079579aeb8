package io.claviger.web.served;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * Captures all that Claviger logs, from level DEBUG on, until it is closed. Tests that run at the
 * same time capture each other's lines too.
 */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private static final Logger OURS = (Logger) LoggerFactory.getLogger("io.claviger");
  private static final Level BEFORE = ROOT.getLevel();
  private static int open;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private LogCapture() {}

  public static LogCapture begin() {
    LogCapture logged = new LogCapture();
    logged.start();
    count(1);
    ROOT.addAppender(logged);
    return logged;
  }

  /** The levels go back with the last capture, because one that is still open needs them. */
  private static synchronized void count(int change) {
    open += change;
    ROOT.setLevel(open > 0 ? Level.INFO : BEFORE);
    OURS.setLevel(open > 0 ? Level.DEBUG : null);
  }

  public String everything() {
    return lines.stream().collect(Collectors.joining("\n"));
  }

  /** Waits for a line with this text, because a request is logged after its response. */
  public synchronized void await(String text) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!everything().contains(text)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("nobody logged " + text + " in\n" + everything());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    String trace =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    lines.add(
        event.getLevel()
            + " "
            + event.getMDCPropertyMap()
            + " "
            + event.getFormattedMessage()
            + trace);
    synchronized (this) {
      notifyAll();
    }
  }

  @Override
  public void close() {
    boolean unused = ROOT.detachAppender(this);
    count(-1);
    stop();
  }
}
