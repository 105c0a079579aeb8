package io.claviger.application.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.standards.ApiStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class StandardUseCases implements Standards {
  private final ApiStandardStore standards;
  private final AuditedChanges changes;

  StandardUseCases(ApiStandardStore standards, AuditedChanges changes) {
    this.standards = standards;
    this.changes = changes;
  }

  @Override
  public Outcome<ApiStandard> find(Actor actor, Handle handle) {
    return standards
        .find(handle)
        .map(Outcome::done)
        .orElseGet(() -> Outcome.refused(new Refusal.NotFound()));
  }

  @Override
  public Page<ApiStandard, Handle> list(Actor actor, PageRequest<Handle> page) {
    return Page.of(
        standards.list(page.after(), page.limit() + 1), page.limit(), ApiStandard::handle);
  }

  @Override
  public Outcome<SavedStandard> save(
      Actor actor, Precondition precondition, StandardContent content) {
    return changes.change(
        actor,
        AuditAction.STANDARD_UPDATE,
        AuditTargets.standard(content.handle()),
        log -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators write API standards.");
          }
          return save(precondition, content, log);
        });
  }

  private SavedStandard save(Precondition precondition, StandardContent content, ChangeLog log) {
    Instant now = changes.now();
    Optional<ApiStandard> before = standards.lock(content.handle());
    if (before.isEmpty()) {
      log.recordAttemptAs(AuditAction.STANDARD_CREATE);
    }
    precondition.demand(before, ApiStandard::version);
    if (before.isEmpty()) {
      ApiStandard created = standard(content, 1, now, now);
      standards.insert(created);
      log.recordChange(
          AuditAction.STANDARD_CREATE, AuditTargets.standard(content.handle()), List.of());
      return new SavedStandard(created, true);
    }
    ApiStandard after =
        standard(content, before.get().version() + 1, before.get().createdAt(), now);
    List<String> changed = differences(before.get(), after);
    if (changed.isEmpty()) {
      return new SavedStandard(before.get(), false);
    }
    if (!after.speaksLike(before.get()) && standards.isInUse(content.handle())) {
      throw RefusedException.conflict(
          "in_use",
          "Services or definitions use this standard, so only its description can change.");
    }
    standards.update(after);
    log.recordChange(AuditAction.STANDARD_UPDATE, AuditTargets.standard(content.handle()), changed);
    return new SavedStandard(after, false);
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
      StandardContent content, long version, Instant createdAt, Instant updatedAt) {
    return new ApiStandard(
        content.handle(),
        content.description(),
        content.format(),
        content.placement(),
        content.operations(),
        content.requestHeaders(),
        content.responseHeaders(),
        content.queryParameters(),
        version,
        createdAt,
        updatedAt);
  }

  @Override
  public Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.STANDARD_DELETE,
        AuditTargets.standard(handle),
        log -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators delete API standards.");
          }
          ApiStandard standard = standards.lock(handle).orElseThrow(RefusedException::notFound);
          precondition.demand(standard.version());
          delete(handle);
          log.recordChange(AuditAction.STANDARD_DELETE, AuditTargets.standard(handle), List.of());
          return handle;
        });
  }

  private void delete(Handle handle) {
    try {
      standards.delete(handle);
    } catch (StillReferenced e) {
      throw RefusedException.conflict("in_use", "Services or definitions use this standard.");
    }
  }
}
