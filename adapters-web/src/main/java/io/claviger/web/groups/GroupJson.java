package io.claviger.web.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.domain.AppliedBy;
import java.util.Optional;

/** A group as the API shows it to everybody. */
record GroupJson(
    String handle,
    String displayName,
    String kind,
    int memberCount,
    Optional<String> appliedBy,
    long version) {
  static GroupJson of(GroupView view) {
    return new GroupJson(
        view.group().handle().value(),
        view.group().displayName().value(),
        view.group().kind().wireName(),
        view.memberCount(),
        view.group().appliedBy().map(AppliedBy::value),
        view.group().version());
  }
}
