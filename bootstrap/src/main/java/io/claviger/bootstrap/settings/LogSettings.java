package io.claviger.bootstrap.settings;

/** How much Claviger's own code says, and in which shape. Libraries are held to warnings. */
public record LogSettings(Level level, Format format) {

  public static final LogSettings STANDARD = new LogSettings(Level.INFO, Format.TEXT);

  /** From the most talkative on. */
  public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** JSON is one object a line. */
  public enum Format {
    TEXT,
    JSON
  }

  static LogSettings read(Environment environment) {
    return new LogSettings(
        environment.choice("CLAVIGER_LOG_LEVEL", Level.class, STANDARD.level),
        environment.choice("CLAVIGER_LOG_FORMAT", Format.class, STANDARD.format));
  }
}
