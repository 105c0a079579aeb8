package io.claviger.imports.shared;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Identifies a database independently of its address. */
final class DatabaseIdentity {
  private DatabaseIdentity() {}

  /**
   * Returns the identifier that PostgreSQL gave the cluster at its creation, and the database's
   * object id.
   */
  public static String of(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select c.system_identifier || '/' || d.oid
            from pg_control_system() c, pg_database d
            where d.datname = current_database()
            """)
        .query(String.class)
        .single();
  }
}
