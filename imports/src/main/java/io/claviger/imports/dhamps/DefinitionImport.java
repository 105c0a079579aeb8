package io.claviger.imports.dhamps;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.imports.dhamps.ImportContext.ExistingDefinition;
import io.claviger.imports.dhamps.OwnershipResolver.Candidate;
import io.claviger.imports.dhamps.OwnershipResolver.IncomingRow;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.RowBatch;
import java.util.List;
import java.util.Optional;

/** Imports definitions. A definition of {@code _system} that already exists is kept unchanged. */
final class DefinitionImport {
  private final ImportContext context;
  private final Ids ids;
  private final FieldConverter fields;
  private final RowBatch<Definition> batch;

  DefinitionImport(ImportContext context, Ids ids) {
    this.context = context;
    this.ids = ids;
    this.fields = new FieldConverter(context);
    this.batch = new RowBatch<>(context.store::addDefinitions);
  }

  void run() {
    OwnershipResolver<OldDefinition> resolved =
        new OwnershipResolver<OldDefinition>(context, ImportedKind.DEFINITION, true)
            .resolve(
                context.content.definitions().stream()
                    .map(
                        d ->
                            new Candidate<>(
                                d, d.owner(), d.handle(), d.name(), d.stamps().createdAt()))
                    .toList());
    resolved.existing.forEach(
        h ->
            context.definitions.putIfAbsent(
                h.row().id(),
                // This program may have changed whether it is public. It is treated as private, so
                // only its owner's services refer to it.
                new ExistingDefinition(
                    h.id(),
                    new Definition.Ref(h.owner().handle(), h.handle()),
                    h.owner().id(),
                    false)));
    for (IncomingRow<OldDefinition> incoming : resolved.incoming) {
      fields
          .of(ImportedKind.DEFINITION, incoming.name(), incoming.row().fields())
          .ifPresent(f -> importOne(incoming, f));
    }
    batch.flush();
  }

  private void importOne(IncomingRow<OldDefinition> incoming, DefinitionFields f) {
    OldDefinition old = incoming.row();
    Definition definition =
        new Definition(
            new Definition.Id(ids.next()),
            incoming.owner().id(),
            new Definition.Ref(incoming.owner().handle(), incoming.handle()),
            f,
            old.isPublic() && !incoming.owner().isSystem(),
            1,
            context.madeAt(old.stamps()),
            context.changedAt(old.stamps()),
            Optional.empty());
    batch.add(definition);
    context.definitions.putIfAbsent(
        old.id(),
        new ExistingDefinition(
            definition.id().value(), definition.ref(), definition.owner(), definition.isPublic()));
    context.report.countImported(ImportedKind.DEFINITION);
    context.journal.record(
        ImportedKind.DEFINITION,
        incoming.name(),
        Optional.of(definition.id().value()),
        AuditAction.DEFINITION_CREATE,
        AuditTargets.definition(definition),
        List.of());
  }
}
