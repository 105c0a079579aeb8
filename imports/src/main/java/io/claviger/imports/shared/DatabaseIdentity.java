package io.claviger.imports.shared;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Identifies a database, independent of the address by which it is reached. */
public final class DatabaseIdentity {
  private DatabaseIdentity() {}

  /**
   * The identifier that PostgreSQL gave the cluster when it was created, and the database's object
   * id.
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
