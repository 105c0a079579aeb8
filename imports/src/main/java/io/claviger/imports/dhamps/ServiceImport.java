package io.claviger.imports.dhamps;

import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.imports.dhamps.ImportContext.ExistingDefinition;
import io.claviger.imports.dhamps.ImportContext.ExistingService;
import io.claviger.imports.dhamps.OwnershipResolver.Candidate;
import io.claviger.imports.dhamps.OwnershipResolver.IncomingRow;
import io.claviger.imports.dhamps.port.ImportStore.NewService;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldSight;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Imports services, each with its key. */
final class ServiceImport {
  private static final int BATCH = 1_000;

  private final ImportContext context;
  private final Ids ids;
  private final KeyImport keys;
  private final FieldConverter fields;
  private final Set<OldSight> sights;

  ServiceImport(ImportContext context, Ids ids, KeyImport keys) {
    this.context = context;
    this.ids = ids;
    this.keys = keys;
    this.fields = new FieldConverter(context);
    this.sights = new HashSet<>(context.content.sights());
  }

  void run() {
    OwnershipResolver<OldService> resolved =
        new OwnershipResolver<OldService>(context, ImportedKind.SERVICE, false)
            .resolve(
                context.content.services().stream()
                    .map(
                        s ->
                            new Candidate<>(
                                s, s.owner(), s.handle(), s.name(), s.stamps().createdAt()))
                    .toList());
    inBatches(resolved.existing, keys::importLateKeys);
    resolved.existing.forEach(
        h ->
            context.services.putIfAbsent(
                h.row().id(),
                new ExistingService(
                    new Instance.Id(h.id()),
                    new Instance.Ref(h.owner().handle(), h.handle()),
                    h.owner().id())));
    inBatches(resolved.incoming, this::importAll);
  }

  private static <T> void inBatches(List<T> rows, java.util.function.Consumer<List<T>> each) {
    for (int from = 0; from < rows.size(); from += BATCH) {
      each.accept(rows.subList(from, Math.min(rows.size(), from + BATCH)));
    }
  }

  private void importAll(List<IncomingRow<OldService>> incoming) {
    List<NewService> made = new ArrayList<>();
    try (KeyImport.Found found = keys.of(incoming.stream().map(c -> c.row().id()).toList())) {
      for (IncomingRow<OldService> one : incoming) {
        Optional<DefinitionFields> f =
            fields.of(ImportedKind.SERVICE, one.name(), one.row().fields());
        if (f.isPresent()) {
          made.add(importAll(one, f.get(), found));
        }
      }
    }
    context.store.addServices(made);
  }

  private NewService importAll(
      IncomingRow<OldService> incoming, DefinitionFields f, KeyImport.Found found) {
    OldService old = incoming.row();
    Instance bare = instance(incoming, f);
    Optional<SealedValue> key = found.takeSealed(old, incoming.name(), bare);
    Instance instance = key.isPresent() ? withKeySetAt(bare, context.now) : bare;
    context.services.putIfAbsent(
        old.id(), new ExistingService(instance.id(), instance.ref(), instance.owner()));
    context.report.countImported(ImportedKind.SERVICE);
    context.journal.record(
        ImportedKind.SERVICE,
        incoming.name(),
        Optional.of(instance.id().value()),
        AuditAction.SERVICE_CREATE,
        AuditTargets.service(instance),
        List.of());
    if (key.isPresent()) {
      keys.recordImported(incoming.name(), AuditTargets.service(instance));
    }
    return new NewService(instance, key);
  }

  private Instance instance(IncomingRow<OldService> incoming, DefinitionFields f) {
    OldService old = incoming.row();
    Optional<ExistingDefinition> definition = definition(incoming);
    User.Id owner = incoming.owner().id();
    return new Instance(
        new Instance.Id(ids.next()),
        owner,
        new Instance.Ref(incoming.owner().handle(), incoming.handle()),
        new InstanceSettings(
            definition.map(d -> new Definition.Id(d.id())),
            f,
            KeyPolicy.DEFAULT,
            Limits.NONE,
            InstanceSettings.defaults(incoming.handle())),
        fields.destination(old.fields()).orElseThrow().placement(),
        definition.map(ExistingDefinition::ref),
        List.of(),
        Optional.empty(),
        Optional.of(owner),
        1,
        context.madeAt(old.stamps()),
        context.changedAt(old.stamps()));
  }

  /** The definition that a service was made from, if the service's owner may see it. */
  private Optional<ExistingDefinition> definition(IncomingRow<OldService> incoming) {
    Optional<Long> id = incoming.row().definition();
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<ExistingDefinition> existing = Optional.ofNullable(context.definitions.get(id.get()));
    if (existing.isEmpty()) {
      context.report.addRemark(
          ImportedKind.SERVICE,
          incoming.name(),
          ReportReason.DEFINITION_MISSING,
          "it was imported without the reference to its definition");
      return Optional.empty();
    }
    ExistingDefinition d = existing.get();
    boolean visible =
        d.owner().equals(User.Id.SYSTEM)
            || d.owner().equals(incoming.owner().id())
            || d.isPublic()
            || sights.contains(new OldSight(incoming.row().owner(), id.get()));
    if (!visible) {
      context.report.addRemark(
          ImportedKind.SERVICE,
          incoming.name(),
          ReportReason.DEFINITION_NOT_VISIBLE,
          "it was imported without the reference to its definition");
    }
    return existing.filter(any -> visible);
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
