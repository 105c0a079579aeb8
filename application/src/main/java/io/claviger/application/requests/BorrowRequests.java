package io.claviger.application.requests;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Asks for more of a service than one has. Whoever may share the service grants that, changed or
 * not, or declines.
 *
 * <p>A request is seen by its asker and by those who may share the service, and {@code not_found}
 * to anybody else. Everything here is refused as {@code forbidden} to a token of scope use. A
 * change to a request that has been granted, declined or withdrawn is a conflict {@code not_open}.
 * A request ends with the service and with the asker; when the service changes its owner, the new
 * one is asked.
 */
public interface BorrowRequests {
  static BorrowRequests of(
      BorrowRequestStore requests,
      InstanceStore instances,
      ShareGrants grants,
      RequestReferences references,
      AuditedChanges changes) {
    return new BorrowRequestOperations(
        requests, instances, new GrantedRequests(grants, requests, changes), references, changes);
  }

  /**
   * Asks for a service that the actor can see.
   *
   * <p>Refused as {@code not_found} where they can't; as invalid with {@code not_shareable} for
   * what belongs to them or to {@code _system}, with {@code invalid_value} when the end has passed
   * or the share would hold too much, and with {@code nothing_missing} when they have all of it; as
   * a conflict with {@code already_asked} when they asked for the same thing on the same day, and
   * with {@code requests_muted} when the owner takes no requests of theirs; as {@code
   * too_many_requests} when {@link BorrowRequest#MOST_OPEN_OF_ASKER} of theirs are open, when they
   * made {@link BorrowRequest#MOST_A_DAY} on this day, or {@link BorrowRequest#MOST_OPEN_FOR_OWNER}
   * for the owner.
   */
  Outcome<BorrowRequest> ask(Actor actor, Instance.Ref service, Wish wish);

  /**
   * Finds what a link of a refusal asks for. Refused as {@code not_found} when it is no such link,
   * or the actor can't see the service.
   */
  Outcome<Linked> linked(Actor actor, String reference);

  /** Lists what the actor asked and is asked for, by the time of the request, then id. */
  Outcome<Page<BorrowRequest, TimeCursor>> list(
      Actor actor, RequestFilter filter, PageRequest<TimeCursor> page);

  Outcome<BorrowRequest> find(Actor actor, BorrowRequest.Id id);

  /**
   * Returns the share that gives exactly what is asked for. Only users who may grant it see it.
   * Refused as {@code forbidden} to the asker.
   */
  Outcome<GrantProposal> proposal(Actor actor, BorrowRequest.Id id);

  /**
   * Grants an open request by a share, under the rules of {@link
   * io.claviger.application.sharing.Sharing#share}. Refused as {@code forbidden} to the asker, and
   * to users who may not give this share.
   *
   * <p>Refused as a conflict with {@code leaves_pool} when the asker calls the service as a member
   * of a group with pooled limits, which would not apply to a share of their own, and the grant
   * does not name that group; and as {@code precondition_failed} when the share that the asker has
   * is not as demanded.
   */
  Outcome<Granted> grant(Actor actor, BorrowRequest.Id id, RequestGrant grant);

  /** Declines an open request. Refused as {@code forbidden} to the asker. */
  Outcome<BorrowRequest> decline(Actor actor, BorrowRequest.Id id);

  /** Withdraws an open request as its asker. Refused as {@code forbidden} to anybody else. */
  Outcome<BorrowRequest.Id> withdraw(Actor actor, BorrowRequest.Id id);

  /** Returns whose requests a user does not want, to that user alone. */
  Outcome<MutedAskers> muted(Actor actor, Handle user);

  /**
   * Replaces whose requests a user does not want, for the services that they own. Requests that are
   * open stay. Refused as {@code not_found} to anybody else, and as invalid when one of the muted
   * users does not exist.
   */
  default Outcome<MutedAskers> mute(Actor actor, Handle user, MutedAskers muted) {
    return changeMuted(actor, user, before -> muted);
  }

  /**
   * Changes whose requests a user does not want, as {@link #mute} does.
   *
   * @param change gets what is stored. Nothing is stored if it is refused. It may be called again
   *     if somebody else has changed the share meanwhile
   */
  Outcome<MutedAskers> changeMuted(Actor actor, Handle user, UnaryOperator<MutedAskers> change);

  /**
   * Deletes requests that ended {@link BorrowRequest#SHOWN_FOR} ago, and open ones that nobody has
   * answered for so long.
   *
   * @return how many there were
   */
  int removeOld();

  /**
   * The terms of a grant that gives exactly what is asked for.
   *
   * @param shareVersion the share version of the share that the asker has; empty for none
   * @param leavesPool the group whose pooled limits would no longer apply to the asker's calls
   */
  record GrantProposal(Share.Terms terms, OptionalLong shareVersion, Optional<Handle> leavesPool) {}

  /**
   * How a request is granted.
   *
   * @param terms what the asker gets; empty for exactly what is asked for
   * @param share what must hold of the share that the asker has
   * @param leavesPool the group whose pooled limits, as the granting user knows, will no longer
   *     apply to the asker's calls
   */
  record RequestGrant(
      Optional<Share.Terms> terms, Precondition share, Optional<Handle> leavesPool) {
    /** Gives what is asked for. */
    public static final RequestGrant AS_ASKED =
        new RequestGrant(Optional.empty(), Precondition.NONE, Optional.empty());

    /** Gives a share on these terms. */
    public static RequestGrant on(Share.Terms terms) {
      return new RequestGrant(Optional.of(terms), Precondition.NONE, Optional.empty());
    }
  }

  /** What is asked for. */
  record Wish(RequestedTerms terms, Optional<RequestNote> note) {}

  /** A service, and what the actor lacked there. */
  record Linked(Instance.Ref service, RequestedTerms terms) {
    static Linked of(Instance.Ref service, MissingTerms missing) {
      return new Linked(service, missing.terms());
    }
  }

  /** Which requests are listed; empty for all. */
  record RequestFilter(Optional<RequestSide> side, Optional<RequestState> state) {
    public static final RequestFilter NONE = new RequestFilter(Optional.empty(), Optional.empty());
  }

  /** A request that was granted, and the share. */
  record Granted(BorrowRequest request, Share share) {}
}
