package io.claviger.domain.sharing;

import io.claviger.domain.CreationOrder;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The shares of one service that a user and the user's groups hold at a given time. This class
 * decides which of the shares a call uses. The only other places that choose a share are SQL
 * statements, which use the same order.
 *
 * @param own the user's own share, expired or not
 * @param byGroup the share that was chosen among the unexpired shares of the user's groups; empty
 *     if there was none
 */
public record HeldShares(Optional<Share> own, Optional<GroupShare> byGroup) {
  public static final HeldShares NONE = new HeldShares(Optional.empty(), Optional.empty());

  /**
   * The order of the groups' shares: the share with the highest role is used; among several shares
   * with that role, the oldest share is used.
   */
  private static final Comparator<GroupShare> FIRST =
      Comparator.comparing((GroupShare share) -> share.terms().role())
          .reversed()
          .thenComparing(CreationOrder.of(GroupShare::createdAt, share -> share.group().value()));

  /** The share by which a user calls a service. */
  public sealed interface Grant {
    record Own(Share share) implements Grant {}

    record ByGroup(GroupShare share) implements Grant {}

    default Share.Terms terms() {
      return switch (this) {
        case Own own -> own.share().terms();
        case ByGroup byGroup -> byGroup.share().terms();
      };
    }

    /** The co-owner who gave the share; empty if no co-owner gave it. */
    default Optional<User.Id> giver() {
      return switch (this) {
        case Own own -> own.share().givenVia();
        case ByGroup byGroup -> byGroup.share().givenVia();
      };
    }

    /** The share of the group; empty when the share is the user's own. */
    default Optional<GroupShare> group() {
      return switch (this) {
        case Own own -> Optional.empty();
        case ByGroup byGroup -> Optional.of(byGroup.share());
      };
    }
  }

  /**
   * Returns the held shares, after choosing one of the shares of the user's groups.
   *
   * @param byGroups the shares of all groups that the user is in, expired or not
   */
  public static HeldShares of(Optional<Share> own, Collection<GroupShare> byGroups, Instant now) {
    return new HeldShares(own, byGroups.stream().filter(s -> !s.expiredAt(now)).min(FIRST));
  }

  /** Returns the shares of a user who is in no group. */
  public static HeldShares own(Optional<Share> own) {
    return new HeldShares(own, Optional.empty());
  }

  /**
   * The share by which the user calls the service: the user's own share if it has not expired,
   * otherwise the chosen share of a group. The limits of this share apply to the call. If these
   * limits are used up, the call does not fall back to another share.
   */
  public Optional<Grant> grant(Instant now) {
    return own.filter(share -> !share.expiredAt(now))
        .<Grant>map(Grant.Own::new)
        .or(() -> byGroup.filter(share -> !share.expiredAt(now)).map(Grant.ByGroup::new));
  }

  /**
   * Returns the group's share by which the user now calls the service, if this share has pooled
   * limits; otherwise empty. These limits would no longer apply to the user's calls if the user got
   * a share of their own.
   */
  public Optional<GroupShare> poolLeftByOwn(Instant now) {
    return grant(now).flatMap(Grant::group).filter(share -> !share.terms().pooledLimits().isNone());
  }

  /**
   * The highest role that any of these shares gives. The highest role decides about all actions
   * except calls.
   */
  public Optional<Role> role(Instant now) {
    return Stream.concat(own.map(Share::terms).stream(), byGroup.map(GroupShare::terms).stream())
        .filter(terms -> !terms.expiredAt(now))
        .map(Share.Terms::role)
        .max(Comparator.naturalOrder());
  }
}
