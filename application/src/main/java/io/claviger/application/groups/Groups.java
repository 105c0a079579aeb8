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
 * <p>Everybody sees the groups, because everybody may share with a group; only the members of a
 * group and administrators see who is in the group. Administrators create and delete groups.
 * Managers change the members and the display name. All methods refuse a token of scope use with
 * {@code forbidden}, and answer {@code not_found} if there is no such group. A change of a synced
 * group causes the conflict {@code synced}, because the identity provider decides about such
 * groups. Administrators can delete a synced group, because its handle may be needed for another
 * group.
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
   * Creates a local group without members, or replaces the fields of an existing group. An absent
   * display name becomes the handle. If the name of the file from which the group is applied is
   * absent, the stored name of the file stays; only administrators can change this name.
   *
   * <p>Only administrators create groups, and only administrators and the group's managers replace
   * its fields; anybody else is refused with {@code forbidden}. The answer is {@code
   * precondition_failed} if the group does not meet the precondition.
   */
  Outcome<WrittenGroup> put(
      Actor actor, Handle group, Precondition precondition, FieldWrites fields);

  /**
   * Changes an existing group; absent fields keep their values. In all other respects, the rules of
   * {@link #put} apply. The answer is {@code not_found} if there is no such group.
   */
  Outcome<WrittenGroup> patch(
      Actor actor, Handle group, Precondition precondition, FieldWrites fields);

  /**
   * Deletes a group together with the shares that were given to it. Only administrators may delete
   * a group; anybody else is refused with {@code forbidden}. The answer is {@code
   * precondition_failed} if the group does not meet the precondition. While the group's managers
   * are responsible for service accounts, the answer is the conflict {@code in_use}. Members who
   * are administrators because of the group lose that right. If no administrator who can act would
   * be left, the answer is the conflict {@code last_administrator}.
   */
  Outcome<Handle> delete(Actor actor, Handle group, Precondition precondition);

  /**
   * Shows one membership to the group's members and to administrators; anybody else is refused with
   * {@code forbidden}. The answer is {@code not_found} if the user is not a member.
   */
  Outcome<GroupMember> findMember(Actor actor, Handle group, Handle user);

  /**
   * Lists the members by handle, to members and administrators; anybody else is refused with {@code
   * forbidden}.
   */
  Outcome<Page<GroupMember, Handle>> listMembers(
      Actor actor, Handle group, PageRequest<Handle> page);

  /**
   * Adds a user to a group, or changes their role in it.
   *
   * <p>Only managers and administrators may do this; anybody else is refused with {@code
   * forbidden}. The attempt is invalid if there is no such user or if the user is {@code _system}.
   * If the group has as many members as allowed, the answer is the conflict {@code group_full}. If
   * the managers of the group are responsible for service accounts, only administrators may change
   * the last manager into an ordinary member; for anybody else the answer is the conflict {@code
   * in_use}.
   *
   * @param appliedBy the name of the file that gives the role; if absent, the stored name stays
   */
  Outcome<WrittenMember> putMember(
      Actor actor, Handle group, Handle user, GroupRole role, Field<AppliedBy> appliedBy);

  /**
   * Ends a membership, and with it everything that the user could use through the group. If the
   * membership does not exist, nothing is changed, and the call succeeds. Managers and
   * administrators may end any membership, and members may end their own; anybody else is refused
   * with {@code forbidden}. For the last manager, the rule of {@link #putMember} applies.
   */
  Outcome<Handle> removeMember(Actor actor, Handle group, Handle user);

  /**
   * Ends a membership as {@link #removeMember(Actor, Handle, Handle)} does, within the transaction
   * of the caller.
   *
   * @throws io.claviger.application.shared.RefusedException when the actor may not end the
   *     membership
   */
  void removeMember(ChangeLog log, Actor actor, Handle group, Handle user);

  /**
   * A group after it was written.
   *
   * @param created whether the group is new
   */
  record WrittenGroup(GroupView view, boolean created) {}

  /**
   * A membership after it was written.
   *
   * @param created whether the membership is new
   */
  record WrittenMember(GroupMember member, boolean created) {}
}
