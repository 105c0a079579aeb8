package io.claviger.console.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.console.page.Area;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupPermissions;

/**
 * A group, as a list shows it.
 *
 * @param keptHere whether people manage the group's members in Claviger; false if only the identity
 *     provider changes the group
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
