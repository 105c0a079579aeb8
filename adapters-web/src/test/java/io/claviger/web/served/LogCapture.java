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

/** Captures all that Claviger logs, from level DEBUG on, until it is closed. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("io.claviger");
  private final Level before = root.getLevel();

  private LogCapture() {}

  public static LogCapture begin() {
    LogCapture logged = new LogCapture();
    logged.start();
    logged.root.setLevel(Level.INFO);
    logged.ours.setLevel(Level.DEBUG);
    logged.root.addAppender(logged);
    return logged;
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
    root.detachAppender(this);
    root.setLevel(before);
    ours.setLevel(null);
    stop();
  }
}
