package io.claviger.persistence.routing;

import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.shared.LogRate;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import io.claviger.persistence.definitions.KnownEndpoints;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ModelListStore} with the table {@code model_lists}. */
public final class JdbcModelLists implements ModelListStore {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcModelLists.class);

  /**
   * Limits the log to one line a minute about the models that are left out. Providers choose their
   * lists, and are asked for them again and again.
   */
  private static final LogRate LEFT_OUT = new LogRate(Duration.ofMinutes(1));

  /**
   * The maximum number of lists that a node stores at the same time. Saves wait for each other in
   * the database. Without a maximum, waiting saves could take all the connections of calls.
   */
  private static final int MOST_SAVES = 2;

  private static final long SAVE_WAIT_SECONDS = 3;

  private final JdbcClient jdbc;
  private final Semaphore saves = new Semaphore(MOST_SAVES);
  private final Transactions transactions;

  public JdbcModelLists(Database database) {
    this.jdbc = database.jdbc();
    this.transactions = database.transactions();
  }

  @Override
  public List<FetchedModelList> lists(User.Id user, Collection<Instance.Id> services) {
    return jdbc.sql(
            """
            select a.instance_id, a.user_id, a.endpoint, a.models, a.listed_at
            from (
              select o.*, sum(o.weight) over (
                order by o.place, o.of_owner, o.created_at, o.instance_id, o.user_id nulls first
                rows unbounded preceding) as in_all
              from (
                select l.*, i.created_at, p.place, sum(l.weight) over (
                  partition by p.place, i.owner_id
                  order by l.weight, i.created_at, i.id, l.user_id nulls first
                  rows unbounded preceding) as of_owner
                from unnest(cast(:services as uuid[])) s(id)
                join instances i on i.id = s.id
                join model_lists l on l.instance_id = i.id
                left join bare_names n on n.instance_id = i.id and n.user_id = :user
                cross join lateral (
                  select case
                    when i.owner_id = :user then 1
                    when i.owner_id = :system then 2
                    when n.user_id is not null then 3
                    else 4 end as place
                ) p
                where l.listed_at is not null and (l.user_id is null or l.user_id = :user)
              ) o
            ) a
            where a.in_all <= :most
            """)
        .param("user", user.value())
        .param("system", User.Id.SYSTEM.value())
        .param("most", MOST_WEIGHT)
        .param("services", Parameters.uuids(services, Instance.Id::value))
        .query(Row.mapper(row -> listed(row)))
        .list();
  }

  @Override
  public List<ListOf> due(List<ListOf> wanted, Duration apart, int most) {
    return jdbc.sql(
            """
            select w.service as instance_id, w.listed_for as user_id
            from unnest(cast(:services as uuid[]), cast(:users as uuid[])) with ordinality
              w(service, listed_for, position)
            join instances i on i.id = w.service
            left join user_keys k on k.instance_id = w.service and k.user_id = w.listed_for
            left join model_lists l on l.instance_id = w.service
              and l.user_id is not distinct from w.listed_for
            where (w.listed_for is null or k.user_id is not null)
              and (l.asked_at is null
                or l.asked_at <= statement_timestamp() - make_interval(secs => :apart)
                or l.asked_at > statement_timestamp() + interval '1 hour')
            order by w.position
            limit :most
            """)
        .param("services", Parameters.uuids(wanted, of -> of.service().value()))
        .param("users", Parameters.uuids(wanted, JdbcModelLists::user))
        .param("apart", apart.toSeconds())
        .param("most", most)
        .query(Row.mapper(row -> listOf(row)))
        .list();
  }

  /**
   * Waits if another node is claiming the same row. After the wait, the row is no longer due. If
   * the time of the last request is far ahead, this time was stored while the database's clock was
   * ahead.
   */
  @Override
  public boolean claim(ListOf of, Duration apart) {
    return jdbc.sql(
                """
                insert into model_lists (instance_id, user_id, asked_at)
                select i.id, cast(:user as uuid), statement_timestamp()
                from instances i
                where i.id = :service
                  and (cast(:user as uuid) is null or exists (
                    select from user_keys k where k.instance_id = :service and k.user_id = :user))
                on conflict on constraint model_lists_one_each do update
                set asked_at = excluded.asked_at
                where model_lists.asked_at
                    <= statement_timestamp() - make_interval(secs => :apart)
                  or model_lists.asked_at > statement_timestamp() + interval '1 hour'
                """)
            .param("service", of.service().value())
            .param("user", user(of))
            .param("apart", apart.toSeconds())
            .update()
        > 0;
  }

  /**
   * Locks the user whose lists count together with this list, so that saves of these lists wait for
   * each other. A save that has waited adds up the lists in a later statement, which sees what the
   * former save stored.
   */
  @Override
  public boolean save(
      ListOf of, Endpoint endpoint, Optional<Instant> keySetAt, ModelList models, Instant at) {
    if (!mayBegin()) {
      return false;
    }
    try {
      return transactions.inTransaction(
          () -> {
            Optional<String> counted = lockCounted(of);
            if (counted.isPresent() && !fits(of, models)) {
              tellLeftOut(counted.get());
              return false;
            }
            return store(of, endpoint, keySetAt, models, at);
          });
    } finally {
      saves.release();
    }
  }

  private boolean mayBegin() {
    try {
      return saves.tryAcquire(SAVE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void tellLeftOut(String handle) {
    if (LEFT_OUT.allows()) {
      LOG.warn(
          "a provider's list of models was not stored, because the lists of {} would exceed {} MiB;"
              + " logged once a minute",
          handle,
          MOST_STORED >> 20);
    }
  }

  /**
   * Locks the owner of the service, or the user whose own key was used. Returns the handle of this
   * user. Returns empty if the list has no bound, or if there is no such service or user.
   */
  private Optional<String> lockCounted(ListOf of) {
    return jdbc.sql(
            """
            select handle
            from users
            where id = coalesce(
                cast(:user as uuid), (select owner_id from instances where id = :service))
              and id <> :system
            for no key update
            """)
        .param("service", of.service().value())
        .param("user", user(of))
        .param("system", User.Id.SYSTEM.value())
        .query(String.class)
        .optional();
  }

  /** A list that weighs no more than the stored one always fits, so that it can be replaced. */
  private boolean fits(ListOf of, ModelList models) {
    return jdbc.sql(
            """
            select :weight <= greatest(
              (select l.weight
                from model_lists l
                where l.instance_id = :service
                  and l.user_id is not distinct from cast(:user as uuid)),
              :most - case
                when cast(:user as uuid) is not null then (
                  select coalesce(sum(l.weight), 0)
                  from user_keys k
                  join model_lists l on l.instance_id = k.instance_id and l.user_id = k.user_id
                  where k.user_id = :user and k.instance_id <> :service)
                else (
                  select coalesce(sum(l.weight), 0)
                  from instances i
                  join instances o on o.owner_id = i.owner_id and o.id <> i.id
                  join model_lists l on l.instance_id = o.id and l.user_id is null
                  where i.id = :service)
                end)
            """)
        .param("service", of.service().value())
        .param("user", user(of))
        .param("weight", models.weight())
        .param("most", MOST_STORED)
        .query(Boolean.class)
        .single();
  }

  /** Takes a lock that makes this write and a change of the user's key wait for each other. */
  private boolean store(
      ListOf of, Endpoint endpoint, Optional<Instant> keySetAt, ModelList models, Instant at) {
    return jdbc.sql(
                """
                with used as (
                  select k.user_id
                  from user_keys k
                  where k.instance_id = :service and k.user_id = :user and k.set_at = :key_set_at
                  for share)
                insert into model_lists (
                  instance_id, user_id, asked_at, listed_at, endpoint, models)
                select i.id, cast(:user as uuid), statement_timestamp(), :at, :endpoint, :models
                from instances i
                where i.id = :service
                  and case
                    when cast(:user as uuid) is not null then exists (select from used)
                    else cast(:key_set_at as timestamptz) is null
                      or i.api_key_set_at = :key_set_at
                    end
                on conflict on constraint model_lists_one_each do update
                set listed_at = excluded.listed_at, endpoint = excluded.endpoint,
                  models = excluded.models
                """)
            .param("service", of.service().value())
            .param("user", user(of))
            .param("key_set_at", Parameters.at(keySetAt))
            .param("endpoint", endpoint.toString())
            .param("models", models.ids().toArray(String[]::new))
            .param("at", Parameters.at(at))
            .update()
        > 0;
  }

  private static FetchedModelList listed(Row row) throws SQLException {
    return new FetchedModelList(
        listOf(row),
        KnownEndpoints.of(row.text("endpoint")),
        ModelList.of(row.texts("models")),
        row.instant("listed_at"));
  }

  private static ListOf listOf(Row row) throws SQLException {
    return new ListOf(
        new Instance.Id(row.uuid("instance_id")), row.optionalUuid("user_id").map(User.Id::new));
  }

  private static @Nullable UUID user(ListOf of) {
    return of.user().map(User.Id::value).orElse(null);
  }
}
