package io.claviger.application.moving;

import io.claviger.application.moving.Move.DefinitionHere;
import io.claviger.application.moving.Settling.Candidate;
import io.claviger.application.moving.Settling.Coming;
import io.claviger.application.shared.Targets;
import io.claviger.application.shared.out.Ids;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.moving.Kind;
import io.claviger.domain.moving.OldContent.OldDefinition;
import java.util.List;
import java.util.Optional;

/** Brings definitions. Those of {@code _system} that are here already stay. */
final class MovingDefinitions {
  private final Move move;
  private final Ids ids;
  private final FieldsHere fields;
  private final Batch<Definition> batch;

  MovingDefinitions(Move move, Ids ids) {
    this.move = move;
    this.ids = ids;
    this.fields = new FieldsHere(move);
    this.batch = new Batch<>(move.arrivals::addDefinitions);
  }

  void move() {
    Settling<OldDefinition> settled =
        new Settling<OldDefinition>(move, Kind.DEFINITION, true)
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
                // Whether it is public may have changed here: only its owner's services refer to
                // it.
                new DefinitionHere(
                    h.id(),
                    new DefinitionRef(h.owner().handle(), h.handle()),
                    h.owner().id(),
                    false)));
    for (Coming<OldDefinition> coming : settled.coming) {
      fields
          .of(Kind.DEFINITION, coming.name(), coming.row().fields())
          .ifPresent(f -> come(coming, f));
    }
    batch.flush();
  }

  private void come(Coming<OldDefinition> coming, DefinitionFields f) {
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
    move.tally.moved(Kind.DEFINITION);
    move.journal.came(
        Kind.DEFINITION,
        coming.name(),
        Optional.of(definition.id().value()),
        AuditAction.DEFINITION_CREATE,
        Targets.definition(definition),
        List.of());
  }
}
