package io.claviger.persistence.objects;

import io.claviger.application.objects.port.ObjectRemovalStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.EndReason;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ObjectRemovalStore} with the table {@code provider_objects}. */
public final class JdbcObjectRemovals implements ObjectRemovalStore {
  /** The maximum number of rows that one statement of a clean-up changes. */
  private static final int AT_ONCE = 500;

  /** The maximum number of objects in one owner's services that may wait for their deletion. */
  private static final int MOST_TO_DELETE = 100_000;

  /**
   * The maximum number of times that a clean-up repeats a statement while there are more rows to
   * change.
   */
  private static final int MOST_STATEMENTS = 50;

  private static final String REMOVAL =
      """
      o.id, o.service_id, i.owner_handle, i.handle, i.owner_id, o.kind, o.object_id, o.end_reason,
        case when is_part(o.parent) then o.parent end as whole,
        is_uncharged(o) as is_uncharged
      """;

  /**
   * Selects the objects of holders who may no longer use the objects' service. Leaves out services
   * whose settings keep such objects. The statement goes through the holders of objects in a
   * service, and not through each of their objects.
   */
  private static final String LEFT =
      """
      with recursive holders as (
        (select i.id as service, i.owner_id as owner, (
          select o.%1$s from provider_objects o
          where o.service_id = i.id and o.state = 'live' and o.%1$s is not null
          order by o.%1$s limit 1) as holder
        from instances i where i.on_end = 'delete' and not i.is_everybodys)
        union all
        select h.service, h.owner, (
          select o.%1$s from provider_objects o
          where o.service_id = h.service and o.state = 'live' and o.%1$s > h.holder
          order by o.%1$s limit 1)
        from holders h where h.holder is not null
      ),
      leavers as materialized (
        select p.service, p.holder
        from holders p
        cross join lateral (%2$s) person (id)
        where p.holder is not null and person.id <> p.owner
          and not exists (
            select from shares s
            where s.instance_id = p.service
              and (s.expires_at is null or s.expires_at > statement_timestamp())
              and (s.grantee_id = person.id or s.group_id in (
                select m.group_id from group_members m where m.user_id = person.id)))
      )
      select d.id
      from leavers l
      cross join lateral (
        select o.id from provider_objects o
        where o.service_id = l.service and o.%1$s = l.holder and o.state = 'live'
        limit :most) d
      limit :most
      """;

  /** Selects a user who holds objects, unless a project lets everybody use the service. */
  private static final String HOLDING_USER =
      """
      select p.holder
      where not exists (select from open_projects e where e.instance_id = p.service)\
      """;

  private static final String OWNER_OF_PROJECT =
      "select owner_id from projects where id = p.holder";

  private final JdbcClient jdbc;
  private final int mostToDelete;

  public JdbcObjectRemovals(Database database) {
    this(database, MOST_TO_DELETE);
  }

  /**
   * @param mostToDelete the maximum number of objects in one owner's services that may wait for
   *     their deletion
   */
  public JdbcObjectRemovals(Database database, int mostToDelete) {
    this.jdbc = database.jdbc();
    this.mostToDelete = mostToDelete;
  }

  /**
   * If more objects of an owner's services wait for their deletion than permitted, gives up
   * deleting the objects that ended first: the time for their deletion is over from then on. A
   * provider could refuse every deletion, or the objects could end faster than they are deleted.
   * Batches and their results are left out, because they might have to be charged first.
   */
  private void giveUp() {
    int unused =
        repeated(
            () ->
                jdbc.sql(
                        """
                        with crowded as (
                          select i.owner_id
                          from (
                            select o.service_id, count(*) as waiting
                            from provider_objects o where o.retry_at is not null
                            group by o.service_id) w
                          join instances i on i.id = w.service_id
                          group by i.owner_id
                          having sum(w.waiting) > :bound
                        ),
                        ranked as (
                          select o.id,
                            row_number() over (partition by i.owner_id order by o.id desc) as place
                          from crowded c
                          join instances i on i.owner_id = c.owner_id
                          join provider_objects o on o.service_id = i.id
                            and o.retry_at is not null
                            and o.retry_until > statement_timestamp()
                            and o.kind <> 'batches' and o.result_of is null
                        )
                        update provider_objects set retry_until = statement_timestamp()
                        where id in (
                          select p.id from provider_objects p
                          where p.retry_at is not null and p.id in (
                            select r.id from ranked r where r.place > :bound
                            order by r.id limit :most)
                          for update skip locked)
                        """)
                    .param("bound", mostToDelete)
                    .param("most", AT_ONCE)
                    .update());
  }

  @Override
  public boolean anyToDelete() {
    return jdbc.sql("select exists (select from provider_objects where retry_at is not null)")
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<Removal> takeDue(
      Places places, Collection<Removal> underWay, Collection<Instance.Id> spared) {
    return jdbc.sql(
            """
            with recursive waiting as (
              (select o.service_id as id from provider_objects o where o.retry_at is not null
              order by o.service_id limit 1)
              union all
              select (
                select o.service_id from provider_objects o
                where o.retry_at is not null and o.service_id > w.id
                order by o.service_id limit 1)
              from waiting w where w.id is not null
            ),
            due as (
              select d.id, d.retry_at, i.owner_id,
                row_number() over (partition by i.owner_id order by d.retry_at) as place
              from waiting w
              join instances i on i.id = w.id
              cross join lateral (
                select o.id, o.retry_at from provider_objects o
                where o.service_id = w.id and o.retry_at <= statement_timestamp()
                  and o.retry_until > statement_timestamp()
                order by o.retry_at
                limit :of_service
                for update skip locked) d
              where w.id <> all(cast(:spared as uuid[]))
            ),
            taken as (
              select d.id from due d
              where d.place <= :of_owner - (
                select count(*) from unnest(cast(:owners as uuid[])) as u (id)
                where u.id = d.owner_id)
              order by d.retry_at
              limit :most
            )
            update provider_objects o
            set retry_at = clock_timestamp() + least(
              interval '1 hour',
              interval '1 minute' + greatest(interval '0', clock_timestamp() - o.ended_at))
            from taken, instances i
            where o.id = taken.id and i.id = o.service_id
            returning
            """
                + REMOVAL)
        .param("most", places.all() - underWay.size())
        .param("of_service", places.ofAService())
        .param("of_owner", places.ofAnOwner())
        .param("owners", Parameters.texts(underWay, of -> of.owner().value().toString()))
        .param(
            "spared",
            Parameters.texts(
                Stream.concat(spared.stream(), underWay.stream().map(Removal::service)).toList(),
                id -> id.value().toString()))
        .query(Row.mapper(row -> removal(row)))
        .list();
  }

  @Override
  public void giveBack(Collection<Removal> removals) {
    Database.update(
        jdbc.sql(
                """
                update provider_objects set retry_at = clock_timestamp()
                where id = any(cast(:ids as bigint[])) and retry_at is not null
                """)
            .param("ids", Parameters.texts(removals, of -> Long.toString(of.place()))));
  }

  @Override
  public List<Removal> takeOverdue(int most) {
    return jdbc.sql(
            """
            update provider_objects o
            set retry_until = clock_timestamp() + interval '1 minute'
            from instances i
            where i.id = o.service_id and o.id in (
              select d.id from provider_objects d
              where d.retry_at is not null and d.retry_until <= statement_timestamp()
              order by d.retry_until
              limit :most
              for update skip locked)
            returning
            """
                + REMOVAL)
        .param("most", most)
        .query(Row.mapper(row -> removal(row)))
        .list();
  }

  private static Removal removal(Row row) throws SQLException {
    return new Removal(
        row.bigNumber("id"),
        new Instance.Id(row.uuid("service_id")),
        row.instanceRef(),
        new User.Id(row.uuid("owner_id")),
        ObjectRows.name(row),
        row.optionalText("whole"),
        row.constant("end_reason", EndReason.class),
        row.flag("is_uncharged"));
  }

  @Override
  public boolean settle(Removal removal, ObjectState how) {
    return jdbc.sql(
                """
                update provider_objects
                set state = :state, retry_at = null, retry_until = null
                where id = :id and state in ('deleting', 'orphan')
                """)
            .param("id", removal.place())
            .param("state", how.wireName())
            .update()
        > 0;
  }

  /**
   * If an attempt to delete an object was planned while the database's clock was ahead, makes this
   * attempt due now. No attempt is planned for more than an hour after the present time.
   */
  private void planAgain() {
    int unused =
        swept(
            """
            update provider_objects set retry_at = clock_timestamp()
            where id in (
              select id from provider_objects
              where retry_at > statement_timestamp() + interval '2 hours'
              limit :most for update skip locked)
            """);
  }

  @Override
  public int sweep() {
    planAgain();
    giveUp();
    int expired =
        swept(
            """
            update provider_objects o set state = 'expired', ended_at = clock_timestamp()
            where o.id in (
              select id from provider_objects
              where state = 'live' and expires_at <= statement_timestamp()
              order by id limit :most for update skip locked)
            """);
    int old =
        ended(
            """
            select id from provider_objects
            where state = 'live' and kind = 'responses'
              and made_at < statement_timestamp() - make_interval(days => %s)
            order by id limit :most
            """
                .formatted(ObjectQuota.DAYS_OF_RESPONSES),
            EndReason.AGE);
    int left =
        ended(LEFT.formatted("holder_user_id", HOLDING_USER), EndReason.SHARE_END)
            + ended(LEFT.formatted("holder_project_id", OWNER_OF_PROJECT), EndReason.SHARE_END);
    int removed =
        swept(
            """
            delete from provider_objects where id in (
              select id from provider_objects
              where ended_at < statement_timestamp() - interval '1 hour'
                and (ended_at < statement_timestamp() - interval '30 days'
                  or kind <> 'batches' or end_reason is null)
                and (retry_at is null or retry_until < statement_timestamp() - interval '1 day')
              order by id limit :most for update skip locked)
            """);
    int unused =
        swept(
            """
            delete from object_records where recorder_id in (
              select recorder_id from object_records where hour < present_hour()
              limit :most for update skip locked)
            """);
    return expired + old + left + removed;
  }

  private int ended(String wanted, EndReason why) {
    return repeated(
        () ->
            jdbc.sql("select end_objects(array(" + wanted + "), :why)")
                .param("most", AT_ONCE)
                .param("why", why.wireName())
                .query(Integer.class)
                .single());
  }

  private int swept(String statement) {
    return repeated(() -> jdbc.sql(statement).param("most", AT_ONCE).update());
  }

  /**
   * Repeats a statement as long as each run changes the maximum number of rows. Rows that were
   * skipped because of a conflict are left to the next clean-up.
   */
  private static int repeated(IntSupplier statement) {
    int all = 0;
    for (int times = 0; times < MOST_STATEMENTS; times++) {
      int changed;
      try {
        changed = statement.getAsInt();
      } catch (ConcurrencyConflict e) {
        break;
      }
      all += changed;
      if (changed < AT_ONCE) {
        break;
      }
    }
    return all;
  }
}
