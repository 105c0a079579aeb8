package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A definition to import. If {@code _system} already has a definition with this handle in Claviger,
 * that definition is used unchanged.
 *
 * @param id the definition's id and name in the source
 * @param isPublic whether everybody can see the definition; ignored for definitions of {@code
 *     _system}, which everybody can see
 * @param createdAt when the definition was created in the source; empty if unknown
 */
public record IncomingDefinition(
    TargetStores stores,
    String id,
    IncomingOwner owner,
    Handle handle,
    DefinitionFields fields,
    boolean isPublic,
    Optional<Instant> createdAt)
    implements Incoming.Owned {
  @Override
  public ImportedKind kind() {
    return ImportedKind.DEFINITION;
  }

  @Override
  public Made make(Arrivals arrivals, IncomingOwner.Here owning) {
    Optional<UUID> taken = stores.owned(kind(), owning, handle);
    if (taken.isPresent()) {
      return owning.isSystem()
          ? new Made.Existing(taken.get())
          : new Made.LeftOut(ReportReason.HANDLE_TAKEN, "");
    }
    if (stores.standards.hold(fields.apiStandard()).isEmpty()) {
      return new Made.LeftOut(ReportReason.STANDARD_MISSING, fields.apiStandard().value());
    }
    Definition definition =
        new Definition(
            new Definition.Id(arrivals.nextId()),
            owning.id(),
            new Definition.Ref(owning.handle(), handle),
            fields,
            isPublic && !owning.isSystem(),
            1,
            createdAt.orElse(arrivals.now()),
            arrivals.now(),
            Optional.empty());
    stores.definitions.insert(definition);
    return new Made.New(
        definition.id().value(),
        Optional.empty(),
        AuditAction.DEFINITION_CREATE,
        AuditTargets.definition(definition),
        List.of());
  }
}
