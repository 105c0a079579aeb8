package io.claviger.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Fills the tables of a new database with many rows for plans of queries, in a third of the time
 * that their checks, references and notes of changes would take. Indexes are made when the rows are
 * there. The checks stay away: no plan depends on them.
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

      create temporary table dropped on commit drop as
      select i.indexrelid::regclass as name,
        replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as definition
      from pg_index i
      join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'public'::regnamespace and not c.relispartition
        and not exists (select from pg_constraint where conindid = i.indexrelid);

      do $$
      declare
        i record;
      begin
        for i in select name from dropped loop
          execute format('drop index %s', i.name);
        end loop;
      end $$;

      set local session_replication_role = replica;
      """;

  private static final String AFTER =
      """
      set local session_replication_role = default;

      do $$
      declare
        i record;
      begin
        for i in select definition from dropped loop
          execute i.definition;
        end loop;
      end $$;
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
      unused = statement.execute("vacuum analyze");
    }
  }
}
