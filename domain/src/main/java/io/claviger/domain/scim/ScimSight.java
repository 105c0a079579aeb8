package io.claviger.domain.scim;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import java.util.Optional;

/**
 * Decides which users and groups an identity provider can see by SCIM. The identity provider may
 * change exactly the users and groups that it can see. No other class decides this; only SQL
 * statements that list users and groups repeat the rules.
 */
public final class ScimSight {
  private ScimSight() {}

  /**
   * Whether an issuer can see a user. The issuer can see a person whom the issuer created, or whose
   * identity is at the issuer. The issuer can't see a person whom it has deleted. An issuer can
   * never see {@code root}, the built-in user or a service account.
   *
   * @param record the SCIM record of the user; empty if the user has no SCIM record
   * @param identity the issuer of the user's identity; empty if the user has no identity
   */
  public static boolean sees(
      Issuer issuer, User user, Optional<ScimUser> record, Optional<Issuer> identity) {
    if (user.isServiceAccount() || user.handle().isSystem() || user.handle().equals(Handle.ROOT)) {
      return false;
    }
    Optional<ScimUser> own = record.filter(one -> one.issuer().equals(issuer));
    return own.isPresent() ? !own.get().deleted() : identity.filter(issuer::equals).isPresent();
  }

  /**
   * Whether an issuer can see a group. The issuer can see a group that comes from the issuer,
   * unless the issuer has deleted the group. An issuer can never see a local group.
   */
  public static boolean sees(Issuer issuer, Group group, Optional<ScimGroup> record) {
    return group.source().filter(from -> from.issuer().equals(issuer.value())).isPresent()
        && record.filter(ScimGroup::deleted).isEmpty();
  }
}
