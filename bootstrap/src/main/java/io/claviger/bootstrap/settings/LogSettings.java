package io.claviger.bootstrap.settings;

/**
 * The level from which Claviger's own messages are logged, and the format of the log. Libraries
 * that Claviger uses write only warnings and errors to the log.
 *
 * @param everyCall 1 to write a line for each call of the gateway, 100 to write one for every
 *     hundredth call, 0 to write none
 */
public record LogSettings(LogLevel level, LogFormat format, int everyCall) {

  public static final LogSettings STANDARD = new LogSettings(LogLevel.INFO, LogFormat.TEXT, 1);

  /** The levels of the log, beginning with the most verbose. */
  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** The formats. JSON means one JSON object on each line. */
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
