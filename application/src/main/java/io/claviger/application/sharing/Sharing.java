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
 * Gives other users and groups a role on an instance, ends such shares, and shows them. The
 * managers of a group decide who its members are.
 *
 * <p>All methods are refused as {@code forbidden} to a token of scope use, and as {@code not_found}
 * to anybody who can't see the instance.
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
   * Gives a user or a group a role on an instance, or replaces the terms that they have.
   *
   * <p>The owning user and administrators can give any role. A co-owner gives roles below owner
   * within the bounds of their own share, and these shares end with the co-owner's. When the
   * co-owner's share is narrowed, shares that no longer fit into it end too. Open requests of the
   * grantee, or of the members of the group, that lack nothing any more end as granted.
   *
   * <p>Refused as {@code forbidden} to anybody else; as invalid with {@code not_shareable} for
   * services of {@code _system} and for the owning user as grantee, for terms that a group can't
   * hold, and when there is no such user or group; as {@code precondition_failed} when the share is
   * not as demanded; as a conflict with {@code quota_exceeded} when the actor gave as many shares
   * as they may.
   *
   * @param appliedBy the name of the file from which it is given; if absent, the stored name stays
   */
  Outcome<GivenShare> share(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms,
      Field<AppliedBy> appliedBy);

  /** Gives a share by hand. A share that a file gave still counts as given by that file. */
  default Outcome<GivenShare> share(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms) {
    return share(actor, instance, grantee, precondition, terms, Field.absent());
  }

  /**
   * Changes a share. Absent parts of the terms stay as they are. The rules of {@link #share} apply.
   * It is also refused as {@code not_found} when the grantee has no share.
   */
  Outcome<GivenShare> change(
      Actor actor,
      Instance.Ref instance,
      GranteeName grantee,
      Precondition precondition,
      TermsWrite write,
      Field<AppliedBy> appliedBy);

  /**
   * Ends a share, and with it the shares that were given by virtue of it. Ending a share that does
   * not exist changes nothing and is no error.
   *
   * <p>The owning user and administrators end any share, co-owners those of readers and writers,
   * and all users their own, even an expired one. Members of a group can't end its share. Refused
   * as {@code forbidden} to anybody else, and as {@code precondition_failed} when the share is not
   * as demanded.
   *
   * @return the grantee, who no longer has a share
   */
  Outcome<GranteeName> end(
      Actor actor, Instance.Ref instance, GranteeName grantee, Precondition precondition);

  /**
   * Returns the group whose pooled limits apply to a user's calls, and would no longer apply if the
   * user got a share of their own; empty if there is none. Shown to users who see the shares.
   */
  Outcome<Optional<Handle>> poolLeftBy(Actor actor, Instance.Ref ref, GranteeName grantee);

  /**
   * Shows one share, expired or not, to those who may see the shares: the owning user, writers,
   * co-owners and administrators. Refused as {@code forbidden} to anybody else, and as {@code
   * not_found} when the user has none. All users find their own role in the instance.
   */
  Outcome<Share> find(Actor actor, Instance.Ref instance, GranteeName grantee);

  /**
   * Lists all shares, expired ones too, by the grantee's name, to those who may see them. Refused
   * as {@code forbidden} to anybody else.
   */
  default Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref instance, PageRequest<GranteeName> page) {
    return list(actor, instance, Optional.empty(), page);
  }

  /** Lists shares whose grantee's name contains the text. Otherwise like the other list. */
  Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref instance, Optional<SearchText> text, PageRequest<GranteeName> page);

  /** Counts what {@link #list} lists, {@link PageRequest#MOST_COUNTED} at most. */
  Outcome<Integer> count(Actor actor, Instance.Ref instance, Optional<SearchText> text);

  /**
   * Lists who could use a service at some time of a day, in each way in which they could.
   * Administrators see the members of groups and projects, and services that were deleted since.
   * Others, if they may see the shares, see groups and projects. Refused as {@code forbidden} to
   * anybody else.
   *
   * @param instance the reference that the service had on that day, or has now
   * @param day in UTC
   */
  Outcome<AccessOnDay> accessOn(
      Actor actor, Instance.Ref instance, LocalDate day, PageRequest<List<String>> page);

  /**
   * Who could use a service on a day.
   *
   * @param page its positions are those of {@link AccessHistory.Access}
   * @param knownSince since when everything is known; of the time before, what had not ended by
   *     then is known
   */
  record AccessOnDay(Page<AccessHistory.Access, List<String>> page, Instant knownSince) {}
}
