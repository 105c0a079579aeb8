package io.claviger.persistence.activity;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.usage.ActivitySight;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link ActivityStore} with the tables {@code current_activity} and {@code
 * activity_watch}.
 */
public final class JdbcActivity implements ActivityStore {
  private final JdbcClient jdbc;

  public JdbcActivity(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public boolean isWatched() {
    return jdbc.sql(
            """
            select exists (
              select from activity_watch
              where looked_at > clock_timestamp() - interval '10 seconds')
            """)
        .query(Boolean.class)
        .single();
  }

  /**
   * Leaves out the activity of services, users and projects whose rows another transaction has
   * locked, for example to delete them. Waiting for such rows would be useless, because the node
   * reports again after a second. Waiting could even cause deadlocks.
   */
  @Override
  public void report(UUID node, List<AccountActivity> accounts) {
    Database.update(
        jdbc.sql(
                """
                with gone as (
                  delete from current_activity a
                  using (
                    select id from current_activity
                    where node_id = :node
                    for update skip locked) former
                  where a.id = former.id),
                called as materialized (
                  select id from instances
                  where id = any(cast(:services as uuid[]))
                  for key share skip locked),
                callers as materialized (
                  select id from users
                  where id = any(cast(:users as uuid[]))
                  for key share skip locked),
                through as materialized (
                  select id from projects
                  where id in (select nullif(id, '')::uuid from unnest(:projects) each (id))
                  for key share skip locked)
                insert into current_activity (
                  node_id, instance_id, user_id, project_id, running, calls, refused,
                  input_tokens, output_tokens, cost)
                select :node, i.id, u.id, p.id, w.running, w.calls, w.refused, w.input, w.output,
                  nullif(w.cost, -1)
                from unnest(:services, :users, :projects, cast(:running as bigint[]),
                    cast(:calls as bigint[]), cast(:refused as bigint[]),
                    cast(:input as bigint[]), cast(:output as bigint[]), cast(:costs as bigint[]))
                  as w (service_id, user_id, project_id, running, calls, refused, input, output,
                    cost)
                join called i on i.id = w.service_id::uuid
                join callers u on u.id = w.user_id::uuid
                left join through p on p.id = nullif(w.project_id, '')::uuid
                where w.project_id = '' or p.id is not null
                """)
            .param("node", node)
            .param(
                "services",
                Parameters.texts(accounts, each -> each.account().instance().value().toString()))
            .param(
                "users",
                Parameters.texts(accounts, each -> each.account().user().value().toString()))
            .param(
                "projects",
                Parameters.texts(
                    accounts,
                    each ->
                        each.account().project().map(of -> of.id().value().toString()).orElse("")))
            .param("running", Parameters.longs(accounts, AccountActivity::running))
            .param("calls", Parameters.longs(accounts, each -> each.minute().calls()))
            .param("refused", Parameters.longs(accounts, each -> each.minute().refused()))
            .param("input", Parameters.longs(accounts, each -> each.minute().inputTokens()))
            .param("output", Parameters.longs(accounts, each -> each.minute().outputTokens()))
            .param("costs", Parameters.longs(accounts, each -> each.minute().cost().orElse(-1L))));
  }

  @Override
  public Seen look(Question of, int limit) {
    boolean complete = watch();
    List<Counted> lines =
        jdbc.sql(
                """
                select s.*, service_name_for(:viewer, i.id, i.owner_id,
                    i.owner_handle || '/' || i.handle, p.owner_handle || '/' || p.handle)
                    as service,
                  p.owner_handle || '/' || p.handle as project, u.handle as user_handle
                from (
                  select c.instance_id, c.user_id, c.project_id, sum(c.running) as running,
                    least(sum(c.calls), :most)::bigint as calls,
                    least(sum(c.refused), :most)::bigint as refused,
                    least(sum(c.input_tokens), :most)::bigint as input_tokens,
                    least(sum(c.output_tokens), :most)::bigint as output_tokens,
                    case when count(c.cost) > 0 then least(sum(c.cost), :most)::bigint end as cost,
                    count(*) over () as accounts
                  from current_activity c
                  join instances i on i.id = c.instance_id
                  left join projects p on p.id = c.project_id
                  where c.seen_at > clock_timestamp() - interval '5 seconds'
                    and (:everything or c.user_id = :viewer
                      or :owned and (i.owner_id = :viewer or p.owner_id = :viewer))
                    and (cast(:only as uuid) is null or c.instance_id = :only
                      or c.project_id = :only)
                  group by c.instance_id, c.user_id, c.project_id
                  order by sum(c.running) desc, sum(c.calls) desc, sum(c.refused) desc,
                    c.instance_id, c.user_id, c.project_id
                  limit :limit
                ) s
                join instances i on i.id = s.instance_id
                join users u on u.id = s.user_id
                left join projects p on p.id = s.project_id
                order by s.running desc, s.calls desc, s.refused desc, s.instance_id, s.user_id,
                  s.project_id
                """)
            .param("viewer", of.viewer().value())
            .param("everything", of.sight() == ActivitySight.ALL)
            .param("owned", of.sight() == ActivitySight.OWNED)
            .param("only", Parameters.orNull(of.only(), id -> id))
            .param("most", Long.MAX_VALUE)
            .param("limit", limit)
            .query(Row.mapper(row -> counted(row)))
            .list();
    return new Seen(
        complete,
        lines.stream().mapToLong(Counted::accounts).findFirst().orElse(0),
        lines.stream().map(Counted::line).toList());
  }

  private record Counted(long accounts, Line line) {}

  private static Counted counted(Row row) throws SQLException {
    return new Counted(
        row.bigNumber("accounts"),
        new Line(
            row.text("service"),
            row.optionalText("project"),
            new Handle(row.text("user_handle")),
            row.bigNumber("running"),
            new Used(
                row.bigNumber("calls"),
                row.bigNumber("refused"),
                row.bigNumber("input_tokens"),
                row.bigNumber("output_tokens"),
                row.optionalText("cost").map(Long::valueOf))));
  }

  /**
   * Writes the row that asks all nodes to report their running calls. All viewers together write
   * this row about once a second.
   *
   * @return whether at least two seconds have passed since the nodes were first asked; by then,
   *     each node has reported
   */
  private boolean watch() {
    Optional<Boolean> fresh =
        jdbc.sql(
                """
                select since < clock_timestamp() - interval '2 seconds'
                from activity_watch
                where looked_at > clock_timestamp() - interval '1 second'
                """)
            .query(Boolean.class)
            .optional();
    return fresh.orElseGet(
        () ->
            jdbc.sql(
                    """
                    insert into activity_watch as w (since, looked_at)
                    values (clock_timestamp(), clock_timestamp())
                    on conflict on constraint activity_watch_pkey do update
                    set since = case
                        when w.looked_at > clock_timestamp() - interval '10 seconds' then w.since
                        else clock_timestamp()
                      end,
                      looked_at = clock_timestamp()
                    returning since < clock_timestamp() - interval '2 seconds'
                    """)
                .query(Boolean.class)
                .single());
  }

  @Override
  public int removeOld() {
    return jdbc.sql(
            """
            delete from current_activity
            where seen_at < clock_timestamp() - interval '1 minute'
            """)
        .update();
  }
}
