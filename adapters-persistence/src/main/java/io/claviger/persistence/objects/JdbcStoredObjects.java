package io.claviger.persistence.objects;

import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link StoredObjectStore} with the table {@code provider_objects} and the tables of
 * shared objects.
 */
public final class JdbcStoredObjects implements StoredObjectStore {
  /**
   * The only project through which {@code :held_by} knows an object's service. The object was
   * created through this project by a user who is not a member of it. Empty if the project's owner
   * no longer has an open project with this service. Null if {@code :held_by} may also know the
   * service for another reason.
   */
  private static final String THROUGH =
      """
      case when o.holder_user_id = cast(:held_by as uuid)
        and o.borrower_id is distinct from o.holder_user_id
        and o.share_holder_id is distinct from o.holder_user_id
        and service_name_for(cast(:held_by as uuid), i.id, i.owner_id, '', '-') <> ''
      then coalesce((
        select q.owner_handle || '/' || q.handle
        from open_projects e
        join projects q on q.id = e.project_id
        where e.instance_id = i.id and q.owner_id = o.borrower_id
        order by q.id
        limit 1), '') end as through,
      """;

  private static final String SHARED =
      """
      select s.kind, s.object_id, s.access, s.for_all, s.shared_at, s.applied_by, u.handle as by_handle,
        array(
          select coalesce(bu.handle, '@' || bg.handle)
          from shared_object_borrowers b
          left join users bu on bu.id = b.user_id
          left join groups bg on bg.id = b.group_id
          where b.service_id = s.service_id and b.kind = s.kind and b.object_id = s.object_id
        ) as borrowers
      from shared_objects s
      join users u on u.id = s.by_id
      where s.service_id = :service
      """;

  private final JdbcClient jdbc;
  private final JdbcClient lists;

  public JdbcStoredObjects(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
  }

  @Override
  public List<ListedObject> list(Question question, Optional<Long> after, int limit, Instant now) {
    // A separate statement finds the object's maker, because PostgreSQL chooses a good plan only if
    // the maker's id is known.
    Optional<User.Id> maker = question.maker().flatMap(this::user);
    if (question.maker().isPresent() && maker.isEmpty()) {
      return List.of();
    }
    return lists
        .sql(
            "select o.id, o.last_used_at, i.owner_handle, i.handle, "
                + "coalesce(h.handle, p.owner_handle || '/' || p.handle) as holder, "
                + "m.handle as maker, "
                + THROUGH
                + ObjectRows.COLUMNS.at("o")
                + """

                from provider_objects o
                join instances i on i.id = o.service_id
                left join users h on h.id = o.holder_user_id
                left join projects p on p.id = o.holder_project_id
                left join users m on m.id = o.maker_id
                where o.state = 'live' and o.id < :after
                  and (o.expires_at is null or o.expires_at > :now)
                  and (cast(:service as uuid) is null or o.service_id = :service)
                  and (cast(:held_by as uuid) is null or o.holder_user_id = :held_by)
                  and (cast(:project as uuid) is null or o.holder_project_id = :project)
                  and (cast(:token as uuid) is null
                    or o.made_with @> array[cast(:token as uuid)])
                  and (cast(:kind as text) is null or o.kind = :kind)
                  and (cast(:maker as uuid) is null or o.maker_id = :maker)
                order by o.id desc
                limit :limit
                """)
        .param("after", after.orElse(Long.MAX_VALUE))
        .param("now", Parameters.at(now))
        .param("service", Parameters.orNull(question.service(), Instance.Id::value))
        .param("held_by", Parameters.orNull(question.heldBy(), User.Id::value))
        .param("project", Parameters.orNull(question.project(), Project.Id::value))
        .param("token", Parameters.orNull(question.madeWith(), AccessToken.Id::value))
        .param("kind", Parameters.orNull(question.kind(), ObjectKind::wireName))
        .param("maker", Parameters.orNull(maker, User.Id::value))
        .param("limit", limit)
        .query(Row.mapper(row -> listed(row)))
        .list();
  }

  private Optional<User.Id> user(Handle handle) {
    return lists
        .sql("select id from users where handle = :handle")
        .param("handle", handle.value())
        .query(Row.mapper(row -> new User.Id(row.uuid("id"))))
        .optional();
  }

  private static ListedObject listed(Row row) throws SQLException {
    Optional<String> through = row.optionalText("through");
    Instance.Ref service = row.instanceRef();
    return new ListedObject(
        row.bigNumber("id"),
        through.isPresent() ? Optional.empty() : Optional.of(service),
        through.filter(ref -> !ref.isEmpty()).map(Project.Ref::of),
        ObjectRows.object(row),
        row.optionalText("holder"),
        row.optionalText("maker").map(Handle::new),
        row.optionalInstant("last_used_at"));
  }

  @Override
  public boolean end(Instance.Id service, ObjectName name, Optional<User.Id> heldBy) {
    return named(
                """
                select end_objects(array(
                  select o.id from provider_objects o
                  where o.service_id = :service and o.kind = :kind and o.object_id = :id
                    and o.state = 'live'
                    and (cast(:held_by as uuid) is null or o.holder_user_id = :held_by)),
                  'request')
                """,
                service,
                name)
            .param("held_by", Parameters.orNull(heldBy, User.Id::value))
            .query(Integer.class)
            .single()
        > 0;
  }

  @Override
  public boolean leave(Instance.Id service, ObjectName name) {
    return named(
                """
                with whole as materialized (
                  select o.id from provider_objects o
                  where o.service_id = :service and o.kind = :kind and o.object_id = :id
                    and o.state = 'live'),
                locked as materialized (
                  select l.id from provider_objects l
                  where l.id in (
                    select w.id from whole w
                    union all
                    select p.id
                    from whole w
                    join provider_objects o on o.id = w.id
                    join provider_objects p on p.service_id = o.service_id
                      and p.parent = o.object_id and p.state = 'live' and is_part_of(p, o))
                  order by l.id
                  for no key update),
                gone as (
                  update provider_objects o set state = 'left', ended_at = clock_timestamp()
                  from locked l
                  where o.id = l.id and o.state = 'live'
                  returning o.id)
                select count(*) from gone g join whole w on w.id = g.id
                """,
                service,
                name)
            .query(Integer.class)
            .single()
        > 0;
  }

  @Override
  public Optional<Instance.Id> serviceHolding(
      Instance.Ref service, ObjectName name, User.Id holder) {
    return jdbc.sql(
            """
            select o.service_id
            from provider_objects o
            where o.service_id = %s
              and o.kind = :kind and o.object_id = :id
              and o.state = 'live' and o.holder_user_id = :holder
            """
                .formatted(ByReference.SERVICE))
        .param("owner", service.owner().value())
        .param("handle", service.handle().value())
        .param("kind", name.kind().wireName())
        .param("id", name.id())
        .param("holder", holder.value())
        .query(Row.mapper(row -> new Instance.Id(row.uuid("service_id"))))
        .optional();
  }

  @Override
  public List<Instance.Id> servicesHolding(ObjectName name, User.Id holder) {
    return jdbc.sql(
            """
            select o.service_id
            from provider_objects o
            where o.holder_user_id = :holder and o.kind = :kind and o.object_id = :id
              and o.state = 'live'
            limit 2
            """)
        .param("holder", holder.value())
        .param("kind", name.kind().wireName())
        .param("id", name.id())
        .query(Row.mapper(row -> new Instance.Id(row.uuid("service_id"))))
        .list();
  }

  @Override
  public List<KnownObject> known(Instance.Id service, ObjectKind kind, int most) {
    return lists
        .sql(
            """
            select o.object_id,
              o.state = 'live' and o.parent is null
                and (o.expires_at is null or o.expires_at > clock_timestamp())
                and o.made_at < clock_timestamp() - interval '10 minutes' as listed
            from provider_objects o
            where o.service_id = :service and o.kind = :kind
              and o.state in ('live', 'deleting', 'orphan')
            limit :most
            """)
        .param("service", service.value())
        .param("kind", kind.wireName())
        .param("most", most)
        .query(Row.mapper(row -> new KnownObject(row.text("object_id"), row.flag("listed"))))
        .list();
  }

  @Override
  public Set<String> recorded(Instance.Id service, ObjectKind kind, Collection<String> ids) {
    return lists
        .sql(
            """
            select o.object_id
            from provider_objects o
            where o.service_id = :service and o.kind = :kind and o.object_id = any(:ids)
              and o.state in ('live', 'deleting', 'orphan')
            """)
        .param("service", service.value())
        .param("kind", kind.wireName())
        .param("ids", Parameters.texts(ids, id -> id))
        .query(Row.mapper(row -> row.text("object_id")))
        .set();
  }

  private JdbcClient.StatementSpec named(String statement, Instance.Id service, ObjectName name) {
    return jdbc.sql(statement)
        .param("service", service.value())
        .param("kind", name.kind().wireName())
        .param("id", name.id());
  }

  @Override
  public Sharing share(
      Instance.Id service,
      ObjectName name,
      Terms terms,
      User.Id sharer,
      boolean ofAccount,
      Instant now) {
    Optional<Boolean> own =
        named(
                """
                select o.holder_user_id is not distinct from cast(:by as uuid) as own
                from provider_objects o
                where o.service_id = :service and o.kind = :kind and o.object_id = :id
                  and o.state = 'live' and num_nonnulls(o.holder_user_id, o.holder_project_id) = 1
                """,
                service,
                name)
            .param("by", sharer.value())
            .query(Boolean.class)
            .optional();
    if (own.isPresent() && !own.get()) {
      return Sharing.HELD;
    }
    if (own.isEmpty() && !ofAccount) {
      return Sharing.NOBODYS;
    }
    Optional<Lent> before = findShared(service, name);
    boolean known = before.isPresent();
    long count =
        jdbc.sql("select count(*) from shared_objects where service_id = :service")
            .param("service", service.value())
            .query(Long.class)
            .single();
    if (!known && count >= MOST_SHARED) {
      return Sharing.TOO_MANY;
    }
    boolean unused = unshare(service, name);
    Database.updateOne(
        named(
                """
                insert into shared_objects (
                  service_id, kind, object_id, access, for_all, by_id, of_account, shared_at,
                  applied_by)
                values (
                  :service, :kind, :id, :access, :for_all, :by, :of_account, :at, :applied_by)
                """,
                service,
                name)
            .param("access", terms.access().wireName())
            .param("for_all", terms.borrowers().isEmpty())
            .param(
                "applied_by",
                Parameters.orNull(
                    terms.appliedBy().or(before.flatMap(Lent::appliedBy)), AppliedBy::value))
            .param("by", sharer.value())
            .param("of_account", ofAccount)
            .param("at", Parameters.at(now)));
    Set<GranteeName> each = terms.borrowers().orElse(Set.of());
    int lent =
        named(
                """
                insert into shared_object_borrowers (
                  service_id, kind, object_id, user_id, group_id)
                select :service, :kind, :id, u.id, g.id
                from unnest(:borrowers) as w (name)
                left join users u on u.handle = w.name
                left join groups g on '@' || g.handle = w.name
                where num_nonnulls(u.id, g.id) = 1
                """,
                service,
                name)
            .param("borrowers", Parameters.texts(each, GranteeName::toString))
            .update();
    return lent < each.size()
        ? Sharing.UNKNOWN_BORROWER
        : known ? Sharing.CHANGED : Sharing.CREATED;
  }

  @Override
  public Optional<Lent> findShared(Instance.Id service, ObjectName name) {
    return named(SHARED + " and s.kind = :kind and s.object_id = :id", service, name)
        .query(Row.mapper(row -> lent(row)))
        .optional();
  }

  @Override
  public List<Lent> listShared(Instance.Id service, Optional<ObjectName> after, int limit) {
    return jdbc.sql(
            SHARED
                + """
                  and (cast(:kind as text) is null or (s.kind, s.object_id) > (:kind, :id))
                order by s.kind, s.object_id
                limit :limit
                """)
        .param("service", service.value())
        .param("kind", Parameters.orNull(after, name -> name.kind().wireName()))
        .param("id", Parameters.orNull(after, ObjectName::id))
        .param("limit", limit)
        .query(Row.mapper(row -> lent(row)))
        .list();
  }

  private static Lent lent(Row row) throws SQLException {
    return new Lent(
        ObjectRows.name(row),
        SharedObject.Access.of(row.text("access")),
        row.flag("for_all")
            ? Optional.empty()
            : Optional.of(
                row.texts("borrowers").stream()
                    .map(GranteeName::of)
                    .collect(Collectors.toUnmodifiableSet())),
        new Handle(row.text("by_handle")),
        row.instant("shared_at"),
        row.optionalText("applied_by").map(AppliedBy::new));
  }

  @Override
  public boolean unshare(Instance.Id service, ObjectName name) {
    return named(
                """
                delete from shared_objects
                where service_id = :service and kind = :kind and object_id = :id
                """,
                service,
                name)
            .update()
        > 0;
  }

  @Override
  public void used(Collection<UsedObject> objects) {
    // Rows that a call is changing are in use anyway, so this statement skips locked rows.
    Database.update(
        jdbc.sql(
                """
                with wanted as (
                  select w.service_id::uuid as service_id, w.kind, w.object_id
                  from unnest(:services, :kinds, :ids) as w (service_id, kind, object_id)),
                used as (
                  select l.id
                  from wanted w
                  join provider_objects l on l.service_id = w.service_id
                    and l.kind = w.kind and l.object_id = w.object_id and l.state = 'live'
                  union
                  select p.id
                  from wanted w
                  join provider_objects p on p.service_id = w.service_id
                    and p.kind = w.kind and p.parent = w.object_id and p.state = 'live'
                  where w.kind = 'containers')
                update provider_objects o
                set last_used_at = clock_timestamp(),
                  expires_at = case
                    when o.kind = 'containers' and o.expires_at < clock_timestamp() + :soon
                    then clock_timestamp() + :idle
                    else o.expires_at end
                where o.id in (
                  select l.id
                  from provider_objects l
                  where l.id in (select u.id from used u) and (l.last_used_at is null
                    or l.last_used_at < clock_timestamp() - interval '50 seconds')
                  order by l.id
                  for no key update of l skip locked)
                """
                    .replace(":soon", interval(ObjectQuota.IDLE_CONTAINER.dividedBy(2)))
                    .replace(":idle", interval(ObjectQuota.IDLE_CONTAINER)))
            .param("services", Parameters.texts(objects, o -> o.service().value().toString()))
            .param("kinds", Parameters.texts(objects, o -> o.name().kind().wireName()))
            .param("ids", Parameters.texts(objects, o -> o.name().id())));
  }

  private static String interval(Duration time) {
    return "interval '%s seconds'".formatted(time.toSeconds());
  }
}
