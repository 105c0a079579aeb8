package io.claviger.application.definitions;

import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Targets;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.DefinitionRef;
import java.util.List;
import java.util.OptionalLong;

final class DeleteDefinitionService implements DeleteDefinition {
  private final Definitions definitions;
  private final Attempts attempts;

  DeleteDefinitionService(Definitions definitions, Attempts attempts) {
    this.definitions = definitions;
    this.attempts = attempts;
  }

  @Override
  public Outcome delete(Actor actor, DefinitionRef ref, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_DELETE,
        Targets.definition(ref),
        ledger -> {
          Definition definition =
              definitions
                  .lock(ref, actor.id())
                  .filter(seen -> seen.isVisibleTo(actor))
                  .map(Definitions.Seen::definition)
                  .orElseThrow(RefusedException::notFound);
          ledger.about(Targets.definition(definition));
          if (!DefinitionPermissions.mayDelete(
              definition.owner(), actor.id(), actor.administrator())) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator deletes this definition.");
          }
          precondition.demand(OptionalLong.of(definition.version()));
          definitions.delete(definition.id());
          ledger.changed(AuditAction.DEFINITION_DELETE, Targets.definition(definition), List.of());
          return new Outcome.Deleted();
        },
        Outcome.Refused::new);
  }
}
