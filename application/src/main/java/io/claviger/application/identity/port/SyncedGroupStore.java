package io.claviger.application.identity.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.List;

/** Stores the groups that come from an identity provider, and their members. */
public interface SyncedGroupStore {
  /** The maximum number of groups that are created from an issuer's values. */
  int MOST = 10_000;

  /**
   * Makes a user a member of exactly these synced groups. Memberships that an identity provider
   * manages by SCIM do not end. A group is identified by its issuer and its exact value. Missing
   * groups are created, with the value in lower case as their handle. A value is left out in three
   * cases: the value is not a valid handle, the handle is taken by another group, or there are
   * already {@link #MOST} groups. A value that is not a valid handle is left out even if a group
   * with this value exists. A group for such a value was created by an earlier version, and its
   * handle might belong to another value. Returns the values that were left out.
   */
  List<String> replaceMemberships(User.Id user, Issuer issuer, List<String> values, Instant now);
}
