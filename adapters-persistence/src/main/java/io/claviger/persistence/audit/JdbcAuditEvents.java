package io.claviger.persistence.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.TimeBounds;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.sessions.Session;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link AuditEventStore} with the table {@code audit_events}. Each filter has an index
 * that is ordered by time. The statements also limit the time itself, because PostgreSQL prunes
 * partitions only by a condition on the time. An event's link is found by the event's id, and the
 * time is compared afterwards, because many events can have the same time.
 */
public final class JdbcAuditEvents implements AuditEventStore {
  /**
   * The time before which events are not listed, and get no link in the chain. No node records such
   * events.
   */
  static final Instant BEGINNING = TimeBounds.EARLIEST;

  /**
   * The time after which events are not listed, and get no link in the chain. No node records such
   * events.
   */
  static final Instant END = TimeBounds.LATEST;

  private static final String EVENT =
      """
      select e.id, e.at, e.actor_id, e.actor, e.token_id, e.session_id, e.presented_subject,
        e.address, e.request_id, e.action, e.target_type, e.target_id, e.target_ref,
        e.target_owner_id, e.outcome, array_replace(e.fields, null, chr(1)) as fields,
        array_replace(e.terms, null, chr(1)) as terms, e.count
      from audit_events e
      """;

  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);
  private static final RowMapper<AuditEvent> ROW = Row.mapper(row -> event(row));

  private final Database database;
  private final JdbcClient jdbc;

  public JdbcAuditEvents(Database database) {
    this.database = database;
    this.jdbc = database.lists();
  }

  @Override
  public void newest(
      Optional<User.Id> owner,
      AuditFilter filter,
      Optional<TimeCursor> after,
      int limit,
      Predicate<AuditEvent> taker) {
    TimeCursor start =
        after
            .filter(p -> filter.span().until().filter(p.at()::isAfter).isEmpty())
            .orElseGet(
                () ->
                    filter
                        .span()
                        .until()
                        .map(until -> new TimeCursor(until, FIRST))
                        .orElse(new TimeCursor(END, LAST)));
    JdbcClient.StatementSpec newest =
        database
            .parts()
            .sql(
                """
            select l.*, c.number, c.event_id, c.event_at, c.content_hash, c.hash,
              p.hash as previous_hash
            from (
              %s
              where (e.at, e.id) < (:at, :id)
                and e.at between :since and :at
                and (cast(:owner as uuid) is null or e.target_owner_id = :owner)
                and (cast(:actor as text) is null or e.actor = :actor)
                and (cast(:action as text) is null or e.action = :action)
                and (cast(:outcome as text) is null or e.outcome = :outcome)
                and (cast(:target_ref as text) is null or e.target_ref = :target_ref)
                and (cast(:target_id as uuid) is null or e.target_id = :target_id)
              order by e.at desc, e.id desc
              limit :limit) l
            left join lateral (
              select * from audit_chain o where o.event_id = l.id limit 1) c
              on c.event_at = l.at
            left join audit_chain p on p.number = c.number - 1
            order by l.at desc, l.id desc
            """
                    .formatted(EVENT))
            .param("at", Parameters.at(start.at()))
            .param("id", start.id())
            .param("since", Parameters.at(filter.span().since().orElse(BEGINNING)))
            .param("owner", Parameters.orNull(owner, User.Id::value))
            .param("actor", Parameters.orNull(filter.actor(), Handle::value))
            .param("action", Parameters.orNull(filter.action(), AuditAction::wireName))
            .param("outcome", Parameters.orNull(filter.outcome(), AuditOutcome::wireName))
            .param("target_ref", ref(filter.target()))
            .param("target_id", id(filter.target()))
            .param("limit", limit);
    database.readUntil(newest, ROW, taker);
  }

  @Override
  public List<AuditEvent> newestOfAccounts(
      User.Id responsible, AuditAction action, Instant since, int limit) {
    return jdbc.sql(
            """
            select l.*, cast(null as bigint) as number
            from users u
            cross join lateral (
              %s
              where e.target_id = u.id and e.action = :action and e.at between :since and :end
              order by e.at desc, e.id desc
              limit 1) l
            where u.responsible_user_id = :responsible
              or u.responsible_group_id = any(array(
                select m.group_id
                from group_members m
                join users p on p.id = m.user_id and p.kind = 'person'
                where m.user_id = :responsible and m.role = 'manager'))
            order by l.at desc, l.id desc
            limit :limit
            """
                .formatted(EVENT))
        .param("action", action.wireName())
        .param("since", Parameters.at(since))
        .param("end", Parameters.at(END))
        .param("responsible", responsible.value())
        .param("limit", limit)
        .query(ROW)
        .list();
  }

  private static @Nullable String ref(Optional<AuditSubject> target) {
    return target.orElse(null) instanceof AuditSubject.ByRef named ? named.ref() : null;
  }

  private static @Nullable UUID id(Optional<AuditSubject> target) {
    return target.orElse(null) instanceof AuditSubject.ById one ? one.id() : null;
  }

  /**
   * Reads the terms of an event from an array of texts. Each term consists of three texts: the
   * field's name, the old value and the new value.
   */
  private static List<AuditEvent.Term> terms(List<String> texts) {
    return IntStream.range(0, texts.size() / 3)
        .mapToObj(n -> texts.subList(3 * n, 3 * n + 3))
        .map(term -> new AuditEvent.Term(term.get(0), present(term.get(1)), present(term.get(2))))
        .toList();
  }

  private static Optional<String> present(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  /**
   * Empty if the text is no handle, which is possible only if somebody inserted the event directly
   * into the database.
   */
  private static Optional<Handle> handle(String text) {
    try {
      return Optional.of(new Handle(text));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Reads an event even if a node of another version recorded it, or if somebody inserted it
   * directly into the database. If such an event could not be read, it would prevent the reading of
   * all others.
   */
  private static AuditEvent event(Row row) throws SQLException {
    return new AuditEvent(
        row.uuid("id"),
        row.instant("at"),
        new AuditEvent.Source(
            row.optionalUuid("actor_id").map(User.Id::new),
            row.optionalText("actor").flatMap(JdbcAuditEvents::handle),
            row.optionalUuid("token_id").map(AccessToken.Id::new),
            row.optionalUuid("session_id").map(Session.Id::new),
            row.optionalText("presented_subject"),
            row.text("address"),
            row.text("request_id")),
        AuditAction.ofStored(row.text("action")),
        new AuditTarget(
            row.text("target_type"),
            row.optionalUuid("target_id"),
            row.text("target_ref"),
            row.optionalUuid("target_owner_id").map(User.Id::new)),
        AuditOutcome.of(row.text("outcome")),
        JdbcAuditChain.texts(row, "fields"),
        terms(JdbcAuditChain.texts(row, "terms")),
        row.number("count"),
        row.has("number") ? Optional.of(JdbcAuditChain.link(row)) : Optional.empty());
  }
}
