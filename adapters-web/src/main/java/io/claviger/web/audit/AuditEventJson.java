package io.claviger.web.audit;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

public record AuditEventJson(
    UUID id,
    Instant at,
    Optional<String> actor,
    Optional<UUID> tokenId,
    Optional<UUID> sessionId,
    Optional<String> presentedSubject,
    String address,
    String requestId,
    String action,
    AuditTargetJson target,
    String outcome,
    List<String> fields,
    Optional<String> grantee,
    List<TermJson> terms,
    int count,
    Optional<Long> number,
    Optional<String> hash,
    Optional<String> previousHash) {

  public record TermJson(String field, Optional<String> before, Optional<String> after) {}

  public record AuditTargetJson(String type, Optional<UUID> id, String ref) {}

  public static AuditEventJson of(AuditEvent event) {
    AuditTarget target = event.target();
    return new AuditEventJson(
        event.id(),
        event.at(),
        event.actorHandle().map(Handle::value),
        event.token().map(AccessToken.Id::value),
        event.session().map(Session.Id::value),
        event.presentedSubject(),
        event.address(),
        event.requestId(),
        event.action().wireName(),
        new AuditTargetJson(target.type(), target.id(), target.ref()),
        event.outcome().wireName(),
        event.fields(),
        event.grantee(),
        event.terms().stream().map(t -> new TermJson(t.field(), t.before(), t.after())).toList(),
        event.count(),
        event.link().map(ChainLink::number),
        event.link().map(ChainLink::hash),
        event.link().map(ChainLink::previousHash));
  }
}
