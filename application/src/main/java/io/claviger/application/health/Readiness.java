package io.claviger.application.health;

import java.util.List;

/** The checks that show whether this node can serve: database, schema, encryption keys. */
public interface Readiness {
  List<ReadinessCheck> checks();

  /**
   * @param name {@code database}, {@code schema}, {@code encryption_keys}
   */
  record ReadinessCheck(String name, boolean ok) {}
}
