package io.claviger.bootstrap.settings;

/**
 * The lowest level of Claviger's own messages in the log, and the log's format. Libraries log only
 * warnings and errors.
 *
 * @param everyCall 1 for a line for each gateway call, 100 for a line for every hundredth call, 0
 *     for no lines
 */
public record LogSettings(LogLevel level, LogFormat format, int everyCall) {

  public static final LogSettings STANDARD = new LogSettings(LogLevel.INFO, LogFormat.TEXT, 1);

  /** The levels of the log, most verbose first. */
  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** The formats. {@code JSON} means one JSON object per line. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  static LogSettings read(Environment environment) {
    return new LogSettings(
        environment.choice("CLAVIGER_LOG_LEVEL", LogLevel.class, STANDARD.level),
        environment.choice("CLAVIGER_LOG_FORMAT", LogFormat.class, STANDARD.format),
        (int) environment.number("CLAVIGER_LOG_CALLS", 0, 1_000_000, STANDARD.everyCall));
  }
}
