package io.claviger.console.audit;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import java.util.List;
import java.util.UUID;

/**
 * One event.
 *
 * @param actor empty when nobody is known
 * @param tone the class of the style sheet that colours the outcome
 * @param fields the changed fields, or the code of the refusal
 * @param credential the token or session that was used; empty for neither
 */
public record AuditLine(
    String id,
    String at,
    String actor,
    String action,
    String targetType,
    String target,
    String targetId,
    String outcome,
    String tone,
    String fields,
    String credential,
    String address,
    String requestId,
    int count) {
  static final List<String> COLUMNS =
      List.of(
          "id",
          "at",
          "actor",
          "action",
          "target_type",
          "target",
          "target_id",
          "outcome",
          "fields",
          "credential",
          "address",
          "request_id",
          "count");

  public static AuditLine of(AuditEvent event) {
    return new AuditLine(
        event.id().toString(),
        event.at().toString(),
        event.actorHandle().map(Handle::value).orElse(""),
        event.action().wireName(),
        event.target().type(),
        event.target().ref(),
        event.target().id().map(UUID::toString).orElse(""),
        event.outcome().wireName(),
        tone(event.outcome()),
        String.join(", ", event.fields()),
        credential(event),
        event.address(),
        event.requestId(),
        event.count());
  }

  /** The values of the exported columns. */
  List<String> values() {
    return List.of(
        id,
        at,
        actor,
        action,
        targetType,
        target,
        targetId,
        outcome,
        fields,
        credential,
        address,
        requestId,
        Integer.toString(count));
  }

  private static String credential(AuditEvent event) {
    return event
        .token()
        .map(token -> "token " + token.value())
        .or(() -> event.session().map(session -> "session " + session.value()))
        .orElse("");
  }

  private static String tone(AuditOutcome outcome) {
    return switch (outcome) {
      case DONE -> "muted";
      case REFUSED -> "warn";
      case FAILED -> "bad";
    };
  }
}
