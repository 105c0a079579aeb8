package io.claviger.application.health;

import java.util.List;

/** Whether this node can serve, check by check: database, schema, encryption keys. */
public interface Readiness {
  List<Check> checks();

  /**
   * @param name {@code database}, {@code schema}, {@code encryption_keys}
   */
  record Check(String name, boolean ok) {}
}
