package io.claviger.application.groups.port;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import java.util.List;
import java.util.Optional;

/** Stores groups and their members. */
public interface GroupStore {
  /**
   * A group as a certain viewer sees it.
   *
   * @param memberCount the number of members
   * @param role the viewer's role in the group; empty if the viewer is not a member
   */
  record VisibleGroup(Group group, int memberCount, Optional<GroupRole> role) {}

  Optional<VisibleGroup> find(Handle handle, User.Id viewer);

  /** Finds a group, and locks the group and its members for a change until the transaction ends. */
  Optional<VisibleGroup> lock(Handle handle, User.Id viewer);

  /**
   * Finds a group and locks it against deletion until the transaction ends. Several transactions
   * can hold this lock on a group at the same time.
   */
  Optional<Group> hold(Handle handle);

  Optional<Group> find(Handle handle);

  /**
   * Lists groups by handle.
   *
   * @param text a part of the handle or display name
   */
  List<VisibleGroup> list(
      User.Id viewer, Optional<SearchText> text, Optional<Handle> after, int limit);

  /**
   * Stores a new group.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the handle is taken
   */
  void insert(Group group);

  void update(Group group);

  /**
   * Deletes a group with its memberships and the shares that were given to it.
   *
   * @throws io.claviger.application.shared.StillReferenced when the group's managers are
   *     responsible for a service account
   */
  void delete(Group.Id id);

  /**
   * Whether administrators have set limits for each member of a group, or for all members together.
   */
  boolean hasLimits(Group.Id group);

  Optional<GroupMember> findMember(Group.Id group, User.Id user);

  /** Whether a group has a manager other than this user. */
  boolean hasOtherManager(Group.Id group, User.Id user);

  /**
   * Locks a membership, so that it does not end before the transaction ends. Returns whether there
   * is such a membership.
   */
  boolean holdMember(Group.Id group, User.Id user);

  /** Lists the members of a group, ordered by handle. */
  List<GroupMember> listMembers(Group.Id group, Optional<Handle> after, int limit);

  /**
   * Adds a member, or changes the role of a member.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the group or the user no longer
   *     exists
   */
  void putMember(Group.Id group, GroupMember member);

  /** Ends a membership. Returns whether there was such a membership. */
  boolean removeMember(Group.Id group, User.Id user);
}
