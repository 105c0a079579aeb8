package io.claviger.domain.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.CallLimits;
import java.time.Instant;
import java.util.Optional;

/**
 * A group's share of a service, reduced to the parts that apply to the group's members.
 *
 * @param terms the share's terms, with limits that apply to each member separately, and pooled
 *     limits that apply to all members together
 * @param givenVia the co-owner who gave the share; empty if the owning user or an administrator
 *     gave it
 */
public record GroupShare(
    Group.Id group,
    Handle handle,
    Share.Terms terms,
    Optional<User.Id> givenVia,
    Instant createdAt) {

  /** Returns the parts of a group's share that apply to the group's members. */
  public static GroupShare of(Grantee.Members group, Share share) {
    return new GroupShare(
        group.id(), group.handle(), share.terms(), share.givenVia(), share.createdAt());
  }

  public boolean expiredAt(Instant now) {
    return terms.expiredAt(now);
  }

  /** The account of the pooled limits, in which the calls of all members are counted together. */
  public CallLimits.Pool pool() {
    return new CallLimits.Pool(group.value(), terms.pooledLimits());
  }
}
