package io.claviger.persistence.audit;

import io.claviger.application.shared.out.AuditTrail;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link AuditTrail} in table {@code audit_events}. */
final class JdbcAuditTrail implements AuditTrail {
  private final JdbcClient jdbc;

  JdbcAuditTrail(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void record(AuditEvent event) {
    AuditTarget target = event.target();
    int rows =
        jdbc.sql(
                """
                insert into audit_events (
                  id, at, actor_id, actor, token_id, address, request_id, action, target_type,
                  target_id, target_ref, target_owner_id, outcome, fields, count)
                values (
                  :id, :at, :actor_id, :actor, :token_id, :address, :request_id, :action,
                  :target_type, :target_id, :target_ref, :target_owner_id, :outcome, :fields,
                  :count)
                """)
            .param("id", event.id())
            .param("at", Parameters.at(event.at()))
            .param("actor_id", Parameters.orNull(event.actor(), UserId::value))
            .param("actor", Parameters.orNull(event.actorHandle(), Handle::value))
            .param("token_id", Parameters.orNull(event.token(), TokenId::value))
            .param("address", event.address())
            .param("request_id", event.requestId())
            .param("action", event.action().wireName())
            .param("target_type", target.type())
            .param("target_id", target.id().orElse(null))
            .param("target_ref", target.ref())
            .param("target_owner_id", Parameters.orNull(target.owner(), UserId::value))
            .param("outcome", event.outcome().wireName())
            .param("fields", event.fields().toArray(String[]::new))
            .param("count", event.count())
            .update();
    Database.requireOne(rows);
  }
}
