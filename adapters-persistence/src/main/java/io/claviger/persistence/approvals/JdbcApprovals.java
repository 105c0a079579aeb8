package io.claviger.persistence.approvals;

import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.approvals.ConsentRules.Consenter;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link ApprovalStore} with the tables {@code approvals} and {@code approval_consents}.
 */
public final class JdbcApprovals implements ApprovalStore {
  private static final TimeCursor BEGINNING = new TimeCursor(Instant.EPOCH, new UUID(0, 0));

  private static final String SELECT =
      """
      select
        p.id, p.instance_id, coalesce(p.owner_id, i.owner_id) as owner_id, i.owner_handle, i.handle,
        coalesce(p.asked_owner, i.owner_handle) as asked_owner,
        coalesce(p.asked_handle, i.handle) as asked_handle,
        coalesce(p.owner_id <> i.owner_id, false) as moved, p.version, p.asker_id,
        u.handle as asker_handle, u.kind = 'person' as by_person, p.kind, p.subject, p.fields,
        p.terms, p.needed, p.state, p.asked_at, p.until, p.ended_at, p.reason
      from approvals p
      join instances i on i.id = p.instance_id
      join users u on u.id = p.asker_id
      """;

  private final JdbcClient jdbc;
  private final JdbcClient lists;

  public JdbcApprovals(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
  }

  /** Locks the service before the user, in the same order as a transaction that consents. */
  @Override
  public Waiting lockAndCount(Instance.Id service, User.Id asker, Instant now) {
    demandLocked("select id from instances where id = :id for update", service.value());
    demandLocked("select id from users where id = :id for no key update", asker.value());
    return jdbc.sql(
            """
            select
              count(*) filter (
                where instance_id = :service and (owner_id is null or owner_id = (
                  select i.owner_id from instances i where i.id = :service))) as of_service,
              count(*) filter (where asker_id = :asker) as of_asker,
              (select kind = 'person' from users where id = :asker) as by_person
            from approvals
            where state = 'waiting' and until > :now
              and (instance_id = :service or asker_id = :asker)
            """)
        .param("service", service.value())
        .param("asker", asker.value())
        .param("now", Parameters.at(now))
        .query(
            (rs, n) ->
                new Waiting(
                    rs.getInt("of_service"), rs.getInt("of_asker"), rs.getBoolean("by_person")))
        .single();
  }

  private void demandLocked(String sql, UUID id) {
    if (jdbc.sql(sql).param("id", id).query(UUID.class).optional().isEmpty()) {
      throw ConcurrencyConflict.notSerializable("the service or the asker is gone");
    }
  }

  @Override
  public void insert(Approval approval, SealedValue change) {
    Database.update(
        jdbc.sql(
                """
                delete from approvals
                where id in (
                  select e.id
                  from approvals e
                  where e.asker_id = :asker and e.state in ('lapsed', 'declined')
                  order by e.ended_at desc, e.id desc
                  offset :most)
                """)
            .param("asker", approval.asker().value())
            .param("most", Approval.MOST_KEPT));
    Database.updateOne(
        jdbc.sql(
                """
                insert into approvals (
                  id, instance_id, owner_id, asked_owner, asked_handle, version, asker_id, kind,
                  subject, fields, terms, needed, state, change, asked_at, until)
                values (
                  :id, :service, :owner, :asked_owner, :asked_handle, :version, :asker, :kind,
                  :subject, :fields, :terms, :needed, 'waiting', :change, :asked_at, :until)
                """)
            .param("id", approval.id().value())
            .param("service", approval.service().value())
            .param("owner", approval.owner().value())
            .param("asked_owner", approval.askedAs().owner().value())
            .param("asked_handle", approval.askedAs().handle().value())
            .param("version", approval.version())
            .param("asker", approval.asker().value())
            .param("kind", approval.kind().wireName())
            .param("subject", approval.subject())
            .param("fields", approval.fields().toArray(String[]::new))
            .param("terms", stored(approval.terms()))
            .param("needed", approval.needed())
            .param("change", change.bytes())
            .param("asked_at", Parameters.at(approval.askedAt()))
            .param("until", Parameters.at(approval.until())));
  }

  @Override
  public Optional<Approval> lockWaiting(Instance.Id service, User.Id asker, String subject) {
    return jdbc.sql(
            SELECT
                + """
                where p.instance_id = :service and p.asker_id = :asker and p.subject = :subject
                  and p.state = 'waiting'
                for update of p
                """)
        .param("service", service.value())
        .param("asker", asker.value())
        .param("subject", subject)
        .query(Row.mapper(row -> approval(row)))
        .optional();
  }

  @Override
  public Optional<Approval> find(Approval.Id id) {
    return jdbc.sql(SELECT + "where p.id = :id")
        .param("id", id.value())
        .query(Row.mapper(row -> approval(row)))
        .optional()
        .map(this::withConsents);
  }

  @Override
  public Optional<Approval> lock(Approval.Id id) {
    return jdbc.sql("select id from approvals where id = :id for update")
        .param("id", id.value())
        .query(UUID.class)
        .optional()
        .flatMap(locked -> find(id));
  }

  @Override
  public Optional<SealedValue> change(Approval.Id id) {
    return jdbc.sql("select change from approvals where id = :id and change is not null")
        .param("id", id.value())
        .query((rs, n) -> new SealedValue(rs.getBytes("change")))
        .optional();
  }

  @Override
  public void addConsent(Approval.Id id, Approval.Consent consent) {
    Database.updateOne(
        jdbc.sql(
                "insert into approval_consents (approval_id, user_id, at) values (:id, :user, :at)")
            .param("id", id.value())
            .param("user", consent.user().value())
            .param("at", Parameters.at(consent.at())));
  }

  @Override
  public void end(Approval ended) {
    Database.updateOne(
        jdbc.sql(
                """
                update approvals
                set state = :state, ended_at = :ended_at, reason = :reason, change = null
                where id = :id and state = 'waiting'
                """)
            .param("id", ended.id().value())
            .param("state", ended.state().wireName())
            .param("ended_at", Parameters.at(ended.endedAt()))
            .param("reason", ended.reason().orElse(null)));
  }

  @Override
  public List<Approval> waitingFor(
      User.Id user, boolean administrator, Instant now, Optional<TimeCursor> after, int limit) {
    TimeCursor position = after.orElse(BEGINNING);
    List<Approval> waiting =
        lists
            .sql(
                SELECT
                    + """
                    where p.state = 'waiting' and p.until > :now
                      and (p.asked_at, p.id) > (:after_at, :after_id)
                      and p.id in (
                        select id from approvals where :all and state = 'waiting'
                        union all
                        select id from approvals where asker_id = :user and state = 'waiting'
                        union all
                        select a.id
                        from users o
                        join instances i on i.owner_handle = o.handle
                        join approvals a on a.instance_id = i.id and a.state = 'waiting'
                          and coalesce(a.owner_id, i.owner_id) = i.owner_id
                        where o.id = :user
                        union all
                        select a.id
                        from shares s
                        join instances i on i.id = s.instance_id
                        join approvals a on a.instance_id = i.id and a.state = 'waiting'
                          and coalesce(a.owner_id, i.owner_id) = i.owner_id
                        where s.grantee_id = :user and s.role = 'owner'
                          and (s.expires_at is null or s.expires_at > :now))
                    order by p.asked_at, p.id
                    limit :limit
                    """)
            .param("user", user.value())
            .param("all", administrator)
            .param("after_at", Parameters.at(position.at()))
            .param("after_id", position.id())
            .param("now", Parameters.at(now))
            .param("limit", limit)
            .query(Row.mapper(row -> approval(row)))
            .list();
    Map<UUID, List<Approval.Consent>> consents =
        consents(waiting.stream().map(Approval::id).toList());
    return waiting.stream()
        .map(each -> with(each, consents.getOrDefault(each.id().value(), List.of())))
        .toList();
  }

  @Override
  public List<Approval.Id> due(Optional<Approval.Id> after, int limit) {
    return jdbc.sql(
            """
            select p.id
            from approvals p
            where p.state = 'waiting' and p.until <= statement_timestamp()
              and (cast(:after as uuid) is null or p.id > :after)
            order by p.id
            limit :limit
            """)
        .param("after", Parameters.orNull(after, Approval.Id::value))
        .param("limit", limit)
        .query(Row.mapper(row -> new Approval.Id(row.uuid("id"))))
        .list();
  }

  @Override
  public Optional<Approval> lockDue(Approval.Id id) {
    return jdbc.sql(
            SELECT
                + """
                where p.id = :id and p.state = 'waiting' and p.until <= statement_timestamp()
                for update of p skip locked
                """)
        .param("id", id.value())
        .query(Row.mapper(row -> approval(row)))
        .optional();
  }

  @Override
  public int deleteEnded(Duration ago) {
    return jdbc.sql(
            """
            delete from approvals
            where ended_at < statement_timestamp() - make_interval(secs => :seconds)
            """)
        .param("seconds", ago.toSeconds())
        .update();
  }

  @Override
  public Optional<Consenter> find(User.Id user, Instance.Id service, Instant now) {
    return consenter(user, service, now, "");
  }

  @Override
  public Optional<Consenter> hold(User.Id user, Instance.Id service, Instant now) {
    return consenter(user, service, now, "for share of u");
  }

  private Optional<Consenter> consenter(
      User.Id user, Instance.Id service, Instant now, String lock) {
    return jdbc.sql(
            """
            select
              u.kind = 'person' as person, u.suspended_at is not null as suspended,
              u.administrator, i.owner_id = u.id as owning_user,
              s.instance_id is not null as owner_share, s.owner_since, s.owner_by,
              s.owner_by is null or exists (
                select from users g where g.id = s.owner_by and g.kind = 'person')
                as owner_by_person
            from users u
            join instances i on i.id = :service
            left join shares s on s.instance_id = i.id and s.grantee_id = u.id
              and s.role = 'owner' and (s.expires_at is null or s.expires_at > :now)
            where u.id = :user
            """
                + lock)
        .param("service", service.value())
        .param("user", user.value())
        .param("now", Parameters.at(now))
        .query(Row.mapper(row -> consenter(row)))
        .optional();
  }

  @Override
  public Set<User.Id> behind(User.Id account) {
    return jdbc.sql(
            """
            select responsible_user_id
            from users
            where id = :account and responsible_user_id is not null
            union
            select m.user_id
            from users u
            join group_members m on m.group_id = u.responsible_group_id and m.role = 'manager'
            where u.id = :account
            """)
        .param("account", account.value())
        .query((rs, n) -> new User.Id(rs.getObject(1, UUID.class)))
        .set();
  }

  @Override
  public List<Instance.Ref> unconsented(UUID transfer) {
    return jdbc.sql(
            """
            select i.owner_handle, i.handle
            from transfer_items t
            join instances i on i.id = t.service_id
            where t.transfer_id = :transfer and i.approvals > 1
              and not exists (
                select from approvals p
                where p.id = :transfer and p.instance_id = i.id and p.kind = 'transfer'
                  and p.state = 'applied' and p.needed >= i.approvals)
            order by i.owner_handle, i.handle
            for share of i
            """)
        .param("transfer", transfer)
        .query(Row.mapper(Row::instanceRef))
        .list();
  }

  @Override
  public List<Instance.Ref> guardedOf(User.Id owner, int most) {
    return jdbc.sql(
            """
            select owner_handle, handle
            from instances
            where owner_id = :owner and approvals > 1
            order by handle
            limit :most
            for share
            """)
        .param("owner", owner.value())
        .param("most", most)
        .query(Row.mapper(Row::instanceRef))
        .list();
  }

  private Approval withConsents(Approval found) {
    return with(found, consents(List.of(found.id())).getOrDefault(found.id().value(), List.of()));
  }

  private static Approval with(Approval found, List<Approval.Consent> consents) {
    Approval all = found;
    for (Approval.Consent consent : consents) {
      all = all.with(consent);
    }
    return all;
  }

  /** Returns the consents to each of the given changes, oldest first, keyed by the change's id. */
  private Map<UUID, List<Approval.Consent>> consents(List<Approval.Id> changes) {
    return jdbc
        .sql(
            """
            select c.approval_id, c.user_id, u.handle, c.at
            from approval_consents c
            join users u on u.id = c.user_id
            where c.approval_id = any(cast(:ids as uuid[]))
            order by c.at, c.user_id
            """)
        .param("ids", Parameters.texts(changes, id -> id.value().toString()))
        .query(Row.mapper(row -> Map.entry(row.uuid("approval_id"), consent(row))))
        .list()
        .stream()
        .collect(
            Collectors.groupingBy(
                Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
  }

  private static Approval.Consent consent(Row row) throws SQLException {
    return new Approval.Consent(
        new User.Id(row.uuid("user_id")), new Handle(row.text("handle")), row.instant("at"));
  }

  private static Consenter consenter(Row row) throws SQLException {
    return new Consenter(
        row.flag("person"),
        row.flag("suspended"),
        row.flag("administrator"),
        row.flag("owning_user"),
        row.flag("owner_share"),
        row.optionalInstant("owner_since"),
        row.optionalUuid("owner_by").map(User.Id::new),
        row.flag("owner_by_person"));
  }

  private static Approval approval(Row row) throws SQLException {
    return new Approval(
        new Approval.Id(row.uuid("id")),
        new Instance.Id(row.uuid("instance_id")),
        row.instanceRef(),
        new Instance.Ref(new Handle(row.text("asked_owner")), new Handle(row.text("asked_handle"))),
        new User.Id(row.uuid("owner_id")),
        row.flag("moved"),
        row.bigNumber("version"),
        new User.Id(row.uuid("asker_id")),
        new Handle(row.text("asker_handle")),
        row.flag("by_person"),
        row.constant("kind", Approval.Kind.class),
        row.text("subject"),
        row.texts("fields"),
        terms(row.texts("terms")),
        row.number("needed"),
        List.of(),
        row.constant("state", Approval.State.class),
        row.instant("asked_at"),
        row.instant("until"),
        row.optionalInstant("ended_at"),
        row.optionalText("reason"));
  }

  private static String[] stored(List<AuditEvent.Term> terms) {
    return terms.stream()
        .flatMap(term -> Stream.of(term.field(), stored(term.before()), stored(term.after())))
        .toArray(String[]::new);
  }

  private static String stored(Optional<String> value) {
    return value.map(text -> "=" + text).orElse("");
  }

  private static List<AuditEvent.Term> terms(List<String> stored) {
    List<AuditEvent.Term> terms = new ArrayList<>();
    for (int i = 0; i < stored.size(); i += 3) {
      terms.add(
          new AuditEvent.Term(stored.get(i), value(stored.get(i + 1)), value(stored.get(i + 2))));
    }
    return terms;
  }

  private static Optional<String> value(String stored) {
    return stored.isEmpty() ? Optional.empty() : Optional.of(stored.substring(1));
  }
}
