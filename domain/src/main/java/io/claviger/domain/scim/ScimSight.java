package io.claviger.domain.scim;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import java.util.Optional;

/**
 * Decides what an identity provider sees by SCIM. It may change exactly what it sees. No other code
 * decides this; statements that list users and groups say the same in SQL.
 */
public final class ScimSight {
  private static final Handle ROOT = new Handle("root");

  private ScimSight() {}

  /**
   * Whether an issuer sees a user: a person whom it made, or whose identity is at this issuer, and
   * whom it has not deleted. Never {@code root}, the built-in user or a service account.
   *
   * @param record what an identity provider has said about the user
   * @param identity where the user's identity is
   */
  public static boolean sees(
      Issuer issuer, User user, Optional<ScimUser> record, Optional<Issuer> identity) {
    if (user.isServiceAccount() || user.handle().isSystem() || user.handle().equals(ROOT)) {
      return false;
    }
    Optional<ScimUser> own = record.filter(one -> one.issuer().equals(issuer));
    return own.isPresent() ? !own.get().deleted() : identity.filter(issuer::equals).isPresent();
  }

  /**
   * Whether an issuer sees a group: one that comes from this issuer and that it has not deleted.
   * Never a local group.
   */
  public static boolean sees(Issuer issuer, Group group, Optional<ScimGroup> record) {
    return group.source().filter(from -> from.issuer().equals(issuer.value())).isPresent()
        && record.filter(ScimGroup::deleted).isEmpty();
  }
}
