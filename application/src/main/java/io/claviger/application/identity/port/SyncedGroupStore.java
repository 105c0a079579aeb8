package io.claviger.application.identity.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.List;

/** Stores the groups that come from an identity provider, and who is in them. */
public interface SyncedGroupStore {
  /** The greatest number of groups that are made from the values of one issuer. */
  int MOST = 10_000;

  /**
   * Makes a user a member of exactly these synced groups, and leaves the user in the groups in
   * which an identity provider keeps the user by SCIM. A group is identified by its issuer and the
   * exact value. Groups that do not exist yet are created, with the value in lower case as their
   * handle. A value is left out in three cases: the value is no handle, the handle is taken by
   * another group, or there are already {@link #MOST} groups. A value that is not a valid handle is
   * left out even if there is a group for it. Such a group was created by an earlier version, and
   * its handle may belong to another value. This method returns the values that were left out.
   */
  List<String> replaceMemberships(User.Id user, Issuer issuer, List<String> values, Instant now);
}
