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
 * Stores the statements that identity providers make by SCIM about users. Callers must lock the
 * user before they write.
 */
public interface ScimUserStore extends Provisioning {
  /**
   * A user, with the data about the user that SCIM needs.
   *
   * @param record the statements that an identity provider made about the user by SCIM; the present
   *     request might come from a different identity provider
   * @param identity the user's identity, which might be at another issuer
   * @param objectId the value of the claim {@code oid} at the last sign-in
   */
  record Entry(
      User user,
      Optional<ScimUser> record,
      Optional<LinkedIdentity> identity,
      Optional<String> objectId) {}

  Optional<Entry> findEntry(User.Id user);

  /**
   * Finds an issuer's user with this {@code externalId}, even if the issuer has deleted the user.
   */
  Optional<Entry> findByExternalId(Issuer issuer, String externalId);

  /** Finds an issuer's user with this {@code userName} whom the issuer has not deleted. */
  Optional<Entry> findByUserName(Issuer issuer, String userName);

  /**
   * Finds the user whom the issuer has deleted, who has no {@code externalId}, and whose last
   * {@code userName} was the given name.
   */
  Optional<Entry> findDeletedByUserName(Issuer issuer, String userName);

  /** Finds the user whose identity at an issuer has a claim with the given value. */
  Optional<Entry> findByClaim(Issuer issuer, ScimSubject.Claim claim, String value);

  /**
   * Lists the users whom an issuer sees ({@link io.claviger.domain.scim.ScimSight}), ordered by id.
   *
   * @param skipped the number of users to skip at the beginning
   */
  List<Entry> list(Issuer issuer, int skipped, int limit);

  int count(Issuer issuer);

  /**
   * Counts the users about whom an issuer made statements by SCIM, including users whom the issuer
   * has deleted.
   *
   * @param enough the number at which counting stops
   */
  int countKept(Issuer issuer, int enough);

  /** Returns which of the given users an issuer sees. */
  Map<User.Id, User> visible(Issuer issuer, Collection<User.Id> users);

  /**
   * Does the same as {@link #visible}. In addition, prevents other transactions from locking, and
   * thus from deleting, these users until the transaction ends.
   */
  Map<User.Id, User> holdVisible(Issuer issuer, Collection<User.Id> users);

  /**
   * Stores an issuer's first statements about a user.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if another user of the issuer has
   *     the {@code externalId} or {@code userName}
   */
  void insert(ScimUser user);

  /** Ends a user's memberships in all groups of an issuer. */
  void leaveGroups(User.Id user, Issuer issuer);

  /** Whether somebody can still accept services or projects that the user has offered. */
  boolean hasOpenOffers(User.Id user);

  /** Counts the administrators who are not suspended, without the given user. */
  int countOtherAdministrators(User.Id user);
}
