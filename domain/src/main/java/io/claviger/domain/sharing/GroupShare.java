package io.claviger.domain.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.CallLimits;
import java.time.Instant;
import java.util.Optional;

/**
 * What the members of a group get by its share of a service.
 *
 * @param terms its limits apply to each member, its pooled limits to all of them together
 * @param givenVia the co-owner who gave it; empty when the owning user or an administrator did
 */
public record GroupShare(
    Group.Id group,
    Handle handle,
    Share.Terms terms,
    Optional<User.Id> givenVia,
    Instant createdAt) {

  /** Returns a group's share as its members have it. */
  public static GroupShare of(Grantee.Members group, Share share) {
    return new GroupShare(
        group.id(), group.handle(), share.terms(), share.givenVia(), share.createdAt());
  }

  public boolean expiredAt(Instant now) {
    return terms.expiredAt(now);
  }

  /** The account on which the calls of all members count together. */
  public CallLimits.Pool pool() {
    return new CallLimits.Pool(group.value(), terms.pooledLimits());
  }
}
