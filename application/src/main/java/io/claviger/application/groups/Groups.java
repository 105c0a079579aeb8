package io.claviger.application.groups;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.AdministratorGroup;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import java.util.Optional;

/**
 * Shows and writes groups of users and their members.
 *
 * <p>Everybody sees the groups, because everybody may share with a group. Only a group's members
 * and administrators see who is in the group. Administrators create and delete groups. Managers
 * change the members and the display name. All methods refuse a token with the scope {@code use}
 * with {@code forbidden}. If there is no such group, the answer is {@code not_found}. A change of a
 * synced group causes the conflict {@code synced}, because the identity provider decides about
 * synced groups. Administrators can nevertheless delete a synced group, because its handle might be
 * needed for another group.
 */
public interface Groups {

  static Groups of(
      GroupStore groups,
      UserStore users,
      CredentialStore credentials,
      AdministratorGroup administrators,
      AuditedChanges changes) {
    return new GroupUseCases(
        groups, new GroupMemberships(groups, users, credentials, changes), administrators, changes);
  }

  Outcome<GroupView> find(Actor actor, Handle group);

  /** Lists all groups by handle. */
  default Outcome<Page<GroupView, Handle>> list(Actor actor, PageRequest<Handle> page) {
    return list(actor, Optional.empty(), page);
  }

  /**
   * Lists groups by handle.
   *
   * @param text a part of the handle or display name
   */
  Outcome<Page<GroupView, Handle>> list(
      Actor actor, Optional<SearchText> text, PageRequest<Handle> page);

  /**
   * Creates a local group without members, or replaces the fields of an existing group. By default,
   * the display name is the handle. The stored name of the file from which the group is applied
   * does not change by default. Only administrators can change this name.
   *
   * <p>Only administrators create groups. Only administrators and the group's managers replace a
   * group's fields. Anybody else is refused with {@code forbidden}. If the group does not meet the
   * precondition, the answer is {@code precondition_failed}.
   */
  Outcome<WrittenGroup> put(
      Actor actor, Handle group, Precondition precondition, FieldWrites fields);

  /**
   * Changes an existing group. Fields that the write does not contain keep their values. In all
   * other respects, the rules of {@link #put} apply. If there is no such group, the answer is
   * {@code not_found}.
   */
  Outcome<WrittenGroup> patch(
      Actor actor, Handle group, Precondition precondition, FieldWrites fields);

  /**
   * Deletes a group and the shares that were given to it. Only administrators may delete a group.
   * Anybody else is refused with {@code forbidden}. If the group does not meet the precondition,
   * the answer is {@code precondition_failed}. While the group's managers are responsible for
   * service accounts, the answer is the conflict {@code in_use}. Members who are administrators
   * because of the group lose the rights of administrators. If no administrator who can act would
   * be left, the answer is the conflict {@code last_administrator}.
   */
  Outcome<Handle> delete(Actor actor, Handle group, Precondition precondition);

  /**
   * Shows a membership to the group's members and to administrators. Anybody else is refused with
   * {@code forbidden}. If the user is not a member, the answer is {@code not_found}.
   */
  Outcome<GroupMember> findMember(Actor actor, Handle group, Handle user);

  /**
   * Lists the members by handle. Only members and administrators may see the list. Anybody else is
   * refused with {@code forbidden}.
   */
  Outcome<Page<GroupMember, Handle>> listMembers(
      Actor actor, Handle group, PageRequest<Handle> page);

  /**
   * Adds a user to a group, or changes the user's role in the group.
   *
   * <p>Only managers and administrators may add members and change roles. Anybody else is refused
   * with {@code forbidden}. The attempt is invalid if there is no such user, or if the user is
   * {@code _system}. If the group already has the maximum number of members, the answer is the
   * conflict {@code group_full}. If the group's managers are responsible for service accounts, only
   * administrators may demote the last manager. For anybody else, the answer is the conflict {@code
   * in_use}. If the membership does not meet the precondition, the answer is {@code
   * precondition_failed}.
   *
   * @param precondition the precondition that {@link GroupMember#version} must meet
   * @param appliedBy the name of the file that gives the role; if absent, the stored name does not
   *     change
   */
  Outcome<WrittenMember> putMember(
      Actor actor,
      Handle group,
      Handle user,
      Precondition precondition,
      GroupRole role,
      Field<AppliedBy> appliedBy);

  /** Does the same as the other method {@code putMember}, without a precondition. */
  default Outcome<WrittenMember> putMember(
      Actor actor, Handle group, Handle user, GroupRole role, Field<AppliedBy> appliedBy) {
    return putMember(actor, group, user, Precondition.NONE, role, appliedBy);
  }

  /**
   * Ends a membership, with everything that the user could use through the group. If the membership
   * does not exist, the call changes nothing and succeeds. Managers and administrators may end any
   * membership. Members may end their own memberships, unless administrators set limits for the
   * group and the member is no administrator. A person and the person's service accounts may end
   * each other's memberships like their own. Anybody else is refused with {@code forbidden}. For
   * the last manager, the rule of {@link #putMember} applies. If the membership does not meet the
   * precondition, the answer is {@code precondition_failed}.
   *
   * @param precondition the precondition that {@link GroupMember#version} must meet
   */
  Outcome<Handle> removeMember(Actor actor, Handle group, Handle user, Precondition precondition);

  /** Does the same as the other method {@code removeMember}, without a precondition. */
  default Outcome<Handle> removeMember(Actor actor, Handle group, Handle user) {
    return removeMember(actor, group, user, Precondition.NONE);
  }

  /**
   * Does the same as {@link #removeMember(Actor, Handle, Handle)}, in the caller's transaction.
   *
   * @throws io.claviger.application.shared.RefusedException when the actor may not end the
   *     membership
   */
  void removeMember(ChangeLog log, Actor actor, Handle group, Handle user);

  /**
   * A written group.
   *
   * @param created whether the group is new
   */
  record WrittenGroup(GroupView view, boolean created) {}

  /**
   * A written membership.
   *
   * @param created whether the membership is new
   */
  record WrittenMember(GroupMember member, boolean created) {}
}
