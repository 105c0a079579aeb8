package io.claviger.application.scim.port;

import io.claviger.application.identity.port.Provisioning;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimUser;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stores the statements about users that identity providers make by SCIM. Callers lock the user
 * before they write.
 */
public interface ScimUserStore extends Provisioning {
  /**
   * A user, with the records that SCIM needs.
   *
   * @param record what an identity provider has stated about the user by SCIM; this may be a
   *     provider other than the provider that makes the request
   * @param identity the user's identity, which may be at another issuer
   * @param objectId the claim {@code oid} of the last sign-in
   */
  record Entry(
      User user,
      Optional<ScimUser> record,
      Optional<LinkedIdentity> identity,
      Optional<String> objectId) {}

  Optional<Entry> findEntry(User.Id user);

  /**
   * Finds the user who has this externalId at an issuer, even if the issuer has deleted the user.
   */
  Optional<Entry> findByExternalId(Issuer issuer, String externalId);

  /** Finds the user who has this userName at an issuer and is not deleted. */
  Optional<Entry> findByUserName(Issuer issuer, String userName);

  /**
   * Finds the user without an externalId whom the issuer deleted and who was the last to have this
   * userName.
   */
  Optional<Entry> findDeletedByUserName(Issuer issuer, String userName);

  /** Finds the user whose identity at an issuer has this claim. */
  Optional<Entry> findByClaim(Issuer issuer, ScimSubject.Claim claim, String value);

  /**
   * Lists, by id, the users whom an issuer sees ({@link io.claviger.domain.scim.ScimSight}).
   *
   * @param skipped how many users are left out at the beginning of the list
   */
  List<Entry> list(Issuer issuer, int skipped, int limit);

  int count(Issuer issuer);

  /**
   * Counts the users about whom an issuer has stated something by SCIM, including users whom the
   * issuer has deleted.
   *
   * @param enough the number at which counting stops
   */
  int countKept(Issuer issuer, int enough);

  /** Returns those of the given users whom an issuer sees. */
  Map<User.Id, User> visible(Issuer issuer, Collection<User.Id> users);

  /**
   * Stores an issuer's statements about a user for the first time.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another user of the issuer has
   *     that externalId or userName
   */
  void insert(ScimUser user);

  /** Ends a user's memberships in all groups of an issuer. */
  void leaveGroups(User.Id user, Issuer issuer);

  /** Counts the administrators who are not suspended, except the given user. */
  int countOtherAdministrators(User.Id user);
}
