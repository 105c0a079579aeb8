package io.claviger.domain.audit;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One line of the audit trail.
 *
 * @param actor who did it; empty when nobody is known, such as for a rejected token, and for
 *     commands of the operator
 * @param session the session that the actor used, if any
 * @param presentedSubject the subject of the JWT for which the token was exchanged, if it was
 * @param address the caller's address, {@link #COMMAND_LINE} or {@link #UPKEEP}
 * @param fields the names of the changed fields, or the code of the refusal; never a value
 * @param count how many attempts this event summarizes
 */
public record AuditEvent(
    UUID id,
    Instant at,
    Optional<User.Id> actor,
    Optional<Handle> actorHandle,
    Optional<AccessToken.Id> token,
    Optional<Session.Id> session,
    Optional<String> presentedSubject,
    String address,
    String requestId,
    AuditAction action,
    AuditTarget target,
    AuditOutcome outcome,
    List<String> fields,
    int count) {
  /** The {@code address} of events that the command line caused. */
  public static final String COMMAND_LINE = "command-line";

  /** The {@code address} of events that a periodic task of a node caused. */
  public static final String UPKEEP = "upkeep";

  public AuditEvent {
    fields = List.copyOf(fields);
    if (count < 1) {
      throw new IllegalArgumentException("an event stands for one attempt or more");
    }
  }

  /** Creates the event of a single attempt that an operator or a node made, and no user. */
  public static AuditEvent withoutActor(
      UUID id,
      Instant at,
      String address,
      String requestId,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields) {
    return new AuditEvent(
        id,
        at,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        address,
        requestId,
        action,
        target,
        outcome,
        fields,
        1);
  }
}
