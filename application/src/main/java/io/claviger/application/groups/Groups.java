package io.claviger.application.groups;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
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
 * Groups of users, and who is in them.
 *
 * <p>Everybody sees the groups, because everybody may share with one; only its members and
 * administrators see who is in it. Administrators create and delete groups. Managers change the
 * members and the display name. Everything here is refused as {@code forbidden} to a token of scope
 * use, and as {@code not_found} when there is no such group. A change of a synced group is refused
 * as a conflict with {@code synced}, because the identity provider decides about it. Administrators
 * can delete one, because somebody may need its handle for another group.
 */
public interface Groups {

  static Groups of(GroupStore groups, UserStore users, AuditedChanges changes) {
    return new GroupUseCases(groups, new GroupMemberships(groups, users, changes), changes);
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
   * Creates a local group without members, or replaces the fields of an existing one. An absent
   * display name becomes the handle. The name of the file from which the group is applied stays if
   * it is absent, and only administrators change it.
   *
   * <p>Refused as {@code forbidden} to anybody who is neither an administrator nor, for an existing
   * group, its manager; as {@code precondition_failed} when the group is not as demanded.
   */
  Outcome<WrittenGroup> put(
      Actor actor, Handle group, Precondition precondition, FieldWrites fields);

  /**
   * Changes an existing group; absent fields keep their values. Otherwise like {@link #put};
   * refused as {@code not_found} when there is none.
   */
  Outcome<WrittenGroup> patch(
      Actor actor, Handle group, Precondition precondition, FieldWrites fields);

  /**
   * Deletes a group, and with it what was shared with it. Refused as {@code forbidden} to all but
   * administrators; as {@code precondition_failed} when the group is not as demanded; as a conflict
   * with {@code in_use} while its managers are responsible for service accounts.
   */
  Outcome<Handle> delete(Actor actor, Handle group, Precondition precondition);

  /**
   * Shows one membership to members and administrators. Refused as {@code forbidden} to anybody
   * else, and as {@code not_found} when the user is no member.
   */
  Outcome<GroupMember> findMember(Actor actor, Handle group, Handle user);

  /**
   * Lists the members by handle. Refused as {@code forbidden} to all but them and administrators.
   */
  Outcome<Page<GroupMember, Handle>> listMembers(
      Actor actor, Handle group, PageRequest<Handle> page);

  /**
   * Adds a user to a group, or changes their role in it.
   *
   * <p>Refused as {@code forbidden} to anybody who is neither a manager nor an administrator; as
   * invalid when there is no such user, and for {@code _system}; as a conflict with {@code
   * group_full} when the group has as many members as it may.
   *
   * @param appliedBy the name of the file that gives the role; if absent, it stays as it is
   */
  Outcome<WrittenMember> putMember(
      Actor actor, Handle group, Handle user, GroupRole role, Field<AppliedBy> appliedBy);

  /**
   * Ends a membership, and with it what the user was given by the group. Ending a membership that
   * does not exist changes nothing and is no error. Managers and administrators end any membership,
   * and members their own. Refused as {@code forbidden} to anybody else.
   */
  Outcome<Handle> removeMember(Actor actor, Handle group, Handle user);

  /**
   * Ends a membership as {@link #removeMember(Actor, Handle, Handle)} does, within the transaction
   * of the caller.
   *
   * @throws io.claviger.application.shared.RefusedException when the actor may not end it
   */
  void removeMember(ChangeLog log, Actor actor, Handle group, Handle user);

  /**
   * A group after it was written.
   *
   * @param created whether there was none before
   */
  record WrittenGroup(GroupView view, boolean created) {}

  /**
   * A membership after it was written.
   *
   * @param created whether there was none before
   */
  record WrittenMember(GroupMember member, boolean created) {}
}
