package io.claviger.dhampsimport.jdbc;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What tells one database from every other, by whatever address it is reached. */
final class DatabaseIdentity {
  private DatabaseIdentity() {}

  /** The number that the cluster got when it was made, and that of the database in it. */
  static String of(JdbcClient jdbc) {
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
