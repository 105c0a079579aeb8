package io.claviger.dhampsimport;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.dhampsimport.ImportContext.DefinitionHere;
import io.claviger.dhampsimport.ImportContext.ServiceHere;
import io.claviger.dhampsimport.OwnershipResolver.Candidate;
import io.claviger.dhampsimport.OwnershipResolver.Coming;
import io.claviger.dhampsimport.port.ImportStore.NewService;
import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.dhampsimport.rules.ReportReason;
import io.claviger.dhampsimport.rules.SourceContent.OldService;
import io.claviger.dhampsimport.rules.SourceContent.OldSight;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.instances.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Imports services, each with its key. */
final class ServiceImport {
  private static final int BATCH = 1_000;

  private final ImportContext move;
  private final Ids ids;
  private final KeyImport keys;
  private final FieldConverter fields;
  private final Set<OldSight> sights;

  ServiceImport(ImportContext move, Ids ids, KeyImport keys) {
    this.move = move;
    this.ids = ids;
    this.keys = keys;
    this.fields = new FieldConverter(move);
    this.sights = new HashSet<>(move.content.sights());
  }

  void move() {
    OwnershipResolver<OldService> settled =
        new OwnershipResolver<OldService>(move, ImportedKind.SERVICE, false)
            .settle(
                move.content.services().stream()
                    .map(
                        s ->
                            new Candidate<>(
                                s, s.owner(), s.handle(), s.name(), s.stamps().createdAt()))
                    .toList());
    inBatches(settled.here, keys::importLateKeys);
    settled.here.forEach(
        h ->
            move.services.putIfAbsent(
                h.row().id(),
                new ServiceHere(
                    new InstanceId(h.id()),
                    new InstanceRef(h.owner().handle(), h.handle()),
                    h.owner().id())));
    inBatches(settled.coming, this::importAll);
  }

  private static <T> void inBatches(List<T> rows, java.util.function.Consumer<List<T>> each) {
    for (int from = 0; from < rows.size(); from += BATCH) {
      each.accept(rows.subList(from, Math.min(rows.size(), from + BATCH)));
    }
  }

  private void importAll(List<Coming<OldService>> coming) {
    List<NewService> made = new ArrayList<>();
    try (KeyImport.Found found = keys.of(coming.stream().map(c -> c.row().id()).toList())) {
      for (Coming<OldService> one : coming) {
        Optional<DefinitionFields> f =
            fields.of(ImportedKind.SERVICE, one.name(), one.row().fields());
        if (f.isPresent()) {
          made.add(importAll(one, f.get(), found));
        }
      }
    }
    move.arrivals.addServices(made);
  }

  private NewService importAll(Coming<OldService> coming, DefinitionFields f, KeyImport.Found found) {
    OldService old = coming.row();
    Instance bare = instance(coming, f);
    Optional<SealedValue> key = found.takeSealed(old, coming.name(), bare);
    Instance instance = key.isPresent() ? withKeySetAt(bare, move.now) : bare;
    move.services.putIfAbsent(
        old.id(), new ServiceHere(instance.id(), instance.ref(), instance.owner()));
    move.tally.countImported(ImportedKind.SERVICE);
    move.journal.record(
        ImportedKind.SERVICE,
        coming.name(),
        Optional.of(instance.id().value()),
        AuditAction.SERVICE_CREATE,
        AuditTargets.service(instance),
        List.of());
    if (key.isPresent()) {
      keys.recordImported(coming.name(), AuditTargets.service(instance));
    }
    return new NewService(instance, key);
  }

  private Instance instance(Coming<OldService> coming, DefinitionFields f) {
    OldService old = coming.row();
    Optional<DefinitionHere> definition = definition(coming);
    UserId owner = coming.owner().id();
    return new Instance(
        new InstanceId(ids.next()),
        owner,
        new InstanceRef(coming.owner().handle(), coming.handle()),
        new InstanceSettings(
            definition.map(d -> new DefinitionId(d.id())),
            f,
            KeyPolicy.DEFAULT,
            Limits.NONE,
            FieldValues.defaults(coming.handle())),
        fields.destination(old.fields()).orElseThrow().placement(),
        definition.map(DefinitionHere::ref),
        List.of(),
        Optional.empty(),
        Optional.of(owner),
        1,
        move.madeAt(old.stamps()),
        move.changedAt(old.stamps()));
  }

  /** The definition that a service was made from, if the service's owner may see it. */
  private Optional<DefinitionHere> definition(Coming<OldService> coming) {
    Optional<Long> id = coming.row().definition();
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<DefinitionHere> here = Optional.ofNullable(move.definitions.get(id.get()));
    if (here.isEmpty()) {
      move.tally.addRemark(
          ImportedKind.SERVICE,
          coming.name(),
          ReportReason.DEFINITION_MISSING,
          "it was imported without the reference to its definition");
      return Optional.empty();
    }
    DefinitionHere d = here.get();
    boolean visible =
        d.owner().equals(UserId.SYSTEM)
            || d.owner().equals(coming.owner().id())
            || d.isPublic()
            || sights.contains(new OldSight(coming.row().owner(), id.get()));
    if (!visible) {
      move.tally.addRemark(
          ImportedKind.SERVICE,
          coming.name(),
          ReportReason.DEFINITION_NOT_VISIBLE,
          "it was imported without the reference to its definition");
    }
    return here.filter(any -> visible);
  }

  private static Instance withKeySetAt(Instance bare, Instant at) {
    return new Instance(
        bare.id(),
        bare.owner(),
        bare.ref(),
        bare.settings(),
        bare.placement(),
        bare.definitionRef(),
        bare.customHeaderNames(),
        Optional.of(at),
        bare.endpointSetBy(),
        bare.version(),
        bare.createdAt(),
        bare.updatedAt());
  }
}
