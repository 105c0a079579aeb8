package io.claviger.persistence.objects;

import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.PrimaryAnswers;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ObjectLedger} with the table {@code provider_objects}. */
public final class JdbcObjectLedger implements ObjectLedger {
  /** The condition that an object is shared with a user, directly or through a group. */
  private static final String SHARED_WITH_USER =
      """
      (s.for_all or exists (
        select from shared_object_borrowers b
        where b.service_id = s.service_id and b.kind = s.kind and b.object_id = s.object_id
          and (b.user_id = :user or b.group_id in (
            select m.group_id from group_members m where m.user_id = :user))))\
      """;

  private final JdbcClient jdbc;
  private final JdbcClient lists;
  private final Ids ids;
  private final InstantSource clock;
  private final ObjectQuota.Records most;

  public JdbcObjectLedger(Database database, Ids ids, InstantSource clock) {
    this(database, ids, clock, ObjectQuota.Records.MOST);
  }

  public JdbcObjectLedger(
      Database database, Ids ids, InstantSource clock, ObjectQuota.Records most) {
    this.most = most;
    this.jdbc = database.jdbc();
    this.lists = database.lists();
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public List<Entry> find(Instance.Id service, User.Id user, List<ObjectName> names) {
    return jdbc.sql(
            "select w.kind as w_kind, w.object_id as w_object_id, "
                + ObjectRows.COLUMNS.as("o")
                + ", o.subject as o_subject, s.access as s_access, s.by_id as s_by_id,"
                + " s.of_account as s_of_account, s.subject as s_subject, "
                + PrimaryAnswers.COLUMN
                + """

                from unnest(:kinds, :ids) with ordinality as w (kind, object_id, place)
                left join provider_objects o on o.service_id = :service and o.kind = w.kind
                  and o.object_id = w.object_id and o.state in ('live', 'deleting', 'orphan')
                left join shared_objects s on s.service_id = :service and s.kind = w.kind
                  and s.object_id = w.object_id
                  and %s
                order by w.place
                """
                    .formatted(SHARED_WITH_USER))
        .param("kinds", Parameters.texts(names, name -> name.kind().wireName()))
        .param("ids", Parameters.texts(names, ObjectName::id))
        .param("service", service.value())
        .param("user", user.value())
        .query(Row.mapper(row -> entry(row)))
        .list();
  }

  private static Entry entry(Row row) throws SQLException {
    PrimaryAnswers.require(row);
    Row object = row.part("o_");
    Row shared = row.part("s_");
    boolean known = object.has("state");
    boolean live = known && object.text("state").equals(ObjectState.LIVE.wireName());
    boolean lent = shared.has("access");
    return new Entry(
        ObjectRows.name(row.part("w_")),
        known ? Optional.of(ObjectRows.object(object)) : Optional.empty(),
        lent
            ? Optional.of(
                new SharedObject(
                    shared.constant("access", SharedObject.Access.class),
                    shared.uuid("by_id"),
                    shared.flag("of_account")))
            : Optional.empty(),
        // If an object is being deleted, the change feed does not report when the object is gone.
        // So no cache may keep such an object.
        live
            ? object.optionalUuid("subject")
            : known ? Optional.empty() : shared.optionalUuid("subject"));
  }

  @Override
  public List<Recorded> record(List<NewObject> objects) {
    return jdbc.sql(
            """
            select r.outcome
            from record_objects_of_accounts((
              select jsonb_agg(to_jsonb(w) || jsonb_build_object(
                'most_records', cast(:most_records as bigint),
                'most_new_records', cast(:most_new_records as bigint)) order by w.place)
              from unnest(:services, :kinds, :ids, :makers, :projects, :borrowers, :tokens,
                  :share_holders, :expiries, :bytes, :states, :parents, :purposes, :accounts,
                  :most_objects, :most_bytes, :most_responses, :replaced, :whole_kinds, :wholes,
                  :events, :event_times, :addresses, :requests)
                with ordinality as w (service, kind, id, maker, project, borrower, token,
                  share_holder, expires_at, bytes, state, parent, purpose, account,
                  most_objects, most_bytes, most_responses, replaced, whole_kind, whole,
                  event, event_at, address, request, place))) r
            order by r.item
            """)
        .param("services", Parameters.texts(objects, o -> o.service().value().toString()))
        .param("kinds", Parameters.texts(objects, o -> o.name().kind().wireName()))
        .param("ids", Parameters.texts(objects, o -> o.name().id()))
        .param("makers", Parameters.texts(objects, o -> o.caller().user().toString()))
        .param("projects", Parameters.optionalTexts(objects, JdbcObjectLedger::project))
        .param("borrowers", Parameters.texts(objects, o -> o.caller().borrower().toString()))
        .param("tokens", Parameters.texts(objects, o -> o.caller().token().toString()))
        .param(
            "share_holders",
            Parameters.optionalTexts(objects, o -> o.caller().shareHolder().map(UUID::toString)))
        .param(
            "expiries",
            Parameters.optionalTexts(objects, o -> o.expiresAt().map(Instant::toString)))
        .param("bytes", Parameters.longs(objects, NewObject::bytes))
        .param("states", Parameters.texts(objects, o -> o.state().wireName()))
        .param("parents", Parameters.optionalTexts(objects, NewObject::parent))
        .param("purposes", Parameters.optionalTexts(objects, NewObject::purpose))
        .param("accounts", Parameters.ints(objects, o -> o.caller().account()))
        .param("most_objects", Parameters.longs(objects, o -> o.quota().objects()))
        .param("most_bytes", Parameters.longs(objects, o -> o.quota().bytes()))
        .param("most_responses", Parameters.longs(objects, NewObject::mostResponses))
        .param("most_records", most.live())
        .param("most_new_records", most.added())
        .param("replaced", Parameters.optionalTexts(objects, NewObject::replaced))
        .param(
            "whole_kinds",
            Parameters.optionalTexts(objects, o -> o.whole().map(w -> w.kind().wireName())))
        .param("wholes", Parameters.optionalTexts(objects, o -> o.whole().map(ObjectName::id)))
        .param(
            "events",
            Parameters.optionalTexts(objects, o -> o.origin().map(call -> ids.next().toString())))
        .param("event_times", Parameters.optionalTexts(objects, o -> o.origin().map(call -> now())))
        .param("addresses", Parameters.optionalTexts(objects, o -> o.origin().map(Origin::address)))
        .param(
            "requests", Parameters.optionalTexts(objects, o -> o.origin().map(Origin::requestId)))
        .query(Row.mapper(row -> row.constant("outcome", Recorded.class)))
        .list();
  }

  private static Optional<String> project(NewObject object) {
    return Optional.of(object.caller().holder())
        .filter(holder -> holder.kind() == ObjectHolder.Kind.PROJECT)
        .map(holder -> holder.id().toString());
  }

  private String now() {
    return clock.instant().toString();
  }

  @Override
  public void end(Collection<Ended> ended) {
    long unused =
        jdbc.sql(
                """
                with gone as (
                  select o.id, w.state, to_jsonb(w) as item
                  from unnest(:services, :kinds, :ids, :states, :parents, :makers, :tokens,
                      :events, :event_times, :addresses, :requests)
                    as w (service, kind, id, state, parent, maker, token, event, event_at,
                      address, request)
                  join provider_objects o on o.service_id = w.service::uuid
                    and o.state = 'live' and o.kind = w.kind and o.object_id = w.id
                    and (w.parent is null or o.parent = w.parent)
                ),
                parts as (
                  select p.id, case g.state when 'deleting' then 'deleted' else g.state end as state
                  from gone g
                  join provider_objects o on o.id = g.id
                  join provider_objects p on p.service_id = o.service_id
                    and p.parent = o.object_id and p.state = 'live' and is_part_of(p, o)
                ),
                wanted as materialized (
                  select g.id, max(g.state) as state
                  from (select id, state from gone union all select id, state from parts) g
                  group by g.id
                ),
                locked as materialized (
                  select o.id from provider_objects o
                  where o.id in (select w.id from wanted w)
                  order by o.id
                  for no key update
                ),
                ended as (
                  update provider_objects o
                  set state = w.state, ended_at = clock_timestamp(),
                    end_reason = case w.state when 'deleting' then 'request' end,
                    retry_at = case w.state when 'deleting' then clock_timestamp() end,
                    retry_until =
                      case w.state when 'deleting' then clock_timestamp() + interval '30 days' end
                  from locked l join wanted w on w.id = l.id
                  where o.id = l.id and o.state = 'live'
                  returning o.id, o.kind, o.parent, coalesce(o.responsible_id, o.maker_id) as made_by
                )
                select record_object_events(
                  jsonb_agg(g.item || jsonb_build_object('made_by', e.made_by)), 'object.delete')
                from ended e
                join (select distinct on (id) id, item from gone) g on g.id = e.id
                where g.item ->> 'event' is not null and e.kind <> 'responses'
                  and not is_part(e.parent)
                """)
            .param("services", Parameters.texts(ended, e -> e.service().value().toString()))
            .param("kinds", Parameters.texts(ended, e -> e.name().kind().wireName()))
            .param("ids", Parameters.texts(ended, e -> e.name().id()))
            .param("states", Parameters.texts(ended, e -> e.how().wireName()))
            .param("parents", Parameters.optionalTexts(ended, Ended::parent))
            .param(
                "makers",
                Parameters.optionalTexts(
                    ended, e -> e.origin().map(call -> call.user().toString())))
            .param(
                "tokens",
                Parameters.optionalTexts(
                    ended, e -> e.origin().map(call -> call.token().toString())))
            .param(
                "events",
                Parameters.optionalTexts(ended, e -> e.origin().map(call -> ids.next().toString())))
            .param(
                "event_times", Parameters.optionalTexts(ended, e -> e.origin().map(call -> now())))
            .param(
                "addresses", Parameters.optionalTexts(ended, e -> e.origin().map(Origin::address)))
            .param(
                "requests", Parameters.optionalTexts(ended, e -> e.origin().map(Origin::requestId)))
            .query(Long.class)
            .single();
  }

  @Override
  public void change(Collection<Stated> objects) {
    Database.update(
        jdbc.sql(
                """
                with wanted as materialized (
                  select l.id, max(e.expires_at::timestamptz) as expires_at,
                    max(e.bytes) as bytes
                  from unnest(:services, :kinds, :ids, :expiries, :bytes)
                    as e (service_id, kind, object_id, expires_at, bytes)
                  join provider_objects l on l.service_id = e.service_id::uuid
                    and l.kind = e.kind and l.object_id = e.object_id and l.state = 'live'
                  group by l.id
                ),
                locked as materialized (
                  select o.id from provider_objects o
                  where o.id in (select w.id from wanted w)
                  order by o.id
                  for no key update
                )
                update provider_objects o
                set expires_at = coalesce(w.expires_at, o.expires_at),
                  bytes = case when o.bytes = 0 then w.bytes else o.bytes end
                from locked l join wanted w on w.id = l.id
                where o.id = l.id and o.state = 'live'
                """)
            .param("services", Parameters.texts(objects, e -> e.service().value().toString()))
            .param("kinds", Parameters.texts(objects, e -> e.name().kind().wireName()))
            .param("ids", Parameters.texts(objects, e -> e.name().id()))
            .param(
                "expiries",
                Parameters.optionalTexts(objects, e -> e.expiresAt().map(Instant::toString)))
            .param("bytes", Parameters.longs(objects, Stated::bytes)));
  }

  @Override
  public Optional<List<ProviderObject>> list(
      Wanted wanted, Optional<String> after, boolean oldestFirst, int limit, Instant now) {
    String matching =
        """
        from provider_objects o
        where o.service_id = any(cast(:services as uuid[])) and o.kind = :kind and %s = :holder
          and (cast(:token as uuid) is null or o.made_with @> array[cast(:token as uuid)])
          and (cast(:ids as text[]) = '{}' or o.object_id = any(cast(:ids as text[])))
          and (cast(:purpose as text) is null or o.purpose = :purpose)
          and (cast(:beginning as text) is null or starts_with(o.object_id, :beginning))
          and o.parent is not distinct from cast(:parent as text)
        """
            .formatted(column(wanted.holder()));
    long from = oldestFirst ? 0 : Long.MAX_VALUE;
    if (after.isPresent()) {
      // The object might have ended since the client read its id, for example because the client
      // deletes each object of a page before it asks for the next page. Two indexes find the row by
      // its id: one has the rows that still stand, and the other one has the rest.
      String named = matching + " and o.object_id = :after and o.state in ";
      Optional<Long> place =
          withWanted(
                  "select coalesce((select max(o.id) "
                      + named
                      + "('live', 'deleting')), (select max(o.id) "
                      + named
                      + "('deleted', 'expired', 'left'))) as max",
                  wanted)
              .param("after", after.get())
              .query(Row.mapper(row -> row.optionalBigNumber("max")))
              .list()
              .stream()
              .filter(found -> found.isPresent())
              .map(found -> found.getAsLong())
              .findFirst();
      if (place.isEmpty()) {
        return Optional.empty();
      }
      from = place.get();
    }
    return Optional.of(
        withWanted(
                "select "
                    + ObjectRows.COLUMNS.at("o")
                    + "\n"
                    + matching
                    + " and o.state = 'live' and (o.expires_at is null or o.expires_at > :now)"
                    + (oldestFirst
                        ? " and o.id > :from order by o.id"
                        : " and o.id < :from order by o.id desc")
                    + " limit :limit",
                wanted)
            .param("now", Parameters.at(now))
            .param("from", from)
            .param("limit", limit)
            .query(Row.mapper(ObjectRows::object))
            .list());
  }

  private JdbcClient.StatementSpec withWanted(String statement, Wanted wanted) {
    return lists
        .sql(statement)
        .param("services", services(wanted.services()))
        .param("kind", wanted.kind().wireName())
        .param("holder", wanted.holder().id())
        .param("token", wanted.confinedTo().orElse(null))
        .param("ids", wanted.ids().toArray(String[]::new))
        .param("purpose", wanted.purpose().orElse(null))
        .param("beginning", wanted.beginning().orElse(null))
        .param("parent", wanted.parent().orElse(null));
  }

  private static String[] services(Collection<Instance.Id> services) {
    return Parameters.texts(services, id -> id.value().toString());
  }

  @Override
  public Whereabouts find(
      ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names, Instant now) {
    Map<ObjectName, Set<Instance.Id>> held = new HashMap<>();
    Map<ObjectName, Set<Instance.Id>> shared = new HashMap<>();
    jdbc.sql(
            """
            select f.service_id, f.kind, f.object_id, f.held, %s
            from (
              select o.service_id, o.kind, o.object_id, true as held
              from unnest(:kinds, :ids) as w (kind, object_id)
              join provider_objects o on o.kind = w.kind and o.object_id = w.object_id
                and o.state = 'live' and (o.expires_at is null or o.expires_at > :now)
                and o.service_id = any(cast(:services as uuid[])) and %s = :holder
                and (cast(:token as uuid) is null or o.made_with @> array[cast(:token as uuid)])
              union all
              select s.service_id, s.kind, s.object_id, false
              from unnest(:kinds, :ids) as w (kind, object_id)
              join shared_objects s on s.kind = w.kind and s.object_id = w.object_id
                and s.service_id = any(cast(:services as uuid[]))
                and %s
            ) f
            """
                .formatted(PrimaryAnswers.COLUMN, column(seeker.holder()), SHARED_WITH_USER))
        .param("kinds", Parameters.texts(names, name -> name.kind().wireName()))
        .param("ids", Parameters.texts(names, ObjectName::id))
        .param("now", Parameters.at(now))
        .param("holder", seeker.holder().id())
        .param("token", seeker.confinedTo().orElse(null))
        .param("user", seeker.user().value())
        .param("services", services(services))
        .query(
            rs -> {
              Row row = Row.of(rs);
              PrimaryAnswers.require(row);
              boolean unused =
                  (row.flag("held") ? held : shared)
                      .computeIfAbsent(ObjectRows.name(row), name -> new HashSet<>())
                      .add(new Instance.Id(row.uuid("service_id")));
            });
    return new Whereabouts(held, shared);
  }

  private static String column(ObjectHolder holder) {
    return holder.kind() == ObjectHolder.Kind.USER ? "o.holder_user_id" : "o.holder_project_id";
  }

  @Override
  public void keepVerdicts(Collection<ReadFile> files) {
    files.forEach(file -> BatchFileRows.keep(jdbc, file));
  }

  @Override
  public Optional<BatchVerdict> verdict(Instance.Id service, String file) {
    return BatchFileRows.find(jdbc, service, file);
  }

  @Override
  public boolean isUncharged(Instance.Id service, ObjectName name) {
    return jdbc.sql(
            """
            select exists (
              select from provider_objects o
              where o.service_id = :service and o.kind = :kind and o.object_id = :id
                and o.state in ('live', 'deleting', 'orphan') and is_uncharged(o))
            or exists (
              select from batch_reservations r
              where :kind = 'batches' and r.service_id = :service and r.batch_id = :id
                and r.state = 'open')
            """)
        .param("service", service.value())
        .param("kind", name.kind().wireName())
        .param("id", name.id())
        .query(Boolean.class)
        .single();
  }
}
