package io.claviger.persistence.connections;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ConnectionStore} with the table {@code open_connections}. */
public final class JdbcConnections implements ConnectionStore {
  /**
   * The condition for the requested connections. Leaves out connections of nodes that no longer
   * report, and of nodes that have not reported since the database's clock was set back.
   */
  private static final String AMONG =
      """
      c.seen_at > clock_timestamp() - interval '15 seconds'
        and c.seen_at < clock_timestamp() + interval '15 seconds'
        and (cast(:service as uuid) is null or c.instance_id = :service)
        and (cast(:caller as uuid) is null or c.user_id = :caller)
        and (cast(:only as uuid) is null or c.instance_id = :only or c.project_id = :only)
      """;

  private final JdbcClient jdbc;

  public JdbcConnections(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * Leaves out connections whose rows another transaction has locked, for example to delete their
   * service. Also leaves out new connections of locked services, users and projects. Waiting for
   * these rows could cause deadlocks, and the node reports again after a few seconds.
   */
  @Override
  public Set<UUID> report(
      UUID node, String name, Collection<NodeConnection> open, Collection<UUID> ended) {
    return Set.copyOf(
        jdbc.sql(
                """
                with gone as (
                  delete from open_connections c
                  using (
                    select id from open_connections
                    where node_id = :node and id = any(cast(:ended as uuid[]))
                    for update skip locked) former
                  where c.id = former.id
                ), open as materialized (
                  select w.id::uuid as id, w.service_id::uuid as service_id,
                    w.user_id::uuid as user_id, nullif(w.project_id, '')::uuid as project_id,
                    w.age, w.messages, w.responses, w.input_tokens, w.output_tokens,
                    exists (select from open_connections k where k.id = w.id::uuid) as known
                  from unnest(:ids, :services, :users, :projects, cast(:ages as bigint[]),
                      cast(:messages as bigint[]), cast(:responses as bigint[]),
                      cast(:input as bigint[]), cast(:output as bigint[]))
                    as w (id, service_id, user_id, project_id, age, messages, responses,
                      input_tokens, output_tokens)
                ), free as materialized (
                  select c.id from open_connections c
                  where c.node_id = :node and c.id in (select o.id from open o where o.known)
                  for update skip locked
                ), renewed as (
                  update open_connections c
                  set messages = o.messages, responses = o.responses,
                    input_tokens = o.input_tokens, output_tokens = o.output_tokens,
                    seen_at = clock_timestamp()
                  from open o
                  join free f on f.id = o.id
                  where c.id = o.id
                ), called as materialized (
                  select i.id from instances i
                  where i.id in (select o.service_id from open o where not o.known)
                  for key share skip locked
                ), callers as materialized (
                  select u.id from users u
                  where u.id in (select o.user_id from open o where not o.known)
                  for key share skip locked
                ), through as materialized (
                  select p.id from projects p
                  where p.id in (select o.project_id from open o where not o.known)
                  for key share skip locked
                ), told as (
                  insert into open_connections (
                    id, node_id, node, instance_id, user_id, project_id, opened_at, messages,
                    responses, input_tokens, output_tokens)
                  select o.id, :node, :name, i.id, u.id, p.id,
                    clock_timestamp() - o.age * interval '1 millisecond', o.messages, o.responses,
                    o.input_tokens, o.output_tokens
                  from open o
                  join called i on i.id = o.service_id
                  join callers u on u.id = o.user_id
                  left join through p on p.id = o.project_id
                  where not o.known and (o.project_id is null or p.id is not null)
                  on conflict on constraint open_connections_pkey do nothing
                )
                select id from open_connections where node_id = :node and end_asked
                """)
            .param("node", node)
            .param("name", name)
            .param("ended", Parameters.texts(ended, UUID::toString))
            .param("ids", Parameters.texts(open, each -> each.id().toString()))
            .param(
                "services",
                Parameters.texts(open, each -> each.account().instance().value().toString()))
            .param(
                "users", Parameters.texts(open, each -> each.account().user().value().toString()))
            .param(
                "projects",
                Parameters.texts(
                    open,
                    each ->
                        each.account().project().map(of -> of.id().value().toString()).orElse("")))
            .param("ages", Parameters.longs(open, each -> each.age().toMillis()))
            .param("messages", Parameters.longs(open, each -> each.counts().messages()))
            .param("responses", Parameters.longs(open, each -> each.counts().responses()))
            .param("input", Parameters.longs(open, each -> each.counts().inputTokens()))
            .param("output", Parameters.longs(open, each -> each.counts().outputTokens()))
            .query(UUID.class)
            .list());
  }

  @Override
  public List<OpenConnection> list(Question of, Optional<TimeCursor> after, int limit) {
    return among(
            of,
            """
            select c.id, service_name_for(:viewer, i.id, i.owner_id,
                i.owner_handle || '/' || i.handle, p.owner_handle || '/' || p.handle) as service,
              p.owner_handle || '/' || p.handle as project, u.handle as user_handle, c.opened_at,
              c.messages, c.responses, c.input_tokens, c.output_tokens, c.node
            from open_connections c
            join instances i on i.id = c.instance_id
            join users u on u.id = c.user_id
            left join projects p on p.id = c.project_id
            where (c.opened_at, c.id) > (:at, :after) and
            """
                + AMONG
                + """
                order by c.opened_at, c.id
                limit :limit
                """)
        .param("viewer", of.viewer().value())
        .param("at", Parameters.at(after.map(TimeCursor::at).orElse(Instant.EPOCH)))
        .param("after", after.map(TimeCursor::id).orElse(new UUID(0, 0)))
        .param("limit", limit)
        .query(Row.mapper(row -> shown(row)))
        .list();
  }

  private JdbcClient.StatementSpec among(Question of, String statement) {
    return jdbc.sql(statement)
        .param("service", Parameters.orNull(of.service(), id -> id.value()))
        .param("caller", Parameters.orNull(of.caller(), id -> id.value()))
        .param("only", Parameters.orNull(of.only(), id -> id));
  }

  private static OpenConnection shown(Row row) throws SQLException {
    return new OpenConnection(
        row.uuid("id"),
        row.text("service"),
        row.optionalText("project"),
        new Handle(row.text("user_handle")),
        row.instant("opened_at"),
        new ConnectionCounts(
            row.bigNumber("messages"),
            row.bigNumber("responses"),
            row.bigNumber("input_tokens"),
            row.bigNumber("output_tokens")),
        row.text("node"));
  }

  @Override
  public boolean end(UUID id, Question among) {
    return among(
                among,
                "update open_connections c set end_asked = true where c.id = :id and " + AMONG)
            .param("id", id)
            .update()
        == 1;
  }

  @Override
  public int removeOld() {
    return jdbc.sql(
            """
            delete from open_connections
            where seen_at < clock_timestamp()
              - case when end_asked then interval '1 day' else interval '1 minute' end
            """)
        .update();
  }
}
