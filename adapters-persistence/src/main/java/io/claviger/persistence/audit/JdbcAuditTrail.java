package io.claviger.persistence.audit;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.EventTexts;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link AuditTrail} with the table {@code audit_events}. */
public final class JdbcAuditTrail implements AuditTrail {
  /**
   * The time to record for an event: its own time, or the database's present time if the two differ
   * by more than a day. The database's clock decides when a month is old enough to be removed, so
   * events with the time of a node's wrong clock would be removed too early or too late.
   */
  private static final String AT_BY_DATABASE =
      """
      case when %1$s between clock_timestamp() - interval '1 day'
          and clock_timestamp() + interval '1 day'
        then %1$s else clock_timestamp() end
      """;

  /** The columns of an event, in the order in which {@link #EVENTS} selects them. */
  private static final String COLUMNS =
      """
      id, at, actor_id, actor, token_id, session_id, presented_subject, address, request_id, action,
      target_type, target_id, target_ref, target_owner_id, outcome, fields, terms, count
      """;

  /**
   * Selects events from parameters. The fields of each event are sent as one text with line breaks,
   * because an array parameter can't contain arrays of different lengths. The terms are sent in the
   * same way.
   */
  private static final String EVENTS =
      """
      select
        id, {at} as at, actor_id, actor, token_id, session_id, presented_subject, address,
        request_id, action, target_type, target_id, target_ref, target_owner_id, outcome,
        string_to_array(fields, chr(10)) as fields, string_to_array(terms, chr(10)) as terms, count
      from unnest(
        cast(:id as uuid[]), cast(:at as timestamptz[]), cast(:actor_id as uuid[]),
        :actor, cast(:token_id as uuid[]), cast(:session_id as uuid[]),
        :presented_subject, :address, :request_id, :action,
        :target_type, cast(:target_id as uuid[]), :target_ref,
        cast(:target_owner_id as uuid[]), :outcome, :fields, :terms, :count)
        as n (
          id, at, actor_id, actor, token_id, session_id, presented_subject, address,
          request_id, action, target_type, target_id, target_ref, target_owner_id,
          outcome, fields, terms, count)
      """;

  /** The maximum number of sums that one statement records. */
  private static final int SUMS_AT_ONCE = 100;

  private final JdbcClient jdbc;
  private final String at;

  /**
   * If an event's time differs by more than a day from the database's clock, the event is recorded
   * with the time of the database's clock.
   */
  public JdbcAuditTrail(Database database) {
    this(database, AT_BY_DATABASE);
  }

  private JdbcAuditTrail(Database database, String at) {
    this.jdbc = database.jdbc();
    this.at = at;
  }

  /** Returns a trail for events of earlier days. The trail keeps the events' own times. */
  public static JdbcAuditTrail ofAnyTime(Database database) {
    return new JdbcAuditTrail(database, "%1$s");
  }

  @Override
  public void record(AuditEvent event) {
    recordAll(List.of(event));
  }

  /** Inserts all events with one SQL statement. */
  @Override
  public void recordAll(List<AuditEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    int rows = with(events, "insert into audit_events (" + COLUMNS + ") " + EVENTS).update();
    Database.require(events.size(), rows);
  }

  @Override
  public void recordFrequent(AuditEvent event) {
    List<Optional<UUID>> unused =
        with(
                List.of(event),
                """
                select record_frequent_event(
                  jsonb_populate_record(null::audit_events, to_jsonb(e)), null) as recorded
                from (%s) e
                """
                    .formatted(EVENTS))
            .query((rs, n) -> Optional.ofNullable(rs.getObject("recorded", UUID.class)))
            .list();
  }

  private StatementSpec with(List<AuditEvent> events, String sql) {
    List<EventTexts> all = events.stream().map(EventTexts::of).toList();
    StatementSpec statement = jdbc.sql(sql.replace("{at}", at.formatted("at")));
    for (String column : EventTexts.COLUMNS) {
      statement =
          statement.param(column, Parameters.optionalTexts(all, event -> event.column(column)));
    }
    return statement
        .param("id", Parameters.texts(all, event -> event.id().toString()))
        .param("at", Parameters.texts(all, event -> event.at().toString()))
        .param("fields", Parameters.texts(all, event -> String.join("\n", event.fields())))
        .param("terms", Parameters.texts(all, event -> String.join("\n", event.terms())))
        .param("count", Parameters.longs(all, EventTexts::count));
  }

  @Override
  public void recordSums(Ids ids) {
    while (areSumsDue() && recordedSums(ids) == SUMS_AT_ONCE) {
      // There might be more sums.
    }
    int unused =
        jdbc.sql(
                """
                delete from frequent_events where counted_for in (
                  select f.counted_for from frequent_events f
                  where f.hour < present_hour()
                  for update skip locked)
                """)
            .update();
  }

  private boolean areSumsDue() {
    return jdbc.sql("select exists (select from frequent_event_sums where hour < present_hour())")
        .query(Boolean.class)
        .single();
  }

  private int recordedSums(Ids ids) {
    return jdbc.sql(
            """
            with due as (
              delete from frequent_event_sums where id in (
                select s.id from frequent_event_sums s
                where s.hour < present_hour()
                order by s.id limit :most for update skip locked)
              returning *),
            recorded as (
              insert into audit_events (%s)
              select
                (cast(:ids as uuid[]))[c.place], clock_timestamp(), c.actor_id, c.actor, null, null, null,
                c.address, c.request_id, c.action, c.target_type, c.target_id, c.target_ref,
                c.target_owner_id, c.outcome, c.fields, '{}', least(c.events, 2147483647)
              from (
                select d.*, row_number() over (order by d.id) as place
                from due d where d.events > 0) c)
            select count(*) from due
            """
                .formatted(COLUMNS))
        .param("most", SUMS_AT_ONCE)
        .param(
            "ids",
            Stream.generate(() -> ids.next().toString()).limit(SUMS_AT_ONCE).toArray(String[]::new))
        .query(Integer.class)
        .single();
  }
}
