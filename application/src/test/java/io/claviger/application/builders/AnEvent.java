package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Builds an audit event. Unless said otherwise, an unknown user has updated an unknown service. */
public final class AnEvent {
  private final AuditAction action;
  private Optional<User> actor = Optional.empty();
  private Instant at = Seeds.SEEDED_AT;
  private UUID id = TestIds.next();
  private Optional<UUID> targetId = Optional.empty();
  private String ref = "alice/x";
  private Optional<User.Id> owner = Optional.empty();
  private Optional<AuditTarget> target = Optional.empty();
  private List<String> fields = List.of();
  private List<AuditEvent.Term> terms = List.of();
  private AuditOutcome outcome = AuditOutcome.DONE;

  private AnEvent(AuditAction action) {
    this.action = action;
  }

  public static AnEvent of(AuditAction action) {
    return new AnEvent(action);
  }

  public AnEvent by(User user) {
    actor = Optional.of(user);
    return this;
  }

  public AnEvent at(Instant time) {
    at = time;
    return this;
  }

  public AnEvent id(UUID value) {
    id = value;
    return this;
  }

  public AnEvent about(String name) {
    ref = name;
    return this;
  }

  public AnEvent about(UUID thing) {
    targetId = Optional.of(thing);
    return this;
  }

  public AnEvent about(User user) {
    target = Optional.of(AuditTargets.user(user.id(), user.handle()));
    return this;
  }

  public AnEvent ownedBy(User user) {
    owner = Optional.of(user.id());
    return this;
  }

  public AnEvent refused() {
    return ended(AuditOutcome.REFUSED);
  }

  public AnEvent ended(AuditOutcome how) {
    outcome = how;
    return this;
  }

  public AnEvent changing(List<String> names) {
    fields = names;
    return this;
  }

  /** Lets the event have a term with this value, which may be longer than those of new events. */
  public AnEvent showing(String value) {
    terms = List.of(new AuditEvent.Term("limits/models", Optional.empty(), Optional.of(value)));
    return this;
  }

  public AuditEvent build() {
    return new AuditEvent(
        id,
        at,
        new AuditEvent.Source(
            actor.map(User::id),
            actor.map(User::handle),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "192.0.2.1",
            "r"),
        action,
        target.orElseGet(() -> new AuditTarget("service", targetId, ref, owner)),
        outcome,
        fields,
        terms,
        1,
        Optional.empty());
  }
}
