package io.claviger.application.groups;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.AdministratorGroup;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class GroupUseCases implements Groups {
  private final GroupStore groups;
  private final GroupMemberships memberships;
  private final AdministratorGroup administrators;
  private final AuditedChanges changes;

  GroupUseCases(
      GroupStore groups,
      GroupMemberships memberships,
      AdministratorGroup administrators,
      AuditedChanges changes) {
    this.groups = groups;
    this.memberships = memberships;
    this.administrators = administrators;
    this.changes = changes;
  }

  @Override
  public Outcome<GroupView> find(Actor actor, Handle handle) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return view(groups.find(handle, actor.id()).orElseThrow(RefusedException::notFound));
        });
  }

  @Override
  public Outcome<Page<GroupView, Handle>> list(
      Actor actor, Optional<SearchText> text, PageRequest<Handle> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return Page.of(
                  groups.list(actor.id(), text, page.after(), page.limit() + 1),
                  page.limit(),
                  seen -> seen.group().handle())
              .map(GroupUseCases::view);
        });
  }

  @Override
  public Outcome<WrittenGroup> put(
      Actor actor, Handle handle, Precondition precondition, FieldWrites fields) {
    return write(
        actor,
        handle,
        log -> {
          Optional<GroupStore.VisibleGroup> before = groups.lock(handle, actor.id());
          if (before.isEmpty()) {
            log.recordAttemptAs(AuditAction.GROUP_CREATE);
            GroupAccess.demandMayCreate(actor);
          }
          precondition.demand(before, s -> s.group().version());
          FieldValues absent =
              FieldValues.NONE
                  .with(CommonFields.DISPLAY_NAME, new DisplayName(handle.value()))
                  .withOptional(
                      CommonFields.APPLIED_BY, before.flatMap(seen -> seen.group().appliedBy()));
          FieldValues after = fields.over(absent, Group.FIELDS);
          return before.isPresent()
              ? update(actor, before.get(), after, log)
              : insert(handle, after, log);
        });
  }

  /**
   * Attempts a change of a group. The audit trail records the change as an update, unless the
   * change creates the group.
   */
  private Outcome<WrittenGroup> write(
      Actor actor, Handle handle, AuditedChanges.Change<WrittenGroup> change) {
    return changes.change(actor, AuditAction.GROUP_UPDATE, AuditTargets.group(handle), change);
  }

  @Override
  public Outcome<WrittenGroup> patch(
      Actor actor, Handle handle, Precondition precondition, FieldWrites fields) {
    return write(
        actor,
        handle,
        log -> {
          GroupStore.VisibleGroup before = memberships.locked(actor, handle, log);
          precondition.demand(before.group().version());
          return update(actor, before, fields.over(before.group().fields(), Group.FIELDS), log);
        });
  }

  private WrittenGroup insert(Handle handle, FieldValues fields, ChangeLog log) {
    Instant now = changes.now();
    Group group =
        new Group(
            new Group.Id(changes.ids().next()), handle, fields, Optional.empty(), 1, now, now);
    groups.insert(group);
    log.recordChange(AuditAction.GROUP_CREATE, AuditTargets.group(group), List.of());
    return new WrittenGroup(new GroupView(group, 0), true);
  }

  private WrittenGroup update(
      Actor actor, GroupStore.VisibleGroup before, FieldValues fields, ChangeLog log) {
    log.setTarget(AuditTargets.group(before.group()));
    GroupAccess.demandMayChange(actor, before, GroupAction.DESCRIBE);
    List<ScalarField<?>> changed = before.group().fields().differingFrom(fields, Group.FIELDS);
    changed.forEach(
        field -> GroupAccess.demandMayChange(actor, before, GroupAction.toChange(field)));
    if (changed.isEmpty()) {
      return new WrittenGroup(view(before), false);
    }
    Group after = before.group().with(fields, changes.now());
    groups.update(after);
    log.recordChange(
        AuditAction.GROUP_UPDATE,
        AuditTargets.group(after),
        changed.stream().map(ScalarField::name).toList(),
        AuditEvent.Term.changed(before.group().texts(), after.texts()));
    return new WrittenGroup(new GroupView(after, before.memberCount()), false);
  }

  @Override
  public Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.GROUP_DELETE,
        AuditTargets.group(handle),
        log -> {
          GroupStore.VisibleGroup seen =
              administrators
                  .locked(
                      () -> groups.find(handle, actor.id()),
                      () -> groups.lock(handle, actor.id()),
                      each -> administrators.is(each.group()))
                  .orElseThrow(RefusedException::notFound);
          log.setTarget(AuditTargets.group(seen.group()));
          // Administrators can delete a synced group, too. If the identity provider names the group
          // again later, the group is created again, but without shares.
          GroupAccess.demandMay(actor, seen, GroupAction.DELETE);
          precondition.demand(seen.group().version());
          administrators.delete(seen.group(), () -> delete(seen.group()), changes.now(), log);
          log.recordChange(AuditAction.GROUP_DELETE, AuditTargets.group(seen.group()), List.of());
          return handle;
        });
  }

  private void delete(Group group) {
    try {
      groups.delete(group.id());
    } catch (StillReferenced e) {
      throw RefusedException.conflict(
          "in_use",
          "The managers of this group are responsible for service accounts. Make somebody"
              + " else responsible for them first.");
    }
  }

  @Override
  public Outcome<GroupMember> findMember(Actor actor, Handle group, Handle user) {
    return memberships.find(actor, group, user);
  }

  @Override
  public Outcome<Page<GroupMember, Handle>> listMembers(
      Actor actor, Handle group, PageRequest<Handle> page) {
    return memberships.list(actor, group, page);
  }

  @Override
  public Outcome<WrittenMember> putMember(
      Actor actor,
      Handle group,
      Handle user,
      Precondition precondition,
      GroupRole role,
      Field<AppliedBy> appliedBy) {
    return memberships.put(actor, group, user, precondition, role, appliedBy);
  }

  @Override
  public Outcome<Handle> removeMember(
      Actor actor, Handle group, Handle user, Precondition precondition) {
    return memberships.remove(actor, group, user, precondition);
  }

  @Override
  public void removeMember(ChangeLog log, Actor actor, Handle group, Handle user) {
    memberships.remove(actor, group, user, Precondition.NONE, log);
  }

  private static GroupView view(GroupStore.VisibleGroup seen) {
    return new GroupView(seen.group(), seen.memberCount());
  }
}
