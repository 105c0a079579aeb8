package io.claviger.bootstrap.doctor;

/**
 * The result of one examination.
 *
 * @param what states the result as a clause without secrets
 */
public record Finding(Level level, String name, String what) {

  /**
   * The severity of a finding. Only the severity {@link #FAIL} means that Claviger can't serve
   * correctly.
   */
  public enum Level {
    OK("ok"),
    WARN("warn"),
    FAIL("FAIL");

    private final String shown;

    Level(String shown) {
      this.shown = shown;
    }
  }

  static Finding ok(String name, String what) {
    return new Finding(Level.OK, name, what);
  }

  static Finding warn(String name, String what) {
    return new Finding(Level.WARN, name, what);
  }

  static Finding fail(String name, String what) {
    return new Finding(Level.FAIL, name, what);
  }

  public String shown() {
    return "%-4s  %-15s  %s".formatted(level.shown, name, what);
  }
}
