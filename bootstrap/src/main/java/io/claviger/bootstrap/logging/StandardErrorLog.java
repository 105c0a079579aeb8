package io.claviger.bootstrap.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.claviger.bootstrap.settings.LogSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends the log to standard error. Standard output is only for a command's result. The log is
 * configured in code, because a configuration file would have to be found and parsed at every
 * start.
 */
public final class StandardErrorLog {
  // Line breaks in a message are replaced, so that nobody can forge a line of the log.
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{24}"
          + " %replace(%msg){'[\\r\\n]+', ' '}%n";

  private StandardErrorLog() {}

  /**
   * Configures the log, and replaces any earlier configuration of this process. Messages that
   * libraries send to the JDK's own logging go to the same place.
   */
  public static synchronized void configure(LogSettings settings) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Level level = Level.toLevel(settings.level().name());
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(settings.format(), context));
    appender.start();
    root.addAppender(appender);
    context.getLogger("io.claviger").setLevel(level);
    // These loggers warn of malformed request heads and repeat parts of them, which can hold an
    // access token.
    context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
    context.getLogger("org.eclipse.jetty.util.HostPort").setLevel(Level.ERROR);
    // These loggers write a stack trace for each connection that is lost when the database
    // restarts. The code that used the connection reports the loss anyway.
    context.getLogger("com.zaxxer.hikari.pool.ProxyConnection").setLevel(Level.ERROR);
    context
        .getLogger("org.springframework.transaction.support.TransactionTemplate")
        .setLevel(Level.OFF);
  }

  private static Encoder<ILoggingEvent> encoder(
      LogSettings.LogFormat format, LoggerContext context) {
    EncoderBase<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(PATTERN);
            yield text;
          }
          case JSON -> new JsonLines();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
