package io.claviger.imports.dhamps;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.Role;
import io.claviger.imports.dhamps.rules.RoleMapping;
import io.claviger.imports.dhamps.rules.RoleMapping.MappedRole;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldShare;
import io.claviger.imports.dhamps.rules.SourceContent.OldSight;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingGrant;
import io.claviger.imports.shared.IncomingGrant.What;
import io.claviger.imports.shared.NotImported;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.TargetStores;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The shares of services and of definitions to import from dhamps-vdb. */
final class DhampsShares {
  private record Pair(String user, long thing) {}

  private final TargetStores stores;
  private final SourceContent content;

  DhampsShares(TargetStores stores, SourceContent content) {
    this.stores = stores;
    this.content = content;
  }

  /**
   * Adds the shares of services. If the two tables of shares contradict each other, the newer table
   * applies.
   */
  void addOfServices(List<Incoming> incoming, ReportBuilder report) {
    Map<Long, OldService> byId = new HashMap<>();
    content.services().forEach(s -> byId.putIfAbsent(s.id(), s));
    Map<Pair, String> older = new HashMap<>();
    Map<Pair, String> newer = new HashMap<>();
    Set<Pair> pairs = new LinkedHashSet<>();
    for (OldShare share : content.shares()) {
      Pair pair = new Pair(share.user(), share.service());
      pairs.add(pair);
      (share.older() ? older : newer).putIfAbsent(pair, share.role());
    }
    for (Pair pair : pairs) {
      Optional<OldService> service = Optional.ofNullable(byId.get(pair.thing()));
      MappedRole role =
          RoleMapping.decide(
              Optional.ofNullable(older.get(pair)),
              Optional.ofNullable(newer.get(pair)),
              service.map(OldService::owner).equals(Optional.of(pair.user())));
      Granted granted =
          new Granted(What.SERVICE, service.map(OldService::name), pair.user(), incoming, report);
      switch (role) {
        case MappedRole.MeansNothing nothing -> {}
        case MappedRole.LeftOut out -> add(granted, Optional.empty(), out.reason());
        case MappedRole.Gives gives ->
            add(granted, Optional.of(gives.role()), ReportReason.UNKNOWN_ROLE);
      }
    }
  }

  void addOfDefinitions(List<Incoming> incoming, ReportBuilder report) {
    Map<Long, OldDefinition> byId = new HashMap<>();
    content.definitions().forEach(d -> byId.putIfAbsent(d.id(), d));
    for (OldSight sight : new LinkedHashSet<>(content.sights())) {
      Optional<OldDefinition> definition = Optional.ofNullable(byId.get(sight.definition()));
      Optional<String> owner = definition.map(OldDefinition::owner);
      // Everybody sees the definitions of `_system`.
      if (!owner.equals(Optional.of(sight.user()))
          && !owner.equals(Optional.of(Handle.SYSTEM.value()))) {
        add(
            new Granted(
                What.DEFINITION,
                definition.map(OldDefinition::name),
                sight.user(),
                incoming,
                report),
            Optional.of(Role.READER),
            ReportReason.UNKNOWN_ROLE);
      }
    }
  }

  /**
   * A thing that is shared with a user.
   *
   * @param thing the thing's name; empty if the row does not refer to an existing thing
   */
  record Granted(
      What what,
      Optional<String> thing,
      String user,
      List<Incoming> incoming,
      ReportBuilder report) {
    private String label() {
      return thing.orElse("?") + " " + user;
    }
  }

  private void add(Granted granted, Optional<Role> role, ReportReason withoutRole) {
    add(stores, granted, role, withoutRole);
  }

  /**
   * Adds a user's share.
   *
   * @param withoutRole the reported reason if the share is left out for lack of a role
   */
  static void add(
      TargetStores stores, Granted granted, Optional<Role> role, ReportReason withoutRole) {
    What what = granted.what();
    String label = granted.label();
    if (granted.thing().isEmpty()) {
      granted.report().countFound(what.share());
      granted.report().addLeftOut(what.share(), label, what.missing());
    } else if (granted.user().equals(Handle.SYSTEM.value())) {
      granted
          .incoming()
          .add(new NotImported(what.share(), label, ReportReason.BELONGS_TO_SYSTEM, ""));
    } else if (role.isEmpty()) {
      granted
          .incoming()
          .add(
              new NotImported(
                  what.share(),
                  label,
                  label,
                  what.needed(granted.thing().get(), granted.user()),
                  withoutRole,
                  ""));
    } else {
      granted
          .incoming()
          .add(
              new IncomingGrant(
                  stores, what, granted.thing().get(), granted.user(), label, role.get()));
    }
  }
}
