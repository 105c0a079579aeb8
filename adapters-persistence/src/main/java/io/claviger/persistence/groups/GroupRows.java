package io.claviger.persistence.groups;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupId;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.groups.GroupSource;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;

/** Reads groups and members from rows. */
final class GroupRows {
  private GroupRows() {}

  static Group group(Row row) throws SQLException {
    return new Group(
        new GroupId(row.uuid("id")),
        new Handle(row.text("handle")),
        new DisplayName(row.text("display_name")),
        source(row),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.optionalText("applied_by").map(AppliedBy::new));
  }

  static GroupStore.VisibleGroup seen(Row row) throws SQLException {
    return new GroupStore.VisibleGroup(
        group(row),
        row.number("member_count"),
        row.optionalText("viewers_role").map(GroupRole::of));
  }

  static GroupMember member(Row row) throws SQLException {
    return new GroupMember(
        new UserId(row.uuid("user_id")),
        new Handle(row.text("user_handle")),
        GroupRole.of(row.text("role")),
        row.instant("created_at"),
        row.optionalText("applied_by").map(AppliedBy::new));
  }

  private static Optional<GroupSource> source(Row row) throws SQLException {
    return row.has("issuer")
        ? Optional.of(new GroupSource(row.text("issuer"), row.text("claim_value")))
        : Optional.empty();
  }
}
