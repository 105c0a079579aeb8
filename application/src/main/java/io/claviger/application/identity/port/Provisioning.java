package io.claviger.application.identity.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimUser;
import java.util.List;
import java.util.Optional;

/** Reads and writes those SCIM data of an identity provider that sign-ins need. */
public interface Provisioning {
  /** Whether an issuer has a SCIM token, and therefore manages its users by SCIM. */
  boolean isOn(Issuer issuer);

  /**
   * Finds an issuer's record of the person whose attribute has the given value. The value is
   * compared exactly.
   */
  Optional<ScimUser> find(Issuer issuer, ScimSubject.Attribute attribute, String value);

  Optional<ScimUser> find(User.Id user);

  Optional<Handle> handle(User.Id user);

  /**
   * Stores the statements of an identity provider about a user.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another user of the issuer has
   *     this {@code externalId} or {@code userName}
   */
  void update(ScimUser user);

  /** Returns the claim {@code oid} from the last sign-in with a user's identity. */
  Optional<String> objectId(User.Id user);

  void setObjectId(User.Id user, Optional<String> objectId);

  /**
   * Whether a user is in the group that an issuer manages by SCIM under exactly the given value.
   */
  boolean isMember(User.Id user, Issuer issuer, String claimValue);

  /**
   * Returns the members of a group who are administrators, whether because of the group or for
   * another reason.
   */
  List<User> administratorsIn(Group.Id group);

  /**
   * Ends a user's memberships in two kinds of groups: the issuer's groups that the issuer does not
   * manage by SCIM, and other issuers' groups. If the issuer manages no group by SCIM, no
   * membership ends.
   */
  void leaveForgottenGroups(User.Id user, Issuer issuer);
}
