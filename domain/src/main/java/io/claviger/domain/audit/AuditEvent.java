package io.claviger.domain.audit;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One line of the audit trail.
 *
 * @param actor empty for what nobody is known to have done, such as a rejected token, and for what
 *     was done on the command line
 * @param address whence, or {@link #COMMAND_LINE}
 * @param fields the names of the fields changed, or the code of the refusal; never a value
 * @param count how many attempts it stands for: 1, unless they were summed up
 */
public record AuditEvent(
    UUID id,
    Instant at,
    Optional<UserId> actor,
    Optional<Handle> actorHandle,
    Optional<TokenId> token,
    String address,
    String requestId,
    AuditAction action,
    AuditTarget target,
    AuditOutcome outcome,
    List<String> fields,
    int count) {
  /** Stands where an address stands else. */
  public static final String COMMAND_LINE = "command-line";

  public AuditEvent {
    fields = List.copyOf(fields);
    if (count < 1) {
      throw new IllegalArgumentException("an event stands for one attempt or more");
    }
  }

  /** Of one attempt. */
  public AuditEvent(
      UUID id,
      Instant at,
      Optional<UserId> actor,
      Optional<Handle> actorHandle,
      Optional<TokenId> token,
      String address,
      String requestId,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields) {
    this(id, at, actor, actorHandle, token, address, requestId, action, target, outcome, fields, 1);
  }
}
