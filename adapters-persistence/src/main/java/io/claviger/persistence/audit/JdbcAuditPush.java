package io.claviger.persistence.audit;

import io.claviger.application.audit.port.AuditPushStore;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link AuditPushStore} with the only row of table {@code audit_push}. */
public final class JdbcAuditPush implements AuditPushStore {
  /**
   * The server's id for the whole cluster, and its ids (OIDs) for the database and for the table of
   * the chain. A restored dump gets at least one other id.
   */
  private static final String DATABASE =
      """
      concat_ws('/',
        case when has_function_privilege('pg_control_system()', 'execute')
          then (select system_identifier from pg_control_system()) end,
        (select oid from pg_database where datname = current_database()),
        cast('audit_chain' as regclass)::oid) as database
      """;

  /**
   * The time at which the server was started. If a server's files are restored or another server
   * takes over, this time changes: restored files require a new start, and the other server was
   * started at another time. Unlike the id of PostgreSQL's timeline, the time of the start can be
   * read by every role, even if a hosting service runs the server.
   */
  private static final String SERVER =
      "cast(extract(epoch from pg_postmaster_start_time()) as text) as present";

  private static final RowMapper<StoredCursor> CURSOR =
      Row.mapper(
          row ->
              new StoredCursor(
                  new Cursor(
                      row.bigNumber("number"), row.text("hash"), row.bigNumber("head_number")),
                  row.text("signature"),
                  row.flag("from_before"),
                  row.text("history"),
                  row.text("database"),
                  row.text("server"),
                  row.text("present")));

  private final JdbcClient jdbc;

  public JdbcAuditPush(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<StoredCursor> lease(UUID node, Duration time) {
    return jdbc.sql(
            """
            insert into audit_push as p (number, hash, head_number, leased_by, leased_until)
            values (0, '', 0, :node, clock_timestamp() + make_interval(secs => :seconds))
            on conflict (one_row) do update
            set leased_by = excluded.leased_by, leased_until = excluded.leased_until
            where p.leased_by = :node or p.leased_until <= clock_timestamp()
              or p.leased_until > clock_timestamp() + make_interval(secs => :seconds)
            returning number, hash, head_number, signature, from_before, history, server,
            """
                + SERVER
                + ", "
                + DATABASE)
        .param("node", node)
        .param("seconds", time.toSeconds())
        .query(CURSOR)
        .optional();
  }

  @Override
  public boolean advance(
      UUID node, Cursor to, String signature, String history, String server, Duration time) {
    return jdbc.sql(
                """
                update audit_push
                set number = :number, hash = :hash, head_number = :head, signature = :signature,
                  from_before = false, history = :history, server = :server,
                  leased_until = clock_timestamp() + make_interval(secs => :seconds)
                where leased_by = :node
                """)
            .param("node", node)
            .param("number", to.number())
            .param("hash", to.hash())
            .param("head", to.head())
            .param("signature", signature)
            .param("history", history)
            .param("server", server)
            .param("seconds", time.toSeconds())
            .update()
        == 1;
  }

  @Override
  public void release(UUID node) {
    Database.update(
        jdbc.sql("update audit_push set leased_until = '-infinity' where leased_by = :node")
            .param("node", node));
  }

  @Override
  public Optional<StoredCursor> cursor() {
    return jdbc.sql(
            """
            select number, hash, head_number, signature, from_before, history, server,
            """
                + SERVER
                + ", "
                + DATABASE
                + " from audit_push")
        .query(CURSOR)
        .optional();
  }

  @Override
  public Backlog backlogAfter(long number) {
    return jdbc.sql(
            """
            with pushed as (select cast(:number as bigint) as number),
            unsealed as (
              select count(*) as events, greatest(min(noted_at), '2000-01-01Z') as oldest
              from audit_unsealed)
            select
              greatest(0, coalesce((select max(c.number) from audit_chain c), 0) - p.number)
                + u.events as events,
              least(
                case when u.events > 0 then u.oldest end,
                (select c.event_at from audit_chain c where c.number > p.number
                 order by c.number limit 1)) as oldest
            from pushed p, unsealed u
            """)
        .param("number", number)
        .query(
            Row.mapper(row -> new Backlog(row.bigNumber("events"), row.optionalInstant("oldest"))))
        .single();
  }
}
