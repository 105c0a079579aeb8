package io.claviger.application.definitions;

import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.DefinitionRef;
import java.util.List;
import java.util.OptionalLong;

final class DeleteDefinitionService implements DeleteDefinition {
  private final DefinitionStore definitions;
  private final AuditedChanges attempts;

  DeleteDefinitionService(DefinitionStore definitions, AuditedChanges attempts) {
    this.definitions = definitions;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, DefinitionRef ref, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_DELETE,
        AuditTargets.definition(ref),
        ledger -> {
          Definition definition =
              definitions
                  .lock(ref, actor.id())
                  .filter(seen -> seen.isVisibleTo(actor))
                  .map(DefinitionStore.Seen::definition)
                  .orElseThrow(RefusedException::notFound);
          ledger.setTarget(AuditTargets.definition(definition));
          if (!DefinitionPermissions.mayDelete(
              definition.owner(), actor.id(), actor.administrator())) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator deletes this definition.");
          }
          precondition.demand(OptionalLong.of(definition.version()));
          definitions.delete(definition.id());
          ledger.recordChange(
              AuditAction.DEFINITION_DELETE, AuditTargets.definition(definition), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }
}
