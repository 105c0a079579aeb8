package io.claviger.bootstrap.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.claviger.bootstrap.settings.LogSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.slf4j.event.KeyValuePair;

/**
 * Sends the log to standard error. Standard output is only for a command's result. The log is
 * configured in code, because every start of a command would otherwise have to find and parse a
 * configuration file.
 */
public final class StandardErrorLog {
  // Line breaks in a message are replaced, so that nobody can forge a line of the log.
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{24}"
          + " %replace(%msg){'[\\r\\n]+', ' '}%n";

  private StandardErrorLog() {}

  /**
   * Configures the log, replacing any earlier configuration in this process. Messages that
   * libraries send to the JDK's own logging go to the same log.
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
    // The following loggers warn of malformed request heads, and quote parts of the heads, which
    // can contain an access token. So their warnings are not logged.
    context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
    context.getLogger("org.eclipse.jetty.util.HostPort").setLevel(Level.ERROR);
    // The following loggers write a stack trace for each connection that is lost when the database
    // restarts. The stack traces are not logged either, because the code that used the connection
    // reports the loss anyway.
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

  /**
   * Writes each event of the log as one JSON object on one line. The fields of the event become
   * fields of this object, in addition to the message. The time is in RFC 3339 format, in UTC.
   */
  private static final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter INSTANT =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("timestamp", INSTANT.format(Instant.ofEpochMilli(event.getTimeStamp())));
      fields.put("level", event.getLevel().toString());
      fields.put("logger", event.getLoggerName());
      fields.put("thread", event.getThreadName());
      fields.put("message", event.getFormattedMessage());
      event.getMDCPropertyMap().forEach(fields::putIfAbsent);
      List<KeyValuePair> pairs = event.getKeyValuePairs();
      if (pairs != null) {
        pairs.forEach(pair -> fields.putIfAbsent(pair.key, pair.value));
      }
      if (event.getThrowableProxy() != null) {
        fields.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      return line(fields).getBytes(StandardCharsets.UTF_8);
    }

    private static String line(Map<String, @Nullable Object> fields) {
      StringBuilder json = new StringBuilder(256);
      char separator = '{';
      for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
        json.append(separator);
        append(json, field.getKey());
        json.append(':');
        Object value = field.getValue();
        if (value == null || value instanceof Number || value instanceof Boolean) {
          json.append(String.valueOf(value));
        } else {
          append(json, value.toString());
        }
        separator = ',';
      }
      return json.append("}\n").toString();
    }

    /**
     * Escapes characters as RFC 8259, section 7, requires. Also escapes characters that some
     * parsers treat as a line end.
     */
    private static void append(StringBuilder json, String text) {
      json.append('"');
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '"' -> json.append("\\\"");
          case '\\' -> json.append("\\\\");
          case '\n' -> json.append("\\n");
          case '\r' -> json.append("\\r");
          case '\t' -> json.append("\\t");
          default -> {
            if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
              json.append("\\u%04x".formatted((int) c));
            } else {
              json.append(c);
            }
          }
        }
      }
      json.append('"');
    }
  }
}
