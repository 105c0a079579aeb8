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
 * Requests to borrow a service, or for wider rights to it. Users who may share the service grant a
 * request, perhaps on other terms, or decline the request.
 *
 * <p>The asker and the users who may share the service see a request; for anybody else the answer
 * is {@code not_found}. All methods refuse a token of scope use as {@code forbidden}. A change to a
 * request that has been granted, declined or withdrawn is refused as a conflict with {@code
 * not_open}. A request is deleted with its service and with its asker. If the service gets another
 * owner, its requests go to that owner.
 */
public interface BorrowRequests {
  static BorrowRequests of(
      BorrowRequestStore requests,
      InstanceStore instances,
      ShareGrants grants,
      RequestReferences references,
      AuditedChanges changes) {
    return new BorrowRequestUseCases(
        requests, instances, new GrantedRequests(grants, requests, changes), references, changes);
  }

  /**
   * Requests the use of a service that the actor can see.
   *
   * <p>Refused as {@code not_found} if the actor can't see the service. Refused as invalid with
   * {@code not_shareable} if the service belongs to the actor or to {@code _system}. Refused as
   * invalid with {@code invalid_value} when the requested end has passed, or when the share would
   * list too many models or operations. Refused as invalid with {@code nothing_missing} when the
   * actor already has everything that the request asks for. Refused as a conflict with {@code
   * already_asked} when the actor already made the same request on the same day. Refused as a
   * conflict with {@code requests_muted} when the owner accepts no requests from the actor. Refused
   * as {@code too_many_requests} when {@link BorrowRequest#MOST_OPEN_OF_ASKER} requests of the
   * actor or {@link BorrowRequest#MOST_OPEN_FOR_OWNER} requests to the owner are open, or the actor
   * has made {@link BorrowRequest#MOST_A_DAY} requests on this day.
   */
  Outcome<BorrowRequest> ask(Actor actor, Instance.Ref service, Wish wish);

  /**
   * Finds the service and the terms to which a link in a refusal refers. Refused as {@code
   * not_found} when the reference does not come from a link in a refusal, or the actor can't see
   * the service.
   */
  Outcome<Linked> linked(Actor actor, String reference);

  /** Lists the requests that the actor made or may grant, by the time of the request, then id. */
  Outcome<Page<BorrowRequest, TimeCursor>> list(
      Actor actor, RequestFilter filter, PageRequest<TimeCursor> page);

  Outcome<BorrowRequest> find(Actor actor, BorrowRequest.Id id);

  /**
   * Returns the share that gives exactly what the request asks for. Only users who may grant the
   * request see this share. The asker is refused with {@code forbidden}.
   */
  Outcome<GrantProposal> proposal(Actor actor, BorrowRequest.Id id);

  /**
   * Grants an open request by giving the asker a share, under the rules of {@link
   * io.claviger.application.sharing.Sharing#share}. The asker, and users who may not give this
   * share, are refused with {@code forbidden}.
   *
   * <p>Refused as a conflict with {@code leaves_pool} when the asker now calls the service under
   * the pooled limits of a group, and the grant does not name that group. Pooled limits do not
   * apply to a share of the asker's own. Refused as {@code precondition_failed} when the asker's
   * present share does not meet the precondition.
   */
  Outcome<Granted> grant(Actor actor, BorrowRequest.Id id, RequestGrant grant);

  /** Declines an open request. The asker is refused with {@code forbidden}. */
  Outcome<BorrowRequest> decline(Actor actor, BorrowRequest.Id id);

  /**
   * Withdraws an open request; only its asker may call this method. Anybody else is refused with
   * {@code forbidden}.
   */
  Outcome<BorrowRequest.Id> withdraw(Actor actor, BorrowRequest.Id id);

  /**
   * Returns the users whose requests a user does not accept. Refused as {@code not_found} if the
   * actor is not that user.
   */
  Outcome<MutedAskers> muted(Actor actor, Handle user);

  /**
   * Replaces the list of users from whom a user accepts no requests for their own services.
   * Requests that are already open stay open. Refused as {@code not_found} if the actor is not that
   * user, and as invalid when one of the muted users does not exist.
   */
  default Outcome<MutedAskers> mute(Actor actor, Handle user, MutedAskers muted) {
    return changeMuted(actor, user, before -> muted);
  }

  /**
   * Changes the list of users from whom a user accepts no requests, under the rules of {@link
   * #mute}.
   *
   * @param change receives the stored list and returns the new list. If the function throws a
   *     refusal, nothing is stored. The function is called again if somebody else changes the list
   *     at the same time
   */
  Outcome<MutedAskers> changeMuted(Actor actor, Handle user, UnaryOperator<MutedAskers> change);

  /**
   * Deletes requests that ended {@link BorrowRequest#SHOWN_FOR} ago, and open requests that nobody
   * has answered within that time. Returns how many requests were deleted.
   */
  int removeOld();

  /**
   * The terms of a share that gives exactly what the request asks for.
   *
   * @param shareVersion the share version of the share that the asker has; empty if the asker has
   *     no share
   * @param leavesPool the group whose pooled limits would no longer apply to the asker's calls
   */
  record GrantProposal(Share.Terms terms, OptionalLong shareVersion, Optional<Handle> leavesPool) {}

  /**
   * The terms and conditions of a grant.
   *
   * @param terms the terms that the asker gets; empty for exactly the requested terms
   * @param share the precondition that the asker's present share has to meet
   * @param leavesPool the group whose pooled limits will no longer apply to the asker's calls; the
   *     granting user names this group to show that they know this
   */
  record RequestGrant(
      Optional<Share.Terms> terms, Precondition share, Optional<Handle> leavesPool) {
    public static final RequestGrant AS_ASKED =
        new RequestGrant(Optional.empty(), Precondition.NONE, Optional.empty());

    public static RequestGrant on(Share.Terms terms) {
      return new RequestGrant(Optional.of(terms), Precondition.NONE, Optional.empty());
    }
  }

  record Wish(RequestedTerms terms, Optional<RequestNote> note) {}

  /** A service, and the terms that the actor lacked when calling it. */
  record Linked(Instance.Ref service, RequestedTerms terms) {
    static Linked of(Instance.Ref service, MissingTerms missing) {
      return new Linked(service, missing.terms());
    }
  }

  /** Selects the requests that are listed. A filter with only empty parts selects all requests. */
  record RequestFilter(Optional<RequestSide> side, Optional<RequestState> state) {
    public static final RequestFilter NONE = new RequestFilter(Optional.empty(), Optional.empty());
  }

  record Granted(BorrowRequest request, Share share) {}
}
