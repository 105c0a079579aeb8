package io.claviger.application.sharing;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;

/**
 * Decides whether somebody who sees the shares of a service may learn that a user calls the service
 * as a member of a group. Without this decision, everybody could find out who is in a group by
 * lending a service to the group.
 */
public final class MemberSight {
  private final GroupStore groups;
  private final AttributedUsers callers;

  public MemberSight(GroupStore groups, AttributedUsers callers) {
    this.groups = groups;
    this.callers = callers;
  }

  /**
   * Whether the actor may learn that the user calls the service as a member of the group.
   * Administrators and the members of the group know who is in the group anyway. If the user has
   * made calls, everybody who sees the shares knows that the user called through the group.
   *
   * @param owner the present owner of the service
   */
  public boolean tells(
      Actor actor, Group.Id group, User.Id member, Instance.Id service, User.Id owner) {
    return actor.administrator()
        || groups.findMember(group, actor.id()).isPresent()
        || callers.called(service, owner, member);
  }
}
