package io.claviger.application.shares;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Gives, ends and shows shares of instances, projects and definitions. The caller has already
 * checked the actor's permission.
 *
 * @param <I> the id of the shared thing
 */
public final class Shares<I> {
  private final ShareStore<I> shares;
  private final UserStore users;
  private final AuditedChanges changes;

  public Shares(ShareStore<I> shares, UserStore users, AuditedChanges changes) {
    this.shares = shares;
    this.users = users;
    this.changes = changes;
  }

  /**
   * Finds the user who will get a share. This user can't be deleted until the transaction ends.
   *
   * @param owner the owner of the shared thing; neither the owner nor {@code _system} can get a
   *     share
   * @throws RefusedException when there is no such user, or the user can't get a share
   */
  public User grantee(Handle handle, Handle owner) {
    if (handle.isSystem() || handle.equals(owner)) {
      throw RefusedException.invalid(
          new Fault(
              "/user", "not_shareable", "A share goes neither to the owning user nor to _system."));
    }
    return users
        .hold(handle)
        .orElseThrow(() -> RefusedException.invalid(Fault.unknownReference("user", "user")));
  }

  /**
   * Gives a share, or replaces the one that the grantee has.
   *
   * @param via the co-owner who gives it; empty for an owner
   * @param log counts a new share; the caller records the change
   */
  public GivenShare give(
      I shared,
      User grantee,
      Share.Terms terms,
      Actor giver,
      Optional<UserId> via,
      Precondition precondition,
      ChangeLog log) {
    Optional<Share> before = shares.lock(shared, grantee.id());
    precondition.demand(before.map(s -> OptionalLong.of(s.version())).orElse(OptionalLong.empty()));
    if (before.isPresent() && isTheSame(before.get(), giver.handle(), terms, via)) {
      return new GivenShare(before.get(), false, false, limits(before));
    }
    Share share =
        new Share(
            grantee.id(),
            grantee.handle(),
            terms,
            Optional.of(giver.handle()),
            via,
            before.map(s -> s.version() + 1).orElse(1L),
            before.map(Share::createdAt).orElseGet(changes::now));
    if (before.isEmpty()) {
      shares.insert(shared, share, giver.id());
      log.recordAddition(CountedKind.SHARE, giver.id());
    } else {
      shares.update(shared, share, giver.id());
    }
    return new GivenShare(share, before.isEmpty(), true, limits(before));
  }

  private static Optional<Limits> limits(Optional<Share> before) {
    return before.map(share -> share.terms().limits()).filter(limits -> !limits.isNone());
  }

  private static boolean isTheSame(
      Share before, Handle giver, Share.Terms terms, Optional<UserId> via) {
    return before.terms().equals(terms)
        && before.givenBy().equals(Optional.of(giver))
        && before.givenVia().equals(via);
  }

  /** Finds and locks the share of a user; empty when there is no such user or share. */
  public Optional<Share> lock(I shared, Handle grantee) {
    return users.find(grantee).flatMap(u -> shares.lock(shared, u.id()));
  }

  /**
   * Finds and locks the share of a user, expired or not.
   *
   * @throws RefusedException when there is no such user or share: {@code not_found}
   */
  public Share locked(I shared, Handle grantee) {
    return lock(shared, grantee).orElseThrow(RefusedException::notFound);
  }

  /**
   * Finds the share of a user, expired or not.
   *
   * @throws RefusedException when there is no such user or share: {@code not_found}
   */
  public Share find(I shared, Handle grantee) {
    return users
        .find(grantee)
        .flatMap(u -> shares.find(shared, u.id()))
        .orElseThrow(RefusedException::notFound);
  }

  /** Lists all shares, expired or not, by the grantee's handle. */
  public Page<Share, Handle> list(I shared, PageRequest<Handle> page) {
    return Page.of(
        shares.listOf(shared, page.after(), page.limit() + 1), page.limit(), Share::granteeHandle);
  }

  /** Ends a locked share, if there is one. */
  public void end(I shared, Optional<Share> share, Precondition precondition) {
    precondition.demand(share.map(s -> OptionalLong.of(s.version())).orElse(OptionalLong.empty()));
    share.ifPresent(s -> shares.delete(shared, s.grantee()));
  }
}
