package io.claviger.web.groups;

import io.claviger.application.groups.GroupView;

/** A group as the API shows it to everybody. */
record GroupJson(String handle, String displayName, String kind, int memberCount, long version) {
  static GroupJson of(GroupView view) {
    return new GroupJson(
        view.group().handle().value(),
        view.group().displayName().value(),
        view.group().kind().wireName(),
        view.memberCount(),
        view.group().version());
  }
}
