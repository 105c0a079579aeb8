package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Grantees;
import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.sharing.port.OpenRequests;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.sharing.TermsWrite;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Gives, ends and shows shares. A share gives another user or a group a role on an instance. If a
 * share is given to a group, the group's managers decide who its members are.
 *
 * <p>All methods refuse a token of scope {@code use} with {@code forbidden}. If the actor can't see
 * the instance, the answer is {@code not_found}.
 */
public interface Sharing {

  static Sharing of(
      InstanceStore instances,
      InstanceShareStore shares,
      OpenRequests requests,
      Grantees grantees,
      AccessHistory history,
      MemberSight members,
      AuditedChanges changes) {
    return new SharingUseCases(
        instances,
        shares,
        grantees,
        new ShareGrants(instances, shares, requests, grantees, changes),
        history,
        members,
        changes);
  }

  /**
   * Gives a user or a group a share of an instance, or replaces the terms of the grantee's share.
   *
   * <p>The owning user and administrators can give any role. A co-owner can give roles below {@code
   * owner}, within the bounds of the co-owner's own share. These shares end with the co-owner's
   * share. If the co-owner's share is narrowed, the shares given by the co-owner end too if they
   * exceed the narrowed share. If the share gives everything that open requests of the grantee or
   * its members ask for, the requests are recorded as granted.
   *
   * <p>Anybody else is refused with {@code forbidden}. If everybody may use the service anyway, or
   * if the grantee is the owning user, the share is invalid with {@code not_shareable}. The share
   * is also invalid if there is no such user or group, if a group can't have the terms, or if it
   * gives the role {@code owner} on a service of {@code _system}. If the precondition is not met,
   * the answer is {@code precondition_failed}. If the actor has already given the maximum number of
   * shares, the answer is the conflict {@code quota_exceeded}.
   *
   * @param appliedBy the name of the file that gives the share with {@code claviger apply}. If
   *     absent, the stored name is kept, unless a co-owner takes over a share that somebody else
   *     gave
   */
  Outcome<GivenShare> share(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms,
      Field<AppliedBy> appliedBy);

  /**
   * Gives a share. If a {@code claviger apply} file gave the share before, the stored name of this
   * file is kept.
   */
  default Outcome<GivenShare> share(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms) {
    return share(actor, instance, grantee, precondition, terms, Field.absent());
  }

  /**
   * Changes a share. Terms that the write does not contain stay unchanged. The rules of {@link
   * #share} apply. If the grantee has no share, the answer is {@code not_found}.
   */
  Outcome<GivenShare> change(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      TermsWrite write,
      Field<AppliedBy> appliedBy);

  /**
   * Ends a share, together with the shares that its holder was allowed to give because of this
   * share. If the share does not exist, the call changes nothing and succeeds.
   *
   * <p>The owning user and administrators can end any share. Co-owners can end the shares of
   * readers and writers. All users can end their own share, even if it has expired. Members of a
   * group can't end the group's share. Anybody else is refused with {@code forbidden}. If the
   * precondition is not met, the answer is {@code precondition_failed}.
   *
   * @return the grantee whose share was ended
   */
  Outcome<GranteeName> end(
      Actor actor, Instance.Ref instance, GranteeName grantee, Precondition precondition);

  /**
   * Returns the group whose pooled limits now apply to a user's calls of the service, but would no
   * longer apply if the user got a share of their own. The result is empty if there is no such
   * group, or if the actor may not learn that the user is in the group ({@link MemberSight}). Only
   * users who see the shares may call this method.
   */
  Outcome<Optional<Handle>> poolLeftBy(Actor actor, Instance.Ref ref, GranteeName grantee);

  /**
   * Shows a share, even if it has expired. Only the owning user, writers, co-owners and
   * administrators may see the share. Anybody else is refused with {@code forbidden}. If the
   * grantee has no share, the answer is {@code not_found}. All users can read their own role on the
   * instance.
   */
  Outcome<Share> find(Actor actor, Instance.Ref instance, GranteeName grantee);

  /**
   * Lists all shares, including expired shares, ordered by the grantee's name. Only users who may
   * see the shares can call this method. Anybody else is refused with {@code forbidden}.
   */
  default Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref instance, PageRequest<GranteeName> page) {
    return list(actor, instance, Optional.empty(), page);
  }

  /**
   * Lists the shares of grantees whose name contains a text. In all other respects, the method
   * works like {@link #list(Actor, Instance.Ref, PageRequest)}.
   */
  Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref instance, Optional<SearchText> text, PageRequest<GranteeName> page);

  /** Returns the time by which it is decided whether a share has ended, on all nodes alike. */
  Instant now();

  /** Counts the shares that {@link #list} lists, up to {@link PageRequest#MOST_COUNTED}. */
  Outcome<Integer> count(Actor actor, Instance.Ref instance, Optional<SearchText> text);

  /**
   * Lists everybody who could use a service at any time of a certain day. A user with several ways
   * to use the service is listed once for each way. Administrators see the members of groups and
   * projects. Administrators can also ask about services that were deleted after the day. All other
   * users who may see the shares see only the groups and projects, without their members. Anybody
   * else is refused with {@code forbidden}. A reference that no service has or had is refused as
   * not found, for administrators too.
   *
   * @param instance the reference that the service had on the day, or its present reference
   * @param day a day in UTC; today if it is empty. A later day is invalid, because rights can
   *     change until then
   */
  Outcome<AccessOnDay> accessOn(
      Actor actor, Instance.Ref instance, Optional<LocalDate> day, PageRequest<List<String>> page);

  /**
   * The users who could use a service on a day.
   *
   * @param day the day in UTC
   * @param page a page of the list, whose positions are positions of {@link AccessHistory.Access}
   * @param knownSince the time from which the record is complete; access that ended before this
   *     time might be missing
   */
  record AccessOnDay(
      LocalDate day, Page<AccessHistory.Access, List<String>> page, Instant knownSince) {}
}
