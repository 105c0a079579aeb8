package io.claviger.journeys;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * Captures more than a node can be configured to log: all lines of Claviger, and those of libraries
 * from level INFO on, as {@code logback-test.xml} has it for the whole JVM. Lines of journeys that
 * run at the same time are captured too. Commands that run in this JVM configure the log anew; the
 * capture goes on all the same, with the lines that such a command lets through.
 */
final class LogCapture extends AppenderBase<ILoggingEvent>
    implements AutoCloseable, LoggerContextListener {
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private LogCapture() {}

  static LogCapture begin() {
    LogCapture capture = new LogCapture();
    capture.setContext(ROOT.getLoggerContext());
    capture.open();
    return capture;
  }

  /** Begins to capture again after {@link #close}, without the lines from before. */
  void open() {
    start();
    ROOT.addAppender(this);
    ROOT.getLoggerContext().addListener(this);
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onReset(LoggerContext context) {
    start();
    ROOT.addAppender(this);
  }

  @Override
  public void onStart(LoggerContext context) {}

  @Override
  public void onStop(LoggerContext context) {}

  @Override
  public void onLevelChange(Logger logger, Level level) {}

  String everything() {
    return lines.stream().collect(Collectors.joining("\n"));
  }

  @Override
  protected void append(ILoggingEvent event) {
    // While a command resets the log, libraries write at DEBUG for a moment, which no node does.
    if (!event.getLevel().isGreaterOrEqual(Level.INFO)
        && !event.getLoggerName().startsWith("io.claviger")) {
      return;
    }
    lines.add(
        event.getLoggerName()
            + " "
            + event.getMDCPropertyMap()
            + " "
            + event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      lines.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
  }

  @Override
  public void close() {
    ROOT.getLoggerContext().removeListener(this);
    boolean unused = ROOT.detachAppender(this);
    stop();
    lines.clear();
  }
}
