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
 * share is given to a group, the managers of that group decide who its members are.
 *
 * <p>With a token of scope use, all methods are refused with {@code forbidden}. For anybody who
 * can't see the instance, the answer is {@code not_found}.
 */
public interface Sharing {

  static Sharing of(
      InstanceStore instances,
      InstanceShareStore shares,
      OpenRequests requests,
      Grantees grantees,
      AccessHistory history,
      AuditedChanges changes) {
    return new SharingUseCases(
        instances,
        shares,
        grantees,
        new ShareGrants(instances, shares, requests, grantees, changes),
        history,
        changes);
  }

  /**
   * Gives a user or a group a share of an instance, or replaces the terms of the share that the
   * user or group has.
   *
   * <p>The owning user and administrators can give any role. A co-owner can give roles below owner,
   * within the bounds of the co-owner's own share, and these shares end with the co-owner's share.
   * When the co-owner's share is narrowed, shares that exceed the narrowed share end too. Open
   * requests of the grantee, or of the members of the group, are recorded as granted if the share
   * gives everything that they request.
   *
   * <p>Anybody else is refused with {@code forbidden}. Refused as invalid with {@code
   * not_shareable} for services of {@code _system} and for the owning user as grantee. Also refused
   * as invalid for terms that a group can't have, and when there is no such user or group. Refused
   * as {@code precondition_failed} when the share does not meet the precondition, and as a conflict
   * with {@code quota_exceeded} when the actor has given as many shares as the quota allows.
   *
   * @param appliedBy the name of the file that lists the share; if absent, the stored name stays
   */
  Outcome<GivenShare> share(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms,
      Field<AppliedBy> appliedBy);

  /**
   * Gives a share without naming a file. If the replaced share was listed in a file, the new share
   * is recorded as listed in that file, too.
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
   * Changes a share. Absent parts of the terms stay unchanged. The rules of {@link #share} apply.
   * Also refused as {@code not_found} when the grantee has no share.
   */
  Outcome<GivenShare> change(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      TermsWrite write,
      Field<AppliedBy> appliedBy);

  /**
   * Ends a share, together with the shares that were given on its basis. If the share does not
   * exist, nothing is changed, and the call succeeds.
   *
   * <p>The owning user and administrators can end any share, and co-owners can end the shares of
   * readers and writers. All users can end their own share, even if it has expired. Members of a
   * group can't end the group's share. Anybody else is refused with {@code forbidden}. Refused as
   * {@code precondition_failed} when the share does not meet the precondition.
   *
   * @return the grantee, who no longer has a share
   */
  Outcome<GranteeName> end(
      Actor actor, Instance.Ref instance, GranteeName grantee, Precondition precondition);

  /**
   * Returns the group under whose pooled limits a user calls the service now. If the user got a
   * share of their own, these pooled limits would no longer apply. The result is empty if there is
   * no such group. Only users who see the shares may call this method.
   */
  Outcome<Optional<Handle>> poolLeftBy(Actor actor, Instance.Ref ref, GranteeName grantee);

  /**
   * Shows one share, expired or not. The owning user, writers, co-owners and administrators may see
   * the share. Anybody else is refused with {@code forbidden}. Refused as {@code not_found} when
   * the grantee has no share. All users can read their own role from the instance.
   */
  Outcome<Share> find(Actor actor, Instance.Ref instance, GranteeName grantee);

  /**
   * Lists all shares, including expired shares, by the grantee's name, for users who may see them.
   * Anybody else is refused with {@code forbidden}.
   */
  default Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref instance, PageRequest<GranteeName> page) {
    return list(actor, instance, Optional.empty(), page);
  }

  /**
   * Lists the shares of grantees with the text in their names. In all other respects, this method
   * is like {@link #list(Actor, Instance.Ref, PageRequest)}.
   */
  Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref instance, Optional<SearchText> text, PageRequest<GranteeName> page);

  /** Counts the shares that {@link #list} lists, up to {@link PageRequest#MOST_COUNTED}. */
  Outcome<Integer> count(Actor actor, Instance.Ref instance, Optional<SearchText> text);

  /**
   * Lists who could use a service at some time of a day. A user who could use the service in
   * several ways is listed once for each way. Administrators see the members of groups and
   * projects, and they can ask about services that were deleted after that day. Other users who may
   * see the shares see only the groups and projects, and not the members of these groups and
   * projects. Anybody else is refused with {@code forbidden}.
   *
   * @param instance the reference that the service had on that day, or has now
   * @param day a day in UTC
   */
  Outcome<AccessOnDay> accessOn(
      Actor actor, Instance.Ref instance, LocalDate day, PageRequest<List<String>> page);

  /**
   * Who could use a service on a day.
   *
   * @param page the page, with the positions of {@link AccessHistory.Access}
   * @param knownSince the time since which the record is complete; access that began before that
   *     time is known only if it had not ended by that time
   */
  record AccessOnDay(Page<AccessHistory.Access, List<String>> page, Instant knownSince) {}
}
