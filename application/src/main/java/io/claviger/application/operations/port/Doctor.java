package io.claviger.application.operations.port;

import io.claviger.domain.WireNamed;
import java.util.List;

/** Examines the installation of this node, like {@code claviger doctor}. */
@FunctionalInterface
public interface Doctor {
  /** Examines everything again. The examination can take several seconds, and changes nothing. */
  List<Finding> examine();

  /**
   * The result of one examination.
   *
   * @param name the name of the examined thing
   * @param what the result, as a clause without secrets
   */
  record Finding(Level level, String name, String what) {
    /** The severity of a finding. */
    public enum Level implements WireNamed {
      OK,
      WARN,
      /** The finding prevents Claviger from serving correctly. */
      FAIL
    }

    public static Finding ok(String name, String what) {
      return new Finding(Level.OK, name, what);
    }

    public static Finding warn(String name, String what) {
      return new Finding(Level.WARN, name, what);
    }

    public static Finding fail(String name, String what) {
      return new Finding(Level.FAIL, name, what);
    }

    public boolean failed() {
      return level == Level.FAIL;
    }
  }
}
