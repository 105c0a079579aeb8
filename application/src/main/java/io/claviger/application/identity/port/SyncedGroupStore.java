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
   * Makes a user a member of exactly these synced groups. Groups are known by issuer and exact
   * value. Those that are new are made, with the value as their handle; only the case of letters is
   * folded. A value is left out when it is no handle, when the handle is taken, and when there are
   * {@link #MOST} groups already. A value is also left out if it is no handle but has a group. An
   * earlier version created that group, under a handle that another value may mean.
   *
   * @return the values that were left out
   */
  List<String> replaceMemberships(User.Id user, Issuer issuer, List<String> values, Instant now);

  /**
   * Whether administrators limit the members of a synced group that the user is in. Until the
   * transaction ends, nobody sets limits for these groups.
   */
  boolean limitMember(User.Id user);
}
