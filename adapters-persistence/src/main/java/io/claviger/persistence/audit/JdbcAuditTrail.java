package io.claviger.persistence.audit;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.EventTexts;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.util.List;
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

  /**
   * Inserts all events with one SQL statement. The fields of each event are sent as one text with
   * line breaks, because an array parameter can't contain arrays of different lengths. The terms
   * are sent in the same way.
   */
  @Override
  public void recordAll(List<AuditEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    List<EventTexts> all = events.stream().map(EventTexts::of).toList();
    StatementSpec statement =
        jdbc.sql(
            """
            insert into audit_events (
              id, at, actor_id, actor, token_id, session_id, presented_subject, address,
              request_id, action, target_type, target_id, target_ref, target_owner_id, outcome,
              fields, terms, count)
            select
              id, {at}, actor_id, actor, token_id, session_id, presented_subject, address,
              request_id, action, target_type, target_id, target_ref, target_owner_id, outcome,
              string_to_array(fields, chr(10)), string_to_array(terms, chr(10)), count
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
            """
                .replace("{at}", at.formatted("at")));
    for (String column : EventTexts.COLUMNS) {
      statement =
          statement.param(column, Parameters.optionalTexts(all, event -> event.column(column)));
    }
    int rows =
        statement
            .param("id", Parameters.texts(all, event -> event.id().toString()))
            .param("at", Parameters.texts(all, event -> event.at().toString()))
            .param("fields", Parameters.texts(all, event -> String.join("\n", event.fields())))
            .param("terms", Parameters.texts(all, event -> String.join("\n", event.terms())))
            .param("count", Parameters.longs(all, EventTexts::count))
            .update();
    Database.require(events.size(), rows);
  }
}
