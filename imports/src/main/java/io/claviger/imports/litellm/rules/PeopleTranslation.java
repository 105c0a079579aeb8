package io.claviger.imports.litellm.rules;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.imports.litellm.rules.AccessPlan.Existing;
import io.claviger.imports.litellm.rules.AccessPlan.GroupHere;
import io.claviger.imports.litellm.rules.AccessPlan.Here;
import io.claviger.imports.litellm.rules.AccessPlan.PersonHere;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Decides who the users, groups and members are here. */
public final class PeopleTranslation {
  private static final String ADMINISTRATOR = "proxy_admin";

  private final Here here;
  private final boolean administrators;
  private final NewHandles userHandles;
  private final NewHandles groupHandles;
  private final ReportBuilder report;

  final Map<String, PlannedUser> users = new LinkedHashMap<>();
  final Map<String, PlannedGroup> groups = new LinkedHashMap<>();
  final Map<String, PlannedAccount> accounts = new LinkedHashMap<>();
  final Set<PlannedMember> members = new LinkedHashSet<>();

  /** The users of each group, which they are in already or will be. */
  private final Map<String, Set<String>> inGroup = new LinkedHashMap<>();

  private final Set<String> synced = new HashSet<>();

  /**
   * @param administrators whether LiteLLM's administrators become administrators
   */
  PeopleTranslation(
      Here here, Map<String, Handle> renames, boolean administrators, ReportBuilder report) {
    this.here = here;
    this.administrators = administrators;
    this.userHandles = new NewHandles(renames, here.handles());
    // A group with that handle is this group, so that no handle of a group is taken.
    this.groupHandles = new NewHandles(renames, Set.of());
    this.report = report;
  }

  Set<String> usedRenames() {
    Set<String> used = new HashSet<>(userHandles.used());
    used.addAll(groupHandles.used());
    return used;
  }

  void addUsers(List<OldUser> all) {
    for (OldUser user : all) {
      report.countFound(ImportedKind.USER);
      if (user.id().isEmpty() || users.containsKey(user.id())) {
        report.addLeftOut(ImportedKind.USER, user.id(), ReportReason.DUPLICATE);
      } else {
        planned(user).ifPresent(one -> users.put(user.id(), one));
      }
    }
  }

  private Optional<PlannedUser> planned(OldUser user) {
    Optional<Existing> before = here.known(ImportedKind.USER).get(user.id());
    if (before != null) {
      if (before.isEmpty()) {
        report.addLeftOut(ImportedKind.USER, user.id(), ReportReason.NO_LONGER_HERE);
        return Optional.empty();
      }
      report.countExisting(ImportedKind.USER);
      return Optional.of(user(user, before.get().handle(), Optional.of(before.get().id())));
    }
    List<PersonHere> same =
        user.email()
            .map(email -> here.people().getOrDefault(small(email.strip()), List.of()))
            .orElse(List.of());
    if (same.size() > 1) {
      report.addLeftOut(ImportedKind.USER, user.id(), ReportReason.EMAIL_AMBIGUOUS);
      return Optional.empty();
    }
    return same.isEmpty() ? isNew(user) : found(user, same.get(0));
  }

  /**
   * Somebody who writes an address into LiteLLM must not thereby come to hold an administrator's
   * token.
   */
  private Optional<PlannedUser> found(OldUser user, PersonHere person) {
    if (person.administrator() && !administrators) {
      report.addLeftOut(
          ImportedKind.USER,
          user.id(),
          ReportReason.ADMINISTRATOR_HERE,
          person.handle() + " has this e-mail address; --administrators takes it");
      return Optional.empty();
    }
    report.countExisting(ImportedKind.USER);
    report.addRemark(
        ImportedKind.USER, user.id(), ReportReason.FOUND_HERE, person.handle().value());
    return Optional.of(user(user, person.handle(), Optional.of(person.id())));
  }

  private Optional<PlannedUser> isNew(OldUser user) {
    return switch (userHandles.choose("u-", user.id(), user.alias())) {
      case NewHandles.Choice.Taken taken -> {
        report.addLeftOut(
            ImportedKind.USER, user.id(), ReportReason.HANDLE_TAKEN, taken.handle().value());
        yield Optional.empty();
      }
      case NewHandles.Choice.Gets gets -> {
        if (gets.changed()) {
          report.addRemark(
              ImportedKind.USER, user.id(), ReportReason.HANDLE_RENAMED, gets.handle().value());
        }
        report.countImported(ImportedKind.USER);
        yield Optional.of(user(user, gets.handle(), Optional.empty()));
      }
    };
  }

  private PlannedUser user(OldUser user, Handle handle, Optional<UUID> id) {
    return new PlannedUser(
        user.id(),
        handle,
        displayName(user.alias().or(() -> Optional.of(user.id())), handle),
        user.email().flatMap(PeopleTranslation::email),
        administrators && user.role().equals(Optional.of(ADMINISTRATOR)),
        id);
  }

  void addGroups(List<OldGroup> all) {
    for (OldGroup group : all) {
      report.countFound(ImportedKind.GROUP);
      planned(group).ifPresent(one -> groups.put(group.name(), one));
    }
  }

  private Optional<PlannedGroup> planned(OldGroup group) {
    Optional<Existing> before = here.known(ImportedKind.GROUP).get(group.name());
    if (before != null) {
      if (before.isEmpty()) {
        report.addLeftOut(ImportedKind.GROUP, group.name(), ReportReason.NO_LONGER_HERE);
        return Optional.empty();
      }
      report.countExisting(ImportedKind.GROUP);
      return Optional.of(group(group, before.get().handle(), Optional.of(before.get().id())));
    }
    NewHandles.Choice choice =
        groupHandles.choose(
            group.organization() ? "o-" : "g-",
            group.id(),
            group.alias().or(() -> Optional.of(group.id())));
    if (!(choice instanceof NewHandles.Choice.Gets gets)) {
      report.addLeftOut(ImportedKind.GROUP, group.name(), ReportReason.HANDLE_TAKEN);
      return Optional.empty();
    }
    GroupHere same = here.groups().get(gets.handle());
    if (same != null) {
      report.countExisting(ImportedKind.GROUP);
      report.addRemark(
          ImportedKind.GROUP, group.name(), ReportReason.FOUND_HERE, gets.handle().value());
      if (same.synced()) {
        boolean unused = synced.add(group.name());
      }
      return Optional.of(group(group, gets.handle(), Optional.of(same.id())));
    }
    if (!Optional.of(gets.handle().value()).equals(group.alias())) {
      report.addRemark(
          ImportedKind.GROUP, group.name(), ReportReason.HANDLE_RENAMED, gets.handle().value());
    }
    report.countImported(ImportedKind.GROUP);
    return Optional.of(group(group, gets.handle(), Optional.empty()));
  }

  private static PlannedGroup group(OldGroup group, Handle handle, Optional<UUID> id) {
    return new PlannedGroup(group.name(), handle, displayName(group.alias(), handle), id);
  }

  void addMembers(List<OldMember> all) {
    for (OldMember member : all) {
      report.countFound(ImportedKind.MEMBER);
      String name = member.group() + " " + member.user();
      if (!groups.containsKey(member.group())) {
        report.addLeftOut(ImportedKind.MEMBER, name, ReportReason.GROUP_MISSING);
      } else if (!users.containsKey(member.user())) {
        report.addLeftOut(ImportedKind.MEMBER, name, ReportReason.USER_MISSING);
      } else {
        if (member.ownTerms()) {
          report.addRemark(
              ImportedKind.MEMBER,
              name,
              ReportReason.NO_COUNTERPART,
              "limits of one member of a group");
        }
        addMember(new PlannedMember(member.group(), member.user(), member.manages()));
      }
    }
  }

  /** Adds somebody to a group, unless an identity provider decides about it. */
  void addMember(PlannedMember member) {
    if (!inGroup.computeIfAbsent(member.group(), g -> new HashSet<>()).add(member.user())) {
      return;
    }
    String name = member.group() + " " + member.user();
    if (synced.contains(member.group())) {
      report.addLeftOut(
          ImportedKind.MEMBER, name, ReportReason.GROUP_MISSING, "the group is synced");
    } else if (here.known(ImportedKind.MEMBER).containsKey(name)) {
      report.countExisting(ImportedKind.MEMBER);
    } else {
      report.countImported(ImportedKind.MEMBER);
      boolean unused = members.add(member);
    }
  }

  boolean isMember(String group, String user) {
    return inGroup.getOrDefault(group, Set.of()).contains(user);
  }

  /** The groups that a user is in, or will be. */
  List<String> groupsOf(String user) {
    return inGroup.entrySet().stream()
        .filter(group -> group.getValue().contains(user))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The service account of a group, by its name; empty if it can't be made. */
  Optional<String> accountOf(String group) {
    String name = "account of " + group;
    if (!accounts.containsKey(name)) {
      report.countFound(ImportedKind.USER);
      PlannedGroup of = groups.get(group);
      Optional<PlannedAccount> account = account(name, of);
      if (account.isEmpty()) {
        return Optional.empty();
      }
      accounts.put(name, account.get());
      addMember(new PlannedMember(group, name, false));
    }
    return Optional.of(name);
  }

  private Optional<PlannedAccount> account(String name, PlannedGroup group) {
    DisplayName display = displayName(Optional.of("Keys of " + group.handle()), group.handle());
    Optional<Existing> before = here.known(ImportedKind.USER).get(name);
    if (before != null) {
      if (before.isEmpty()) {
        report.addLeftOut(ImportedKind.USER, name, ReportReason.NO_LONGER_HERE);
        return Optional.empty();
      }
      report.countExisting(ImportedKind.USER);
      return before.map(
          b -> new PlannedAccount(name, b.handle(), display, group.name(), Optional.of(b.id())));
    }
    NewHandles.Choice choice =
        userHandles.choose("s-", name, Optional.of(group.handle() + "-keys"));
    if (!(choice instanceof NewHandles.Choice.Gets gets)) {
      report.addLeftOut(
          ImportedKind.USER, name, ReportReason.HANDLE_TAKEN, group.handle() + "-keys");
      return Optional.empty();
    }
    report.countImported(ImportedKind.USER);
    report.addRemark(ImportedKind.USER, name, ReportReason.HANDLE_RENAMED, gets.handle().value());
    return Optional.of(
        new PlannedAccount(name, gets.handle(), display, group.name(), Optional.empty()));
  }

  /** The name that is shown; the handle if there is no valid one. */
  private static DisplayName displayName(Optional<String> name, Handle handle) {
    try {
      return new DisplayName(name.map(String::strip).orElse(handle.value()));
    } catch (InvalidValue e) {
      return new DisplayName(handle.value());
    }
  }

  private static Optional<Email> email(String text) {
    try {
      return Optional.of(new Email(text.strip()));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  static String small(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
