package io.claviger.application.scim;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.AdministratorGroup;
import io.claviger.application.identity.Identities;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimGroupStore.Entry;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.domain.scim.ScimHandles;
import io.claviger.domain.scim.ScimSettings;
import io.claviger.domain.scim.ScimSight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

final class ScimGroupUseCases implements ScimGroups {
  private final ScimGroupStore provisioned;
  private final GroupStore groups;
  private final ScimUserStore people;
  private final AdministratorGroup administrators;
  private final ScimSettings settings;
  private final AuditedChanges changes;

  ScimGroupUseCases(
      ScimGroupStore provisioned,
      GroupStore groups,
      ScimUserStore people,
      Identities.Stores stores,
      ScimSettings settings,
      AuditedChanges changes) {
    this.provisioned = provisioned;
    this.groups = groups;
    this.people = people;
    this.administrators = new AdministratorGroup(settings, people, stores);
    this.settings = settings;
    this.changes = changes;
  }

  @Override
  public Outcome<View> find(ScimCaller caller, UUID id) {
    return Outcome.of(() -> view(visible(caller.issuer(), id)));
  }

  @Override
  public Outcome<List<User>> members(ScimCaller caller, UUID id) {
    return Outcome.of(
        () -> {
          List<User> members = provisioned.members(visible(caller.issuer(), id).group().id());
          Map<User.Id, User> seen =
              people.visible(caller.issuer(), members.stream().map(User::id).toList());
          return members.stream().filter(user -> seen.containsKey(user.id())).toList();
        });
  }

  @Override
  public ScimPage<View> list(ScimCaller caller, Filter filter, int skipped, int limit) {
    Issuer issuer = caller.issuer();
    return switch (filter) {
      case Filter.All all -> page(issuer, Optional.empty(), skipped, limit);
      case Filter.ByDisplayName by -> page(issuer, Optional.of(by.displayName()), skipped, limit);
      case Filter.ById by ->
          single(issuer, provisioned.find(new Group.Id(by.id())), skipped, limit);
      case Filter.ByMember by ->
          single(
              issuer,
              provisioned
                  .find(new Group.Id(by.id()))
                  .filter(entry -> hasMember(issuer, entry, new User.Id(by.member()))),
              skipped,
              limit);
      case Filter.ByExternalId by ->
          single(issuer, provisioned.findByExternalId(issuer, by.externalId()), skipped, limit);
    };
  }

  private boolean hasMember(Issuer issuer, Entry entry, User.Id member) {
    return people.visible(issuer, List.of(member)).containsKey(member)
        && !provisioned.membersAmong(entry.group().id(), List.of(member)).isEmpty();
  }

  private ScimPage<View> page(Issuer issuer, Optional<String> name, int skipped, int limit) {
    return new ScimPage<>(
        provisioned.list(issuer, name, skipped, limit).stream()
            .map(ScimGroupUseCases::view)
            .toList(),
        provisioned.count(issuer, name));
  }

  private static ScimPage<View> single(
      Issuer issuer, Optional<Entry> found, int skipped, int limit) {
    List<View> seen =
        found.filter(entry -> sees(issuer, entry)).map(ScimGroupUseCases::view).stream().toList();
    return new ScimPage<>(skipped == 0 && limit > 0 ? seen : List.of(), seen.size());
  }

  @Override
  public Outcome<View> create(
      ScimCaller caller, DisplayName name, Optional<String> externalId, Set<UUID> members) {
    return changes.changeBy(
        caller.program(),
        AuditAction.GROUP_CREATE,
        AuditTargets.unknownGroup(),
        log -> {
          Issuer issuer = caller.issuer();
          Change change =
              new Change(Optional.of(name), externalId, Optional.of(members), Set.of(), Set.of());
          if (administrators.isNamed(ScimGroup.claimValue(externalId, name))) {
            administrators.lockAdministrators();
          }
          Optional<Entry> known = known(issuer, name, externalId);
          Group.Id id =
              known
                  .map(entry -> entry.group().id())
                  .orElseGet(() -> insert(issuer, name, externalId, log));
          Entry entry = locked(id, each -> concerns(each, change));
          demandNew(entry);
          return write(issuer, entry, change, log);
        });
  }

  /**
   * Finds an existing group that a request asks to create. The group exists if sign-ins have
   * created it. The group also exists if the issuer has deleted it by SCIM, because Claviger can
   * keep a deleted group.
   *
   * @throws RefusedException if the issuer already has this group
   */
  private Optional<Entry> known(Issuer issuer, DisplayName name, Optional<String> externalId) {
    Optional<Entry> found =
        externalId
            .flatMap(id -> provisioned.findByExternalId(issuer, id))
            .or(() -> provisioned.findByClaimValue(issuer, ScimGroup.claimValue(externalId, name)))
            .or(
                () ->
                    provisioned
                        .findByClaimValue(issuer, name.value())
                        .filter(entry -> entry.record().isEmpty()));
    found.ifPresent(ScimGroupUseCases::demandNew);
    return found;
  }

  private static void demandNew(Entry entry) {
    if (entry.record().filter(record -> !record.deleted()).isPresent()) {
      throw taken("This group exists already.");
    }
  }

  private Group.Id insert(
      Issuer issuer, DisplayName name, Optional<String> externalId, ChangeLog log) {
    if (provisioned.countKept(issuer, ScimGroup.MOST) >= ScimGroup.MOST) {
      throw RefusedException.conflict(
          "too_many_groups",
          "An issuer can have at most %,d groups, including groups that it has deleted. Administrators can delete such groups in Claviger too."
              .formatted(ScimGroup.MOST));
    }
    UUID id = changes.ids().next();
    Optional<Handle> wanted = ScimHandles.ofGroup(name.value());
    Handle handle =
        ScimHandles.choose(
                wanted,
                wanted
                    .flatMap(groups::find)
                    .map(group -> holder(issuer, group))
                    .orElse(ScimHandles.Holder.NOBODY),
                ScimHandles.ofGroup(id))
            .orElseThrow(
                () ->
                    taken(
                        "Another group, which this identity provider does not know, already has the"
                            + " handle derived from this name. Rename one of the groups."));
    Instant now = changes.now();
    Group group =
        new Group(
            new Group.Id(id),
            handle,
            FieldValues.NONE.with(CommonFields.DISPLAY_NAME, name),
            Optional.of(new GroupSource(issuer.value(), ScimGroup.claimValue(externalId, name))),
            1,
            now,
            now);
    groups.insert(group);
    log.recordChange(AuditAction.GROUP_CREATE, AuditTargets.group(group), List.of("scim"));
    return group.id();
  }

  private static ScimHandles.Holder holder(Issuer issuer, Group group) {
    return group.source().filter(from -> from.issuer().equals(issuer.value())).isPresent()
        ? ScimHandles.Holder.SAME_ISSUER
        : ScimHandles.Holder.OTHER;
  }

  @Override
  public Outcome<View> update(ScimCaller caller, UUID id, Change change) {
    return changes.changeBy(
        caller.program(),
        AuditAction.GROUP_UPDATE,
        AuditTargets.unknownGroup(),
        log -> {
          Entry entry = lockedVisible(caller.issuer(), id, each -> concerns(each, change));
          return write(caller.issuer(), entry, change, log);
        });
  }

  /**
   * Stores the issuer's statements about a group. The issuer already manages this group, takes over
   * a group that was created by sign-ins, or restores a deleted group.
   *
   * @param entry the locked group
   */
  private View write(Issuer issuer, Entry entry, Change change, ChangeLog log) {
    Group.Id id = entry.group().id();
    log.setTarget(AuditTargets.group(entry.group()));
    Optional<String> externalId = externalId(entry, change);
    if (externalId
        .flatMap(value -> provisioned.findByExternalId(issuer, value))
        .filter(other -> !other.group().id().equals(id))
        .isPresent()) {
      throw taken("Another group has this externalId.");
    }
    Group group = rename(entry, change.displayName(), log);
    boolean administering = identify(entry, group, externalId, log);
    provisioned.save(new ScimGroup(id, issuer, externalId, Optional.empty()));
    List<User> touched = changeMembers(issuer, group, change, log);
    if (concerns(entry, change)) {
      administrators.follow(issuer, touched, changes.now(), log);
    }
    if (administering) {
      administrators.follow(issuer, provisioned.members(id), changes.now(), log);
    }
    return new View(group, externalId);
  }

  private Entry locked(Group.Id id, Predicate<Entry> concerns) {
    return administrators
        .locked(() -> provisioned.find(id), () -> provisioned.lock(id), concerns)
        .orElseThrow(RefusedException::notFound);
  }

  /**
   * Locks a group that the issuer sees. Once the group is locked, checks again that the issuer sees
   * it, because the issuer might have deleted the group while this method waited for the lock.
   */
  private Entry lockedVisible(Issuer issuer, UUID id, Predicate<Entry> concerns) {
    return demandVisible(issuer, locked(visible(issuer, id).group().id(), concerns));
  }

  /** Whether a group is the administrators' group before a change or after it. */
  private boolean concerns(Entry entry, Change change) {
    return administrators.is(entry.group())
        || administrators.isNamed(
            ScimGroup.claimValue(
                externalId(entry, change),
                change.displayName().orElse(entry.group().displayName())));
  }

  private static Optional<String> externalId(Entry entry, Change change) {
    return change.externalId().or(entry.record().flatMap(ScimGroup::externalId));
  }

  /** Changes the group's name. The group keeps its handle, and therefore its shares. */
  private Group rename(Entry entry, Optional<DisplayName> name, ChangeLog log) {
    Group before = entry.group();
    DisplayName after = name.orElse(before.displayName());
    if (after.equals(before.displayName())) {
      return before;
    }
    Group group =
        before.with(before.fields().with(CommonFields.DISPLAY_NAME, after), changes.now());
    groups.update(group);
    log.recordChange(
        AuditAction.GROUP_UPDATE, AuditTargets.group(group), List.of("display_name", "scim"));
    return group;
  }

  /**
   * Changes the value by which the issuer names the group.
   *
   * @param group the group with its new name
   * @return whether the group becomes or ceases to be the administrators' group
   */
  private boolean identify(Entry entry, Group group, Optional<String> externalId, ChangeLog log) {
    GroupSource source = entry.group().source().orElseThrow();
    boolean renamed = !group.displayName().equals(entry.group().displayName());
    boolean same =
        entry.record().filter(was -> was.externalId().equals(externalId)).isPresent() && !renamed;
    String value = ScimGroup.claimValue(externalId, group.displayName());
    if (same || source.claimValue().equals(value)) {
      return false;
    }
    provisioned
        .findByClaimValue(new Issuer(source.issuer()), value)
        .ifPresent(
            other -> {
              throw taken(
                  "The group @%s has this name. If the identity provider has deleted that group, an administrator can delete it in Claviger too."
                      .formatted(other.group().handle().value()));
            });
    provisioned.setClaimValue(group.id(), value);
    if (!renamed) {
      log.recordChange(
          AuditAction.GROUP_UPDATE, AuditTargets.group(group), List.of("external_id", "scim"));
    }
    return administrators.isNamed(value) || administrators.isNamed(source.claimValue());
  }

  /** Changes the members of a group, and returns the users who joined or left the group. */
  private List<User> changeMembers(Issuer issuer, Group group, Change change, ChangeLog log) {
    if (change.onlyMembers().isEmpty() && change.added().isEmpty() && change.removed().isEmpty()) {
      return List.of();
    }
    Set<User.Id> joining = ids(change.added());
    Set<User.Id> leaving = ids(change.removed());
    Map<User.Id, User> before =
        membersBefore(group, change, joining, leaving).stream()
            .collect(Collectors.toMap(User::id, member -> member));
    Set<User.Id> after =
        change
            .onlyMembers()
            .map(ScimGroupUseCases::ids)
            .orElseGet(() -> new HashSet<>(before.keySet()));
    after.removeAll(leaving);
    after.addAll(joining);
    List<User.Id> added = after.stream().filter(user -> !before.containsKey(user)).toList();
    List<User> removed =
        before.values().stream().filter(user -> !after.contains(user.id())).toList();
    if (provisioned.countMembers(group.id()) + added.size() - removed.size()
        > ScimGroup.MOST_MEMBERS) {
      throw RefusedException.conflict(
          "group_full", "A group can have at most %,d members.".formatted(ScimGroup.MOST_MEMBERS));
    }
    Map<User.Id, User> known = people.holdVisible(issuer, added);
    if (known.size() < added.size()) {
      throw RefusedException.invalid(
          new Fault("/members", "invalidValue", "There is no such user. Create the user first."));
    }
    provisioned.add(group.id(), added, changes.now());
    provisioned.remove(group.id(), removed.stream().map(User::id).toList());
    recordMembers(AuditAction.GROUP_MEMBER_ADD, group, known.values(), log);
    recordMembers(AuditAction.GROUP_MEMBER_REMOVE, group, removed, log);
    List<User> touched = new ArrayList<>(known.values());
    touched.addAll(removed);
    return touched;
  }

  /**
   * Returns the present members whom a change might affect. If the change replaces all members,
   * these are all present members. For any other change, they are only the members whom the change
   * adds or removes.
   */
  private List<User> membersBefore(
      Group group, Change change, Set<User.Id> joining, Set<User.Id> leaving) {
    if (change.onlyMembers().isPresent()) {
      return provisioned.members(group.id());
    }
    Set<User.Id> touched = new HashSet<>(joining);
    touched.addAll(leaving);
    return provisioned.membersAmong(group.id(), touched);
  }

  private static Set<User.Id> ids(Set<UUID> members) {
    return members.stream().map(User.Id::new).collect(Collectors.toCollection(HashSet::new));
  }

  private static void recordMembers(
      AuditAction action, Group group, Collection<User> members, ChangeLog log) {
    members.forEach(
        user ->
            log.recordChange(
                action, AuditTargets.group(group), List.of(user.handle().value(), "scim")));
  }

  @Override
  public Outcome<UUID> delete(ScimCaller caller, UUID id) {
    try {
      return delete(caller, id, settings.deletes());
    } catch (StillReferenced e) {
      return delete(caller, id, false);
    }
  }

  private Outcome<UUID> delete(ScimCaller caller, UUID id, boolean wholly) {
    return changes.changeBy(
        caller.program(),
        AuditAction.GROUP_DELETE,
        AuditTargets.unknownGroup(),
        log -> {
          Issuer issuer = caller.issuer();
          Entry entry = lockedVisible(issuer, id, each -> administrators.is(each.group()));
          Group.Id group = entry.group().id();
          log.setTarget(AuditTargets.group(entry.group()));
          List<User> left =
              changeMembers(
                  issuer,
                  entry.group(),
                  new Change(
                      Optional.empty(),
                      Optional.empty(),
                      Optional.of(Set.of()),
                      Set.of(),
                      Set.of()),
                  log);
          if (administrators.is(entry.group())) {
            administrators.follow(issuer, left, changes.now(), log);
          }
          if (wholly) {
            groups.delete(group);
          } else {
            provisioned.save(
                new ScimGroup(
                    group,
                    issuer,
                    entry.record().flatMap(ScimGroup::externalId),
                    Optional.of(changes.now())));
          }
          log.recordChange(
              AuditAction.GROUP_DELETE, AuditTargets.group(entry.group()), List.of("scim"));
          return id;
        });
  }

  private Entry visible(Issuer issuer, UUID id) {
    return demandVisible(
        issuer, provisioned.find(new Group.Id(id)).orElseThrow(RefusedException::notFound));
  }

  private static Entry demandVisible(Issuer issuer, Entry entry) {
    if (!sees(issuer, entry)) {
      throw RefusedException.notFound();
    }
    return entry;
  }

  private static boolean sees(Issuer issuer, Entry entry) {
    return ScimSight.sees(issuer, entry.group(), entry.record());
  }

  private static View view(Entry entry) {
    return new View(entry.group(), entry.record().flatMap(ScimGroup::externalId));
  }

  private static RefusedException taken(String why) {
    return RefusedException.conflict("uniqueness", why);
  }
}
