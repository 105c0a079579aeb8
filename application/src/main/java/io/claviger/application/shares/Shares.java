package io.claviger.application.shares;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Gives, ends and shows shares of instances, projects and definitions. The caller of this class
 * must have checked the actor's permission.
 *
 * @param <I> the type of the shared resource's id
 */
public final class Shares<I> {
  private final ShareStore<I> shares;
  private final Grantees grantees;
  private final AuditedChanges changes;

  public Shares(ShareStore<I> shares, Grantees grantees, AuditedChanges changes) {
    this.shares = shares;
    this.grantees = grantees;
    this.changes = changes;
  }

  /**
   * Finds the grantee of a new share, and protects the grantee from deletion until the transaction
   * ends.
   *
   * @param owner the owner of the shared resource; neither this owner nor {@code _system} can get a
   *     share
   * @throws RefusedException if there is no such user or group, or if the user can't get a share
   */
  public Grantee grantee(GranteeName name, Handle owner) {
    if (!name.isGroup() && (name.handle().isSystem() || name.handle().equals(owner))) {
      throw RefusedException.invalid(
          new Fault(
              "/user", "not_shareable", "Neither the owning user nor _system can get a share."));
    }
    return grantees
        .hold(name)
        .orElseThrow(
            () ->
                RefusedException.invalid(
                    Fault.unknownReference("user", name.isGroup() ? "group" : "user")));
  }

  /**
   * Gives a share, or replaces the grantee's share. A share that is replaced counts from then on as
   * a share that the actor has given.
   *
   * @param below the limits that apply for each kind of limit that the share does not set
   * @param appliedBy the name of the file that gives the share with {@code claviger apply}. If
   *     absent, the stored name is kept, unless the share is from now on a share of another
   *     co-owner than before
   * @param via the co-owner who gives the share; empty if an owner gives it
   * @param log the log in which the share is counted, unless it only permits less from now on; the
   *     caller of this method must record the change in it
   * @throws RefusedException if a grantee of this kind can't have these terms
   */
  public GivenShare give(
      I shared,
      Grantee grantee,
      Share.Terms terms,
      Limits below,
      Field<AppliedBy> appliedBy,
      Actor giver,
      Optional<User.Id> via,
      Precondition precondition,
      ChangeLog log) {
    List<Fault> faults = terms.faultsFor(grantee.name());
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    Optional<Share> before = shares.lock(shared, grantee.id());
    precondition.demand(before, Share::version);
    Optional<AppliedBy> file =
        appliedBy.or(
            before
                .filter(one -> via.isEmpty() || one.givenVia().equals(via))
                .flatMap(Share::appliedBy));
    if (before.isPresent()
        && before.get().appliedBy().equals(file)
        && isTheSame(before.get(), giver, terms, via)) {
      return new GivenShare(before.get(), false, false, before.map(Share::terms));
    }
    Instant createdAt = before.map(Share::createdAt).orElseGet(changes::now);
    Share share =
        new Share(
            grantee,
            terms,
            Optional.of(giver.handle()),
            via,
            before.map(s -> s.version() + 1).orElseGet(() -> Share.firstVersion(createdAt)),
            createdAt,
            file);
    if (before.isEmpty()) {
      shares.insert(shared, share, giver.id());
    } else {
      shares.update(shared, share, giver.id());
    }
    if (before.filter(one -> permitsNoMore(one, giver, terms, below)).isEmpty()) {
      log.recordAddition(CountedKind.SHARE, giver.id());
    }
    return new GivenShare(share, before.isEmpty(), true, before.map(Share::terms));
  }

  /**
   * Whether a change need not be counted. A change of terms that the actor has given is counted,
   * too: otherwise the actor could take over a share with less, and widen it then.
   */
  private static boolean permitsNoMore(Share before, Actor giver, Share.Terms terms, Limits below) {
    return terms.permitLessThan(before.terms(), below)
        || (isGivenBy(before, giver) && before.terms().equals(terms));
  }

  private static boolean isGivenBy(Share share, Actor giver) {
    return share.givenBy().equals(Optional.of(giver.handle()));
  }

  private static boolean isTheSame(
      Share before, Actor giver, Share.Terms terms, Optional<User.Id> via) {
    return before.terms().equals(terms)
        && isGivenBy(before, giver)
        && before.givenVia().equals(via);
  }

  /**
   * Finds a grantee's share and locks it exclusively. The result is empty if there is no such
   * grantee or share.
   */
  public Optional<Share> lock(I shared, GranteeName grantee) {
    return grantees.find(grantee).flatMap(g -> shares.lock(shared, g.id()));
  }

  /**
   * Finds a grantee's share, even if the share has expired, and locks it exclusively.
   *
   * @throws RefusedException with {@code not_found} if there is no such grantee or share
   */
  public Share locked(I shared, GranteeName grantee) {
    return lock(shared, grantee).orElseThrow(RefusedException::notFound);
  }

  /**
   * Finds a grantee's share, even if the share has expired.
   *
   * @throws RefusedException with {@code not_found} if there is no such grantee or share
   */
  public Share find(I shared, GranteeName grantee) {
    return grantees
        .find(grantee)
        .flatMap(g -> shares.find(shared, g.id()))
        .orElseThrow(RefusedException::notFound);
  }

  /** Lists all shares, including expired shares, ordered by the grantee's name. */
  public Page<Share, GranteeName> list(I shared, PageRequest<GranteeName> page) {
    return list(shared, Optional.empty(), page);
  }

  /**
   * Lists shares, including expired shares, ordered by the grantee's name.
   *
   * @param text a text that the name of each listed share's grantee contains
   */
  public Page<Share, GranteeName> list(
      I shared, Optional<SearchText> text, PageRequest<GranteeName> page) {
    return Page.of(
        shares.listOf(shared, text, page.after(), page.limit() + 1),
        page.limit(),
        share -> share.grantee().name());
  }

  /** Counts the shares that {@link #list} lists, up to {@link PageRequest#MOST_COUNTED}. */
  public int count(I shared, Optional<SearchText> text) {
    return shares.count(shared, text, PageRequest.MOST_COUNTED);
  }

  /** Ends a share, if there is one. The caller of this method must have locked the share. */
  public void end(I shared, Optional<Share> share, Precondition precondition) {
    precondition.demand(share, Share::version);
    share.ifPresent(s -> shares.delete(shared, s.grantee().id()));
  }
}
