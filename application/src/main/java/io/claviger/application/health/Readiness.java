package io.claviger.application.health;

import java.util.List;

/**
 * The checks that show whether this node can serve. The checks concern the database, its schema,
 * and the encryption keys.
 */
public interface Readiness {
  /** The names of the readiness checks. */
  List<String> CHECKS = List.of("database", "schema", "encryption_keys");

  List<ReadinessCheck> checks();

  /**
   * @param name a name from {@link #CHECKS}
   */
  record ReadinessCheck(String name, boolean ok) {}
}
