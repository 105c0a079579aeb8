package io.claviger.imports.litellm.rules;

import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedAccount;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedGroup;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedMember;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedUser;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldGroup;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldMember;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldUser;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.NewHandles;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Decides who the users, groups and members are here. */
final class PeopleTranslation {
  private static final String ADMINISTRATOR = "proxy_admin";

  private final boolean administrators;
  private final NewHandles userHandles;
  private final NewHandles groupHandles;
  private final ReportBuilder report;

  final Map<String, PlannedUser> users = new LinkedHashMap<>();
  final Map<String, PlannedGroup> groups = new LinkedHashMap<>();
  final Map<String, PlannedAccount> accounts = new LinkedHashMap<>();
  final Set<PlannedMember> members = new LinkedHashSet<>();
  private final Set<Handle> handlesOfGroups = new HashSet<>();
  private final Map<String, Set<String>> groupsOf = new HashMap<>();

  /**
   * @param administrators whether LiteLLM's administrators become administrators
   */
  PeopleTranslation(Map<String, Handle> renames, boolean administrators, ReportBuilder report) {
    this.administrators = administrators;
    this.userHandles = new NewHandles(renames, Set.of());
    this.groupHandles = new NewHandles(renames, Set.of());
    this.report = report;
  }

  void add(OldUser user) {
    if (user.id().isEmpty() || users.containsKey(user.id())) {
      leaveOut(ImportedKind.USER, user.id(), ReportReason.DUPLICATE, "");
      return;
    }
    Optional<Handle> handle = chosen(userHandles, "u-", user.id(), user.alias());
    if (handle.isEmpty()) {
      leaveOut(ImportedKind.USER, user.id(), ReportReason.HANDLE_TAKEN, "by another one there");
      return;
    }
    users.put(
        user.id(),
        new PlannedUser(
            user.id(),
            handle.get(),
            displayName(user.alias().or(() -> Optional.of(user.id())), handle.get()),
            user.email().filter(email -> !email.isBlank()),
            administrators && user.role().equals(Optional.of(ADMINISTRATOR))));
  }

  void add(OldGroup group) {
    String prefix = group.organization() ? "o-" : "g-";
    boolean usesAlias =
        group
            .alias()
            .flatMap(HandleNormalizer::exact)
            .filter(name -> !handlesOfGroups.contains(name))
            .isPresent();
    Optional<Handle> handle =
        usesAlias
            ? chosen(groupHandles, prefix, group.alias().get(), Optional.of(group.id()))
            : chosen(groupHandles, prefix, group.id(), group.alias());
    if (handle.isEmpty()) {
      leaveOut(ImportedKind.GROUP, group.name(), ReportReason.HANDLE_TAKEN, "by another one there");
      return;
    }
    boolean unused = handlesOfGroups.add(handle.get());
    groups.put(
        group.name(),
        new PlannedGroup(group.name(), handle.get(), displayName(group.alias(), handle.get())));
  }

  void add(OldMember member) {
    String name = member.group() + " " + member.user();
    if (!groups.containsKey(member.group())) {
      leaveOut(ImportedKind.GROUP_MEMBER, name, ReportReason.GROUP_MISSING, "");
    } else if (!users.containsKey(member.user())) {
      leaveOut(ImportedKind.GROUP_MEMBER, name, ReportReason.USER_MISSING, "");
    } else {
      if (member.ownTerms()) {
        report.addRemark(
            ImportedKind.GROUP_MEMBER,
            name,
            ReportReason.NOT_IMPORTED,
            "limits of one member of a group");
      }
      add(member.group(), member.user(), member.manages());
    }
  }

  /** Adds somebody to a group, unless they are in it. */
  void add(String group, String user, boolean manages) {
    if (groupsOf.computeIfAbsent(user, u -> new LinkedHashSet<>()).add(group)) {
      boolean unused = members.add(new PlannedMember(group, user, manages));
    }
  }

  /** The groups that a user will be in. */
  Set<String> groupsOf(String user) {
    return groupsOf.getOrDefault(user, Set.of());
  }

  /** The service account of a group, by its name; empty if it can't be made. */
  Optional<String> accountOf(String group) {
    String name = "account of " + group;
    if (!accounts.containsKey(name)) {
      Handle of =
          Objects.requireNonNull(groups.get(group), "only known groups have accounts").handle();
      Optional<Handle> handle = chosen(userHandles, "s-", name, Optional.of(of + "-keys"));
      if (handle.isEmpty()) {
        return Optional.empty();
      }
      accounts.put(
          name,
          new PlannedAccount(
              name, handle.get(), displayName(Optional.of("Keys of " + of), of), group));
      add(group, name, false);
    }
    return Optional.of(name);
  }

  /** Empty if something else of the source has the handle. What is here is asked later. */
  private static Optional<Handle> chosen(
      NewHandles handles, String prefix, String id, Optional<String> name) {
    return handles.choose(prefix, id, name) instanceof NewHandles.Choice.Gets gets
        ? Optional.of(gets.handle())
        : Optional.empty();
  }

  private void leaveOut(ImportedKind kind, String name, ReportReason why, String detail) {
    report.countFound(kind);
    report.addLeftOut(kind, name, why, detail);
  }

  /** The name that is shown; the handle if there is no valid one. */
  private static DisplayName displayName(Optional<String> name, Handle handle) {
    try {
      return new DisplayName(name.map(String::strip).orElse(handle.value()));
    } catch (InvalidValue e) {
      return new DisplayName(handle.value());
    }
  }
}
