package io.claviger.persistence.audit;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.sessions.Session;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

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
    AuditTarget target = event.target();
    int rows =
        jdbc.sql(
                """
                insert into audit_events (
                  id, at, actor_id, actor, token_id, session_id, presented_subject,
                  address, request_id, action, target_type,
                  target_id, target_ref, target_owner_id, outcome, fields, terms,
                  count)
                values (
                  :id, {at}, :actor_id, :actor, :token_id, :session_id, :presented_subject,
                  :address, :request_id, :action,
                  :target_type, :target_id, :target_ref, :target_owner_id, :outcome, :fields,
                  :terms, :count)
                """
                    .replace("{at}", at.formatted("cast(:at as timestamptz)")))
            .param("id", event.id())
            .param("at", Parameters.at(event.at()))
            .param("actor_id", Parameters.orNull(event.actor(), User.Id::value))
            .param("actor", Parameters.orNull(event.actorHandle(), Handle::value))
            .param("token_id", Parameters.orNull(event.token(), AccessToken.Id::value))
            .param("session_id", Parameters.orNull(event.session(), Session.Id::value))
            .param("presented_subject", event.presentedSubject().orElse(null))
            .param("address", event.address())
            .param("request_id", event.requestId())
            .param("action", event.action().wireName())
            .param("target_type", target.type())
            .param("target_id", target.id().orElse(null))
            .param("target_ref", target.ref())
            .param("target_owner_id", Parameters.orNull(target.owner(), User.Id::value))
            .param("outcome", event.outcome().wireName())
            .param("fields", event.fields().toArray(String[]::new))
            .param("terms", terms(event).toArray(String[]::new))
            .param("count", event.count())
            .update();
    Database.requireOne(rows);
  }

  /**
   * Inserts all events with one SQL statement. The fields of each event are sent as one text with
   * line breaks, because an array parameter can't contain arrays of different lengths. The terms
   * are sent in the same way.
   */
  @Override
  public void recordAll(List<AuditEvent> events) {
    if (events.size() <= 1) {
      events.forEach(this::record);
      return;
    }
    int rows =
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
                  cast(:ids as uuid[]), cast(:ats as timestamptz[]), cast(:actor_ids as uuid[]),
                  :actors, cast(:token_ids as uuid[]), cast(:session_ids as uuid[]),
                  :presented_subjects, :addresses, :request_ids, :actions,
                  :target_types, cast(:target_ids as uuid[]), :target_refs,
                  cast(:target_owner_ids as uuid[]), :outcomes, :fields, :terms,
                  cast(:counts as bigint[]))
                  as n (
                    id, at, actor_id, actor, token_id, session_id, presented_subject, address,
                    request_id, action, target_type, target_id, target_ref, target_owner_id,
                    outcome, fields, terms, count)
                """
                    .replace("{at}", at.formatted("at")))
            .param("ids", column(events, AuditEvent::id))
            .param("ats", column(events, AuditEvent::at))
            .param("actor_ids", column(events, e -> e.actor().map(User.Id::value).orElse(null)))
            .param("actors", column(events, e -> e.actorHandle().orElse(null)))
            .param(
                "token_ids", column(events, e -> e.token().map(AccessToken.Id::value).orElse(null)))
            .param(
                "session_ids", column(events, e -> e.session().map(Session.Id::value).orElse(null)))
            .param("presented_subjects", column(events, e -> e.presentedSubject().orElse(null)))
            .param("addresses", column(events, AuditEvent::address))
            .param("request_ids", column(events, AuditEvent::requestId))
            .param("actions", column(events, e -> e.action().wireName()))
            .param("target_types", column(events, e -> e.target().type()))
            .param("target_ids", column(events, e -> e.target().id().orElse(null)))
            .param("target_refs", column(events, e -> e.target().ref()))
            .param(
                "target_owner_ids",
                column(events, e -> e.target().owner().map(User.Id::value).orElse(null)))
            .param("outcomes", column(events, e -> e.outcome().wireName()))
            .param("fields", column(events, e -> String.join("\n", e.fields())))
            .param("terms", column(events, e -> String.join("\n", terms(e))))
            .param("counts", column(events, AuditEvent::count))
            .update();
    if (rows != events.size()) {
      throw new IllegalStateException(rows + " of " + events.size() + " events recorded");
    }
  }

  /** Writes each term as three texts: the field's name, the old value and the new value. */
  private static List<String> terms(AuditEvent event) {
    return event.terms().stream()
        .flatMap(t -> Stream.of(t.field(), t.before().orElse(""), t.after().orElse("")))
        .toList();
  }

  private static @Nullable String[] column(
      List<AuditEvent> events, Function<AuditEvent, @Nullable Object> of) {
    return events.stream()
        .map(of)
        .map(value -> value == null ? null : value.toString())
        .toArray(String[]::new);
  }
}
