package io.claviger.dhampsimport;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.dhampsimport.ImportContext.DefinitionHere;
import io.claviger.dhampsimport.OwnershipResolver.Candidate;
import io.claviger.dhampsimport.OwnershipResolver.Coming;
import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.dhampsimport.rules.SourceContent.OldDefinition;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionRef;
import java.util.List;
import java.util.Optional;

/** Imports definitions. A definition of {@code _system} that already exists is kept unchanged. */
final class DefinitionImport {
  private final ImportContext move;
  private final Ids ids;
  private final FieldConverter fields;
  private final RowBatch<Definition> batch;

  DefinitionImport(ImportContext move, Ids ids) {
    this.move = move;
    this.ids = ids;
    this.fields = new FieldConverter(move);
    this.batch = new RowBatch<>(move.arrivals::addDefinitions);
  }

  void move() {
    OwnershipResolver<OldDefinition> settled =
        new OwnershipResolver<OldDefinition>(move, ImportedKind.DEFINITION, true)
            .settle(
                move.content.definitions().stream()
                    .map(
                        d ->
                            new Candidate<>(
                                d, d.owner(), d.handle(), d.name(), d.stamps().createdAt()))
                    .toList());
    settled.here.forEach(
        h ->
            move.definitions.putIfAbsent(
                h.row().id(),
                // This program may have changed whether it is public. It is treated as private, so
                // only its owner's services refer to it.
                new DefinitionHere(
                    h.id(),
                    new DefinitionRef(h.owner().handle(), h.handle()),
                    h.owner().id(),
                    false)));
    for (Coming<OldDefinition> coming : settled.coming) {
      fields
          .of(ImportedKind.DEFINITION, coming.name(), coming.row().fields())
          .ifPresent(f -> importOne(coming, f));
    }
    batch.flush();
  }

  private void importOne(Coming<OldDefinition> coming, DefinitionFields f) {
    OldDefinition old = coming.row();
    Definition definition =
        new Definition(
            new DefinitionId(ids.next()),
            coming.owner().id(),
            new DefinitionRef(coming.owner().handle(), coming.handle()),
            f,
            old.isPublic() && !coming.owner().isSystem(),
            1,
            move.madeAt(old.stamps()),
            move.changedAt(old.stamps()));
    batch.add(definition);
    move.definitions.putIfAbsent(
        old.id(),
        new DefinitionHere(
            definition.id().value(), definition.ref(), definition.owner(), definition.isPublic()));
    move.tally.countImported(ImportedKind.DEFINITION);
    move.journal.record(
        ImportedKind.DEFINITION,
        coming.name(),
        Optional.of(definition.id().value()),
        AuditAction.DEFINITION_CREATE,
        AuditTargets.definition(definition),
        List.of());
  }
}
