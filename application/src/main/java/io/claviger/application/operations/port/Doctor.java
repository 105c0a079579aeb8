package io.claviger.application.operations.port;

import io.claviger.domain.WireNamed;
import java.util.List;

/** Examines the installation of this node, like {@code claviger doctor}. */
@FunctionalInterface
public interface Doctor {
  /** Examines everything again. The examination can take several seconds, and changes nothing. */
  List<Finding> examine();

  /** The severity of a finding. */
  enum Level implements WireNamed {
    OK,
    WARN,
    /** The finding prevents Claviger from serving correctly. */
    FAIL
  }

  /**
   * The result of an examination.
   *
   * @param name the name of the examined thing
   * @param what states the result as a text without secrets
   */
  record Finding(Level level, String name, String what) {}
}
