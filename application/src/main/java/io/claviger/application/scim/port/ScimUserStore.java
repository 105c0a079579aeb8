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

/** Stores what identity providers say about users by SCIM. Writers have locked the user before. */
public interface ScimUserStore extends Provisioning {
  /**
   * A user with what SCIM depends on.
   *
   * @param record what an identity provider has said; it may be another one
   * @param identity the user's identity, which may be at another issuer
   * @param objectId the claim {@code oid} of the last sign-in
   */
  record Entry(
      User user,
      Optional<ScimUser> record,
      Optional<LinkedIdentity> identity,
      Optional<String> objectId) {}

  Optional<Entry> findEntry(User.Id user);

  /** Finds the user who has this externalId at an issuer, even if it has deleted the user. */
  Optional<Entry> findByExternalId(Issuer issuer, String externalId);

  /** Finds the user who has this userName at an issuer and is not deleted. */
  Optional<Entry> findByUserName(Issuer issuer, String userName);

  /** Finds the deleted user without an externalId who had this userName last. */
  Optional<Entry> findDeletedByUserName(Issuer issuer, String userName);

  /** Finds the user whose identity at an issuer has this claim. */
  Optional<Entry> findByClaim(Issuer issuer, ScimSubject.Claim claim, String value);

  /**
   * Lists, by id, the users whom an issuer sees ({@link io.claviger.domain.scim.ScimSight}).
   *
   * @param skipped how many are left out at the beginning
   */
  List<Entry> list(Issuer issuer, int skipped, int limit);

  int count(Issuer issuer);

  /**
   * Counts the users about whom an issuer has said something, with those whom it has deleted.
   *
   * @param enough the count stops there
   */
  int countKept(Issuer issuer, int enough);

  /** Returns those of some users whom an issuer sees. */
  Map<User.Id, User> visible(Issuer issuer, Collection<User.Id> users);

  /**
   * Stores what an issuer says about a user for the first time.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another user of the issuer has
   *     that externalId or userName
   */
  void insert(ScimUser user);

  /** Ends a user's memberships in all groups of an issuer. */
  void leaveGroups(User.Id user, Issuer issuer);

  /** How many administrators there are who are not suspended, without this user. */
  int countOtherAdministrators(User.Id user);

  void setAdministersByGroup(User.Id user, boolean byGroup);
}
