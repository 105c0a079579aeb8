package io.claviger.imports.dhamps;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.sharing.Role;
import io.claviger.imports.dhamps.ImportContext.ExistingDefinition;
import io.claviger.imports.dhamps.ImportContext.ExistingService;
import io.claviger.imports.dhamps.ImportContext.Person;
import io.claviger.imports.dhamps.port.ImportStore.NewShare;
import io.claviger.imports.dhamps.rules.RoleMapping;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldShare;
import io.claviger.imports.dhamps.rules.SourceContent.OldSight;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.RowBatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Imports shares of services and of definitions. */
final class ShareImport {
  private record Pair(String user, long service) {}

  private final ImportContext context;
  private final ShareWriter shares;

  ShareImport(ImportContext context) {
    this.context = context;
    this.shares = new ShareWriter(context);
  }

  void run() {
    importServiceShares();
    importDefinitionShares();
  }

  private void importServiceShares() {
    Map<Long, OldService> byId = new HashMap<>();
    context.content.services().forEach(s -> byId.putIfAbsent(s.id(), s));
    Map<Pair, String> older = new HashMap<>();
    Map<Pair, String> newer = new HashMap<>();
    Map<Pair, Boolean> pairs = new LinkedHashMap<>();
    for (OldShare share : context.content.shares()) {
      Pair pair = new Pair(share.user(), share.service());
      pairs.put(pair, true);
      (share.older() ? older : newer).putIfAbsent(pair, share.role());
    }
    Map<UUID, Set<User.Id>> recorded =
        context.store.sharedWith(
            ImportedKind.SHARE,
            context.services.values().stream()
                .map(s -> s.id().value())
                .collect(Collectors.toSet()));
    for (Pair pair : pairs.keySet()) {
      Optional<OldService> old = Optional.ofNullable(byId.get(pair.service()));
      boolean owns = old.map(OldService::owner).equals(Optional.of(pair.user()));
      String name = old.map(OldService::name).orElse("?") + " " + pair.user();
      RoleMapping.MappedRole verdict =
          RoleMapping.decide(
              Optional.ofNullable(older.get(pair)), Optional.ofNullable(newer.get(pair)), owns);
      if (verdict instanceof RoleMapping.MappedRole.MeansNothing) {
        continue;
      }
      context.report.countFound(ImportedKind.SHARE);
      Optional<Person> user = shares.grantee(ImportedKind.SHARE, name, pair.user());
      Optional<ExistingService> service = Optional.ofNullable(context.services.get(pair.service()));
      if (user.isEmpty()) {
        continue;
      }
      if (service.isEmpty()) {
        context.report.addLeftOut(
            ImportedKind.SHARE,
            name,
            ReportReason.SERVICE_MISSING,
            "the service does not exist here");
        continue;
      }
      switch (verdict) {
        case RoleMapping.MappedRole.MeansNothing nothing -> {}
        case RoleMapping.MappedRole.LeftOut out ->
            context.report.addLeftOut(ImportedKind.SHARE, name, out.reason());
        case RoleMapping.MappedRole.Gives gives -> {
          ExistingService s = service.get();
          Set<User.Id> there = recorded.getOrDefault(s.id().value(), Set.of());
          boolean gave =
              shares.give(
                  ImportedKind.SHARE,
                  name,
                  share(
                      s.id().value(),
                      s.ref().owner(),
                      s.ref().handle(),
                      user.get(),
                      gives.role(),
                      s.owner()),
                  there,
                  AuditAction.SERVICE_SHARE,
                  "service");
          if (gave || there.contains(user.get().id())) {
            context.mayUse(s.id(), user.get().id());
          }
        }
      }
    }
    shares.flush(ImportedKind.SHARE);
  }

  private void importDefinitionShares() {
    Map<Long, OldDefinition> byId = new HashMap<>();
    context.content.definitions().forEach(d -> byId.putIfAbsent(d.id(), d));
    Map<UUID, Set<User.Id>> recorded =
        context.store.sharedWith(
            ImportedKind.DEFINITION_SHARE,
            context.definitions.values().stream()
                .map(ExistingDefinition::id)
                .collect(Collectors.toSet()));
    for (OldSight sight : new HashSet<>(context.content.sights())) {
      Optional<OldDefinition> old = Optional.ofNullable(byId.get(sight.definition()));
      boolean owns = old.map(OldDefinition::owner).equals(Optional.of(sight.user()));
      boolean everybodys = old.map(OldDefinition::owner).equals(Optional.of("_system"));
      if (owns || everybodys) {
        continue;
      }
      String name = old.map(OldDefinition::name).orElse("?") + " " + sight.user();
      context.report.countFound(ImportedKind.DEFINITION_SHARE);
      Optional<Person> user = shares.grantee(ImportedKind.DEFINITION_SHARE, name, sight.user());
      Optional<ExistingDefinition> existing =
          Optional.ofNullable(context.definitions.get(sight.definition()));
      if (user.isEmpty()) {
        continue;
      }
      if (existing.isEmpty()) {
        context.report.addLeftOut(
            ImportedKind.DEFINITION_SHARE,
            name,
            ReportReason.DEFINITION_MISSING,
            "the definition does not exist here");
        continue;
      }
      ExistingDefinition d = existing.get();
      boolean unused =
          shares.give(
              ImportedKind.DEFINITION_SHARE,
              name,
              share(d.id(), d.ref().owner(), d.ref().handle(), user.get(), Role.READER, d.owner()),
              recorded.getOrDefault(d.id(), Set.of()),
              AuditAction.DEFINITION_SHARE,
              "definition");
    }
    shares.flush(ImportedKind.DEFINITION_SHARE);
  }

  private NewShare share(
      UUID thing, Handle owner, Handle handle, Person grantee, Role role, User.Id giver) {
    return new NewShare(
        thing, owner, handle, grantee.id(), grantee.handle(), role, giver, context.now);
  }

  /** The part that all kinds of shares have in common. */
  static final class ShareWriter {
    private final ImportContext context;
    private final Map<ImportedKind, RowBatch<NewShare>> batches = new HashMap<>();

    ShareWriter(ImportContext context) {
      this.context = context;
    }

    /**
     * The user that something is shared with. Empty when they do not exist here; that is then in
     * the report.
     */
    Optional<Person> grantee(ImportedKind kind, String name, String handle) {
      Optional<Person> person = context.person(handle);
      if (person.isEmpty()) {
        context.report.addLeftOut(
            kind, name, ReportReason.USER_MISSING, "the user does not exist here");
      } else if (person.get().isSystem()) {
        context.report.addLeftOut(kind, name, ReportReason.BELONGS_TO_SYSTEM);
        return Optional.empty();
      }
      return person;
    }

    /** Adds a share. Returns false if an earlier run imported it or if it exists already. */
    boolean give(
        ImportedKind kind,
        String name,
        NewShare share,
        Set<User.Id> recorded,
        AuditAction action,
        String type) {
      if (context.known(kind, name).isPresent() || recorded.contains(share.grantee())) {
        context.report.countExisting(kind);
        return false;
      }
      batches.computeIfAbsent(kind, this::batch).add(share);
      context.report.countImported(kind);
      context.journal.record(
          kind,
          name,
          Optional.of(share.shared()),
          action,
          new AuditTarget(
              type,
              Optional.of(share.shared()),
              share.owner() + "/" + share.handle(),
              Optional.of(share.givenBy())),
          java.util.List.of(share.granteeHandle().value()));
      return true;
    }

    private RowBatch<NewShare> batch(ImportedKind kind) {
      return new RowBatch<>(shares -> context.store.addShares(kind, shares));
    }

    void flush(ImportedKind kind) {
      batches.computeIfAbsent(kind, this::batch).flush();
    }
  }
}
