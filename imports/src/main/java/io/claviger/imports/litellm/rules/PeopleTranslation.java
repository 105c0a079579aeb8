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

/** Translates LiteLLM's users, teams and members into Claviger's users, groups and members. */
final class PeopleTranslation {
  private static final String ADMINISTRATOR = "proxy_admin";

  /**
   * The words with which reports name a limit on a single member of a group. Claviger does not
   * support such limits.
   */
  static final String BOUND = "limits of one member of a group";

  private final AccessTranslation.Wish wish;
  private final NewHandles userHandles;
  private final NewHandles groupHandles;
  private final ReportBuilder report;

  final Map<String, PlannedUser> users = new LinkedHashMap<>();
  final Map<String, PlannedGroup> groups = new LinkedHashMap<>();
  final Map<String, PlannedAccount> accounts = new LinkedHashMap<>();
  final Set<PlannedMember> members = new LinkedHashSet<>();
  private final Set<Handle> handlesOfGroups = new HashSet<>();
  private final Map<String, Set<String>> groupsOf = new HashMap<>();
  private final Map<String, String> parents = new HashMap<>();
  private final Set<String> bound = new HashSet<>();

  PeopleTranslation(AccessTranslation.Wish wish, ReportBuilder report) {
    this.wish = wish;
    this.userHandles = new NewHandles(wish.renames());
    this.groupHandles = new NewHandles(wish.renames());
    this.report = report;
  }

  void add(OldUser user) {
    if (user.id().isEmpty() || users.containsKey(user.id())) {
      leaveOut(ImportedKind.USER, user.id(), ReportReason.DUPLICATE, "");
      return;
    }
    Optional<Handle> here = wish.known().user(user.id(), user.alias());
    Optional<Handle> handle =
        here.isPresent() ? here : userHandles.choose("u-", user.id(), user.alias());
    if (handle.isEmpty()) {
      leaveOut(
          ImportedKind.USER, user.id(), ReportReason.HANDLE_TAKEN, "by another one in LiteLLM");
      return;
    }
    if (user.deactivated()) {
      // The operator's options for this user count as used nevertheless, so that a later run can
      // repeat the options of an earlier run.
      leaveOut(ImportedKind.USER, user.id(), ReportReason.BLOCKED, "deactivated by SCIM");
      return;
    }
    users.put(
        user.id(),
        new PlannedUser(
            user.id(),
            here,
            handle.get(),
            displayName(user.alias().or(() -> Optional.of(user.id())), handle.get()),
            user.email().filter(email -> !email.isBlank()),
            wish.administrators() && user.role().equals(Optional.of(ADMINISTRATOR))));
  }

  void add(OldGroup group) {
    if (group.parent().filter(of -> !groups.containsKey(of)).isPresent()) {
      leaveOut(ImportedKind.GROUP, group.name(), ReportReason.GROUP_MISSING, group.parent().get());
      return;
    }
    String prefix = group.organization() ? "o-" : "g-";
    boolean usesAlias =
        group
            .alias()
            .flatMap(HandleNormalizer::exact)
            .filter(name -> !handlesOfGroups.contains(name))
            .isPresent();
    Optional<Handle> here = wish.known().group(group.id(), group.alias());
    Optional<Handle> handle =
        here.isPresent()
            ? here.filter(one -> !handlesOfGroups.contains(one))
            : usesAlias
                ? groupHandles.choose(prefix, group.alias().get(), Optional.of(group.id()))
                : groupHandles.choose(prefix, group.id(), group.alias());
    if (handle.isEmpty()) {
      leaveOut(
          ImportedKind.GROUP, group.name(), ReportReason.HANDLE_TAKEN, "by another one in LiteLLM");
      return;
    }
    boolean unused = handlesOfGroups.add(handle.get());
    group.parent().ifPresent(of -> parents.put(group.name(), of));
    groups.put(
        group.name(),
        new PlannedGroup(
            group.name(),
            here.isPresent(),
            handle.get(),
            displayName(group.alias(), handle.get())));
  }

  /**
   * Records whether the group has limits for this member alone. Called for all members before the
   * first member is added.
   */
  void bind(OldMember member) {
    if (member.ownTerms() && !wish.allowWider()) {
      boolean unused = bound.add(member.group() + " " + member.user());
    }
  }

  void add(OldMember member) {
    String name = member.group() + " " + member.user();
    if (!groups.containsKey(member.group())) {
      leaveOut(ImportedKind.GROUP_MEMBER, name, ReportReason.GROUP_MISSING, "");
    } else if (!users.containsKey(member.user())) {
      leaveOut(ImportedKind.GROUP_MEMBER, name, ReportReason.USER_MISSING, "");
    } else {
      if (member.ownTerms() && wish.allowWider()) {
        report.addRemark(ImportedKind.GROUP_MEMBER, name, ReportReason.WIDER_HERE, BOUND);
      }
      if (!member.ofOrganization() && isBound(member.group(), member.user())) {
        leaveOut(ImportedKind.GROUP_MEMBER, name, ReportReason.LIMIT_NOT_CARRIED, BOUND);
        return;
      }
      add(member.group(), member.user(), member.manages());
    }
  }

  /** Whether a group or its organization has limits for this user alone. */
  boolean isBound(String group, String user) {
    return bound.contains(group + " " + user)
        || (parents.containsKey(group) && bound.contains(parents.get(group) + " " + user));
  }

  /**
   * Adds a user to a group, unless the user is already in the group. Also adds the user to the
   * group's organization, whose limits count the user's calls too.
   */
  void add(String group, String user, boolean manages) {
    if (groupsOf.computeIfAbsent(user, u -> new LinkedHashSet<>()).add(group)) {
      boolean unused = members.add(new PlannedMember(group, user, manages));
      if (parents.containsKey(group)) {
        add(parents.get(group), user, false);
      }
    }
  }

  /** Returns those names of users and groups for which the operator stated other handles. */
  Set<String> renamed() {
    Set<String> used = new HashSet<>(userHandles.used());
    used.addAll(groupHandles.used());
    return used;
  }

  /** Returns the organization of a team; empty if there is none. */
  Optional<String> parentOf(String group) {
    return Optional.ofNullable(parents.get(group));
  }

  /** Returns the groups of a user after the import. */
  Set<String> groupsOf(String user) {
    return groupsOf.getOrDefault(user, Set.of());
  }

  /** Returns the name of a group's service account; empty if it can't be created. */
  Optional<String> accountOf(String group) {
    String name = "account of " + group;
    if (!accounts.containsKey(name)) {
      Handle of =
          Objects.requireNonNull(groups.get(group), "only known groups have accounts").handle();
      Optional<Handle> handle = userHandles.choose("s-", name, Optional.of(of + "-keys"));
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

  /**
   * @param account a name that {@link #accountOf} has returned
   */
  Handle handleOfAccount(String account) {
    return Objects.requireNonNull(accounts.get(account), "only created accounts have handles")
        .handle();
  }

  private void leaveOut(ImportedKind kind, String name, ReportReason why, String detail) {
    report.countFound(kind);
    report.addLeftOut(kind, name, why, detail);
  }

  /** Returns the name as a display name, or the handle if there is no valid name. */
  private static DisplayName displayName(Optional<String> name, Handle handle) {
    try {
      return new DisplayName(name.map(String::strip).orElse(handle.value()));
    } catch (InvalidValue e) {
      return new DisplayName(handle.value());
    }
  }
}
