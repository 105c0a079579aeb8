package io.claviger.application.groups;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.Groups.WrittenMember;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.domain.groups.GroupRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Implements the operations of {@link Groups} on the members of a group. */
final class GroupMemberships {
  private final GroupStore groups;
  private final UserStore users;
  private final CredentialStore credentials;
  private final AuditedChanges changes;

  GroupMemberships(
      GroupStore groups, UserStore users, CredentialStore credentials, AuditedChanges changes) {
    this.groups = groups;
    this.users = users;
    this.credentials = credentials;
    this.changes = changes;
  }

  Outcome<GroupMember> find(Actor actor, Handle handle, Handle user) {
    return Outcome.of(
        () -> {
          Group group = withVisibleMembers(actor, handle);
          return users
              .find(user)
              .flatMap(u -> groups.findMember(group.id(), u.id()))
              .orElseThrow(RefusedException::notFound);
        });
  }

  Outcome<Page<GroupMember, Handle>> list(Actor actor, Handle handle, PageRequest<Handle> page) {
    return Outcome.of(
        () -> {
          Group group = withVisibleMembers(actor, handle);
          return Page.of(
              groups.listMembers(group.id(), page.after(), page.limit() + 1),
              page.limit(),
              GroupMember::handle);
        });
  }

  Outcome<WrittenMember> put(
      Actor actor,
      Handle handle,
      Handle user,
      Precondition precondition,
      GroupRole role,
      Field<AppliedBy> appliedBy) {
    return changes.change(
        actor,
        AuditAction.GROUP_MEMBER_UPDATE,
        AuditTargets.group(handle),
        log -> {
          GroupStore.VisibleGroup seen = locked(actor, handle, log);
          GroupAccess.demandMayChange(actor, seen, GroupAction.KEEP_MEMBERS);
          User member = user(user);
          Optional<GroupMember> before = groups.findMember(seen.group().id(), member.id());
          precondition.demand(before, GroupMember::version);
          if (role == GroupRole.MANAGER
              && before.filter(b -> b.role() == role).isEmpty()
              && users.answersForAccounts(seen.group().id().value())) {
            actor.demandUnlimited("Responsibility for a service account");
            Lockout.demandPresented(actor, credentials);
          }
          return before.isPresent()
              ? change(actor, seen, before.get(), role, appliedBy.or(before.get().appliedBy()), log)
              : add(seen, member, role, appliedBy.given(), log);
        });
  }

  private WrittenMember add(
      GroupStore.VisibleGroup seen,
      User user,
      GroupRole role,
      Optional<AppliedBy> appliedBy,
      ChangeLog log) {
    log.recordAttemptAs(AuditAction.GROUP_MEMBER_ADD);
    if (seen.memberCount() >= Group.MOST_MEMBERS) {
      throw RefusedException.conflict(
          "group_full", "A group can have at most %d members.".formatted(Group.MOST_MEMBERS));
    }
    GroupMember member = new GroupMember(user.id(), user.handle(), role, changes.now(), appliedBy);
    groups.putMember(seen.group().id(), member);
    log.recordChange(
        AuditAction.GROUP_MEMBER_ADD,
        AuditTargets.group(seen.group()),
        List.of(user.handle().value(), role.wireName()),
        AuditEvent.Term.of(Map.of(), terms(role)));
    return new WrittenMember(member, true);
  }

  private WrittenMember change(
      Actor actor,
      GroupStore.VisibleGroup seen,
      GroupMember before,
      GroupRole role,
      Optional<AppliedBy> appliedBy,
      ChangeLog log) {
    if (before.role() == role && before.appliedBy().equals(appliedBy)) {
      return new WrittenMember(before, false);
    }
    if (role != GroupRole.MANAGER) {
      demandAnotherManager(actor, seen, before);
    }
    Lockout.demandPresented(actor, credentials);
    GroupMember after =
        new GroupMember(before.user(), before.handle(), role, before.createdAt(), appliedBy);
    groups.putMember(seen.group().id(), after);
    log.recordChange(
        AuditAction.GROUP_MEMBER_UPDATE,
        AuditTargets.group(seen.group()),
        List.of(before.handle().value(), role.wireName()),
        AuditEvent.Term.of(terms(before.role()), terms(role)));
    return new WrittenMember(after, false);
  }

  private static Map<String, String> terms(GroupRole role) {
    return Map.of("role", role.wireName());
  }

  Outcome<Handle> remove(Actor actor, Handle handle, Handle user, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.GROUP_MEMBER_REMOVE,
        AuditTargets.group(handle),
        log -> {
          remove(actor, handle, user, precondition, log);
          return user;
        });
  }

  void remove(Actor actor, Handle handle, Handle user, Precondition precondition, ChangeLog log) {
    GroupStore.VisibleGroup seen = locked(actor, handle, log);
    boolean self = actor.handle().equals(user) && seen.role().isPresent();
    GroupAccess.demandMayChange(actor, seen, self ? GroupAction.LEAVE : GroupAction.KEEP_MEMBERS);
    Optional<GroupMember> member =
        users.find(user).flatMap(found -> groups.findMember(seen.group().id(), found.id()));
    precondition.demand(member, GroupMember::version);
    if (member.isEmpty()) {
      return;
    }
    if (self || (!actor.administrator() && users.sharePerson(actor.id(), member.get().user()))) {
      demandMayLeave(actor, seen);
    }
    demandAnotherManager(actor, seen, member.get());
    Lockout.demandPresented(actor, credentials);
    if (groups.removeMember(seen.group().id(), member.get().user())) {
      log.recordChange(
          AuditAction.GROUP_MEMBER_REMOVE, AuditTargets.group(seen.group()), List.of(user.value()));
    }
  }

  /**
   * Refuses to remove or demote the last manager while the managers are responsible for service
   * accounts, because nobody else would be responsible. Administrators may still remove or demote
   * the last manager, and then manage the group themselves.
   */
  private void demandAnotherManager(
      Actor actor, GroupStore.VisibleGroup seen, GroupMember leaving) {
    if (!actor.administrator()
        && leaving.role() == GroupRole.MANAGER
        && users.answersForAccounts(seen.group().id().value())
        && !groups.hasOtherManager(seen.group().id(), leaving.user())) {
      throw RefusedException.conflict(
          "in_use",
          "The managers of this group are responsible for service accounts. Make somebody else"
              + " a manager first.");
    }
  }

  /**
   * Refuses to let members leave if administrators have set limits for the group. A removal counts
   * as leaving if one person can act both as the actor and as the removed member, for example
   * because the member is a service account of the actor. Limits are written under the same lock,
   * so nobody can set limits before the member has left.
   */
  private void demandMayLeave(Actor actor, GroupStore.VisibleGroup seen) {
    boolean limited = groups.hasLimits(seen.group().id());
    if (!GroupPermissions.mayLeave(actor.administrator(), seen.role(), limited)) {
      throw RefusedException.forbidden(
          "Administrators have set limits for the members of this group. Ask them or a manager of"
              + " the group to end your membership.");
    }
  }

  /**
   * Locks a group with its members, so that the number of members can't change before a member is
   * added.
   */
  GroupStore.VisibleGroup locked(Actor actor, Handle handle, ChangeLog log) {
    GroupStore.VisibleGroup seen =
        groups.lock(handle, actor.id()).orElseThrow(RefusedException::notFound);
    log.setTarget(AuditTargets.group(seen.group()));
    return seen;
  }

  private User user(Handle handle) {
    Optional<User> user = handle.isSystem() ? Optional.empty() : users.hold(handle);
    return user.orElseThrow(() -> RefusedException.invalid(Fault.unknownReference("user", "user")));
  }

  private Group withVisibleMembers(Actor actor, Handle handle) {
    actor.demandManage();
    GroupStore.VisibleGroup seen =
        groups.find(handle, actor.id()).orElseThrow(RefusedException::notFound);
    GroupAccess.demandMay(actor, seen, GroupAction.SEE_MEMBERS);
    return seen.group();
  }
}
