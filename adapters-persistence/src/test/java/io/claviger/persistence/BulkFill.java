package io.claviger.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Fills the tables of a new database with many rows for plans of queries, in a third of the time
 * that their checks, references and notes of changes would take. Indexes, those of keys included,
 * are made when the rows are there. The checks stay away: no plan depends on them.
 */
final class BulkFill {
  private static final String BEFORE =
      """
      do $$
      declare
        c record;
      begin
        for c in
          select conrelid::regclass as "table", conname
          from pg_constraint
          where contype = 'c' and coninhcount = 0 and connamespace = 'public'::regnamespace
        loop
          execute format('alter table %s drop constraint %I', c."table", c.conname);
        end loop;
      end $$;

      update pg_index set indisready = false, indisvalid = false where indrelid in (
        select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r');

      set local session_replication_role = replica;
      """;

  private static final String AFTER =
      """
      set local session_replication_role = default;

      do $$
      declare
        filled record;
      begin
        update pg_index set indisready = true, indisvalid = true where not indisready;
        for filled in
          select oid::regclass as "table" from pg_class
          where relnamespace = 'public'::regnamespace and relkind = 'r'
            and pg_relation_size(oid) > 0
        loop
          execute format('reindex table %s', filled."table");
        end loop;
      end $$;
      """;

  private static final String TABLES =
      """
      select string_agg(oid::regclass::text, ', ') from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      """;

  private BulkFill() {}

  /**
   * Writes the rows, and lets the planner count them.
   *
   * @param rows statements, separated by semicolons
   */
  static void of(DataSource database, String rows) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean unused = statement.execute(BEFORE + rows + AFTER);
      connection.commit();
      connection.setAutoCommit(true);
      String tables;
      try (ResultSet row = statement.executeQuery(TABLES)) {
        unused = row.next();
        tables = row.getString(1);
      }
      unused = statement.execute("vacuum analyze " + tables);
    }
  }
}
