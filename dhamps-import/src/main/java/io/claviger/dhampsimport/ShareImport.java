package io.claviger.dhampsimport;

import io.claviger.dhampsimport.ImportContext.DefinitionHere;
import io.claviger.dhampsimport.ImportContext.Person;
import io.claviger.dhampsimport.ImportContext.ServiceHere;
import io.claviger.dhampsimport.port.ImportStore.NewShare;
import io.claviger.dhampsimport.rules.ImportedKind;
import io.claviger.dhampsimport.rules.ReportReason;
import io.claviger.dhampsimport.rules.RoleMapping;
import io.claviger.dhampsimport.rules.SourceContent.OldDefinition;
import io.claviger.dhampsimport.rules.SourceContent.OldService;
import io.claviger.dhampsimport.rules.SourceContent.OldShare;
import io.claviger.dhampsimport.rules.SourceContent.OldSight;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.sharing.Role;
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

  private final ImportContext move;
  private final Giving giving;

  ShareImport(ImportContext move) {
    this.move = move;
    this.giving = new Giving(move);
  }

  void move() {
    importServiceShares();
    importDefinitionShares();
  }

  private void importServiceShares() {
    Map<Long, OldService> byId = new HashMap<>();
    move.content.services().forEach(s -> byId.putIfAbsent(s.id(), s));
    Map<Pair, String> older = new HashMap<>();
    Map<Pair, String> newer = new HashMap<>();
    Map<Pair, Boolean> pairs = new LinkedHashMap<>();
    for (OldShare share : move.content.shares()) {
      Pair pair = new Pair(share.user(), share.service());
      pairs.put(pair, true);
      (share.older() ? older : newer).putIfAbsent(pair, share.role());
    }
    Map<UUID, Set<UserId>> standing =
        move.arrivals.sharedWith(
            ImportedKind.SHARE,
            move.services.values().stream().map(s -> s.id().value()).collect(Collectors.toSet()));
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
      move.tally.countFound(ImportedKind.SHARE);
      Optional<Person> user = giving.somebody(ImportedKind.SHARE, name, pair.user());
      Optional<ServiceHere> service = Optional.ofNullable(move.services.get(pair.service()));
      if (user.isEmpty()) {
        continue;
      }
      if (service.isEmpty()) {
        move.tally.addLeftOut(
            ImportedKind.SHARE,
            name,
            ReportReason.SERVICE_MISSING,
            "the service does not exist here");
        continue;
      }
      switch (verdict) {
        case RoleMapping.MappedRole.MeansNothing nothing -> {}
        case RoleMapping.MappedRole.LeftOut out ->
            move.tally.addLeftOut(ImportedKind.SHARE, name, out.reason());
        case RoleMapping.MappedRole.Gives gives -> {
          ServiceHere s = service.get();
          Set<UserId> there = standing.getOrDefault(s.id().value(), Set.of());
          boolean gave =
              giving.give(
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
            move.mayUse(s.id(), user.get().id());
          }
        }
      }
    }
    giving.flush(ImportedKind.SHARE);
  }

  private void importDefinitionShares() {
    Map<Long, OldDefinition> byId = new HashMap<>();
    move.content.definitions().forEach(d -> byId.putIfAbsent(d.id(), d));
    Map<UUID, Set<UserId>> standing =
        move.arrivals.sharedWith(
            ImportedKind.DEFINITION_SHARE,
            move.definitions.values().stream().map(DefinitionHere::id).collect(Collectors.toSet()));
    for (OldSight sight : new HashSet<>(move.content.sights())) {
      Optional<OldDefinition> old = Optional.ofNullable(byId.get(sight.definition()));
      boolean owns = old.map(OldDefinition::owner).equals(Optional.of(sight.user()));
      boolean everybodys = old.map(OldDefinition::owner).equals(Optional.of("_system"));
      if (owns || everybodys) {
        continue;
      }
      String name = old.map(OldDefinition::name).orElse("?") + " " + sight.user();
      move.tally.countFound(ImportedKind.DEFINITION_SHARE);
      Optional<Person> user = giving.somebody(ImportedKind.DEFINITION_SHARE, name, sight.user());
      Optional<DefinitionHere> here = Optional.ofNullable(move.definitions.get(sight.definition()));
      if (user.isEmpty()) {
        continue;
      }
      if (here.isEmpty()) {
        move.tally.addLeftOut(
            ImportedKind.DEFINITION_SHARE,
            name,
            ReportReason.DEFINITION_MISSING,
            "the definition does not exist here");
        continue;
      }
      DefinitionHere d = here.get();
      boolean unused =
          giving.give(
              ImportedKind.DEFINITION_SHARE,
              name,
              share(d.id(), d.ref().owner(), d.ref().handle(), user.get(), Role.READER, d.owner()),
              standing.getOrDefault(d.id(), Set.of()),
              AuditAction.DEFINITION_SHARE,
              "definition");
    }
    giving.flush(ImportedKind.DEFINITION_SHARE);
  }

  private NewShare share(
      UUID thing, Handle owner, Handle handle, Person grantee, Role role, UserId giver) {
    return new NewShare(
        thing, owner, handle, grantee.id(), grantee.handle(), role, giver, move.now);
  }

  /** The part that all kinds of shares have in common. */
  static final class Giving {
    private final ImportContext move;
    private final Map<ImportedKind, RowBatch<NewShare>> batches = new HashMap<>();

    Giving(ImportContext move) {
      this.move = move;
    }

    /**
     * The user that something is shared with. Empty when they do not exist here; that is then in
     * the report.
     */
    Optional<Person> somebody(ImportedKind kind, String name, String handle) {
      Optional<Person> person = move.person(handle);
      if (person.isEmpty()) {
        move.tally.addLeftOut(
            kind, name, ReportReason.USER_MISSING, "the user does not exist here");
      } else if (person.get().isSystem()) {
        move.tally.addLeftOut(kind, name, ReportReason.BELONGS_TO_SYSTEM);
        return Optional.empty();
      }
      return person;
    }

    /** Adds a share. Returns false if an earlier run imported it or if it exists already. */
    boolean give(
        ImportedKind kind,
        String name,
        NewShare share,
        Set<UserId> standing,
        AuditAction action,
        String type) {
      if (move.known(kind, name).isPresent() || standing.contains(share.grantee())) {
        move.tally.countHere(kind);
        return false;
      }
      batches.computeIfAbsent(kind, this::batch).add(share);
      move.tally.countImported(kind);
      move.journal.record(
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
      return new RowBatch<>(shares -> move.arrivals.addShares(kind, shares));
    }

    void flush(ImportedKind kind) {
      batches.computeIfAbsent(kind, this::batch).flush();
    }
  }
}
