package io.claviger.persistence.sharing;

import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.UUID;

/** Reads the holder of a share from the columns {@code grantee_id} and {@code grantee_handle}. */
final class GranteeRows {
  private GranteeRows() {}

  public static Grantee grantee(Row row) throws SQLException {
    UUID id = row.uuid("grantee_id");
    GranteeName name = GranteeName.of(row.text("grantee_handle"));
    return name.isGroup()
        ? new Grantee.Members(new Group.Id(id), name.handle())
        : new Grantee.OneUser(new User.Id(id), name.handle());
  }
}
