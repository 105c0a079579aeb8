package io.claviger.console.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.console.page.Area;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupPermissions;

/**
 * A group, as a list shows it.
 *
 * @param keptHere whether the group's members are kept in Claviger and can be changed here; if not,
 *     only the identity provider changes the group
 */
public record GroupLine(
    String handle, String displayName, int members, boolean keptHere, long version) {
  public static GroupLine of(GroupView view) {
    Group group = view.group();
    return new GroupLine(
        group.handle().value(),
        group.displayName().value(),
        view.memberCount(),
        GroupPermissions.isKeptHere(group.kind()),
        group.version());
  }

  public String path() {
    return Area.GROUPS.path(handle);
  }
}
