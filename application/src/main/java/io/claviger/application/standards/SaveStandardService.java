package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.standards.ApiStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class SaveStandardService implements SaveStandard {
  private final ApiStandardStore standards;
  private final AuditedChanges attempts;

  SaveStandardService(ApiStandardStore standards, AuditedChanges attempts) {
    this.standards = standards;
    this.attempts = attempts;
  }

  @Override
  public Outcome save(Actor actor, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.STANDARD_UPDATE,
        AuditTargets.standard(command.handle()),
        ledger -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators write API standards.");
          }
          return saved(precondition, command, ledger);
        },
        Outcome.Refused::new);
  }

  private Outcome saved(Precondition precondition, Command command, ChangeLog ledger) {
    Instant now = attempts.now();
    Optional<ApiStandard> before = standards.lock(command.handle());
    if (before.isEmpty()) {
      ledger.recordAttemptAs(AuditAction.STANDARD_CREATE);
    }
    precondition.demand(before.map(s -> OptionalLong.of(s.version())).orElse(OptionalLong.empty()));
    if (before.isEmpty()) {
      ApiStandard created = standard(command, 1, now, now);
      standards.insert(created);
      ledger.recordChange(
          AuditAction.STANDARD_CREATE, AuditTargets.standard(command.handle()), List.of());
      return new Outcome.Saved(created, true);
    }
    ApiStandard after =
        standard(command, before.get().version() + 1, before.get().createdAt(), now);
    List<String> changed = differences(before.get(), after);
    if (changed.isEmpty()) {
      return new Outcome.Saved(before.get(), false);
    }
    if (!after.speaksLike(before.get()) && standards.isInUse(command.handle())) {
      throw new RefusedException(
          new Refusal.Conflict(
              "in_use",
              "Services or definitions use this standard: only its description can change."));
    }
    standards.update(after);
    ledger.recordChange(
        AuditAction.STANDARD_UPDATE, AuditTargets.standard(command.handle()), changed);
    return new Outcome.Saved(after, false);
  }

  private static List<String> differences(ApiStandard before, ApiStandard after) {
    return new FieldDifferences()
        .of("description", before.description(), after.description())
        .of("format", before.format(), after.format())
        .of("key_method", before.placement().method(), after.placement().method())
        .of("key_field", before.placement().field(), after.placement().field())
        .of("operations", before.operations(), after.operations())
        .of("request_headers", before.requestHeaders(), after.requestHeaders())
        .of("response_headers", before.responseHeaders(), after.responseHeaders())
        .of("query_parameters", before.queryParameters(), after.queryParameters())
        .names();
  }

  private static ApiStandard standard(
      Command command, long version, Instant createdAt, Instant updatedAt) {
    return new ApiStandard(
        command.handle(),
        command.description(),
        command.format(),
        command.placement(),
        command.operations(),
        command.requestHeaders(),
        command.responseHeaders(),
        command.queryParameters(),
        version,
        createdAt,
        updatedAt);
  }
}
