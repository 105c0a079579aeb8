package io.claviger.application.identity.port;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.identity.Issuer;
import java.time.Instant;
import java.util.List;

/** Stores the groups that come from an identity provider, and who is in them. */
public interface SyncedGroupStore {
  /**
   * Makes a user a member of exactly these synced groups. Groups are known by issuer and exact
   * value; those that are new are made, with a handle folded from the value. Where that handle is
   * taken or impossible, the value is left out.
   *
   * @return the values that were left out
   */
  List<String> replaceMemberships(UserId user, Issuer issuer, List<String> values, Instant now);
}
