package io.claviger.application.requests;

import io.claviger.application.accounts.port.UserStore;
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
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Makes and answers requests of users to borrow a service, or to get wider rights to it. Users who
 * may share the service can decline a request, or grant the request on the requested terms or on
 * other terms.
 *
 * <p>The asker and the users who may share the service see a request. For anybody else, the answer
 * is {@code not_found}. All methods refuse a token of scope {@code use} with {@code forbidden}. If
 * a request was already granted, declined or withdrawn, changing it is refused with the conflict
 * {@code not_open}. A request is deleted when its service or its asker is deleted. If the service
 * gets another owner, the new owner gets its requests.
 */
public interface BorrowRequests {
  static BorrowRequests of(
      BorrowRequestStore requests,
      InstanceStore instances,
      UserStore users,
      ShareGrants grants,
      RequestReferences references,
      AuditedChanges changes) {
    return new BorrowRequestUseCases(
        requests,
        instances,
        users,
        new GrantedRequests(grants, requests, changes),
        references,
        changes);
  }

  /**
   * Makes a request for a service that the actor can see.
   *
   * <p>If the actor can't see the service, the answer is {@code not_found}. If the service belongs
   * to the actor or to {@code _system}, the request is invalid with {@code not_shareable}. If the
   * requested end has passed, or if the share would list too many models or operations, the request
   * is invalid with {@code invalid_value}. If the actor already has everything that is requested,
   * the request is invalid with {@code nothing_missing}. If the actor has already made the same
   * request today (UTC), the answer is the conflict {@code already_asked}. If the owner accepts no
   * requests from the actor, the answer is the conflict {@code requests_muted}. The answer is
   * {@code too_many_requests} if the actor has {@link BorrowRequest#MOST_OPEN_OF_ASKER} open
   * requests, or has already made {@link BorrowRequest#MOST_A_DAY} requests today. The answer is
   * the same if the owner has received {@link BorrowRequest#MOST_OPEN_FOR_OWNER} requests that are
   * still open.
   */
  Outcome<BorrowRequest> ask(Actor actor, Instance.Ref service, Wish wish);

  /**
   * Finds the service and the terms for which the link in a refusal was made. If the reference does
   * not come from such a link, or if the actor can't see the service, the answer is {@code
   * not_found}.
   */
  Outcome<Linked> linked(Actor actor, String reference);

  /**
   * Lists the requests that the actor made or may grant, ordered by the time of the request, then
   * id.
   */
  Outcome<Page<BorrowRequest, TimeCursor>> list(
      Actor actor, RequestFilter filter, PageRequest<TimeCursor> page);

  Outcome<BorrowRequest> find(Actor actor, BorrowRequest.Id id);

  /**
   * Returns a share with exactly the requested terms. Only users who may grant the request can call
   * this method. The asker, who made the request, is refused with {@code forbidden}.
   */
  Outcome<GrantProposal> proposal(Actor actor, BorrowRequest.Id id);

  /**
   * Grants an open request by giving the asker a share, under the rules of {@link
   * io.claviger.application.sharing.Sharing#share}. The asker, and users who may not give this
   * share, are refused with {@code forbidden}.
   *
   * <p>If a group's share with pooled limits is used for the asker's calls, these limits no longer
   * apply after the grant, because the asker then has a share of their own. Such a grant must name
   * the group. If it does not, the answer is the conflict {@code leaves_pool}. If the asker's
   * present share does not meet the precondition, the answer is {@code precondition_failed}.
   */
  Outcome<Granted> grant(Actor actor, BorrowRequest.Id id, RequestGrant grant);

  /**
   * Declines an open request. The asker, who made the request, is refused with {@code forbidden}.
   */
  Outcome<BorrowRequest> decline(Actor actor, BorrowRequest.Id id);

  /**
   * Withdraws an open request. Only its asker may withdraw a request. Anybody else is refused with
   * {@code forbidden}.
   */
  Outcome<BorrowRequest.Id> withdraw(Actor actor, BorrowRequest.Id id);

  /**
   * Returns the users whom a user has muted. Requests from muted users for the services of this
   * user are not accepted. If the actor is not the user, the answer is {@code not_found}.
   */
  Outcome<MutedAskers> muted(Actor actor, Handle user);

  /**
   * Replaces the list of the users whom a user has muted. New requests from muted users for the
   * services of this user are not accepted. Open requests stay open. If the actor is not the user,
   * the answer is {@code not_found}. If one of the muted users does not exist, the list is invalid.
   */
  default Outcome<MutedAskers> mute(Actor actor, Handle user, MutedAskers muted) {
    return changeMuted(actor, user, before -> muted);
  }

  /**
   * Changes the list of the users whom a user has muted, under the rules of {@link #mute}.
   *
   * @param change the function that receives the stored list and returns the new list. If the
   *     function throws a refusal, nothing is stored. The function is called again if somebody else
   *     changes the list at the same time
   */
  Outcome<MutedAskers> changeMuted(Actor actor, Handle user, UnaryOperator<MutedAskers> change);

  /**
   * Deletes requests that ended at least {@link BorrowRequest#SHOWN_FOR} ago, and requests that
   * have been open for at least that time. Returns the number of deleted requests.
   */
  int removeOld();

  /**
   * A share with exactly the requested terms.
   *
   * @param shareVersion the version of the present share of the asker, who made the request; empty
   *     if the asker has no share
   * @param leavesPool the group whose pooled limits would no longer apply to the asker's calls;
   *     empty if there is no such group
   */
  record GrantProposal(Share.Terms terms, OptionalLong shareVersion, Optional<Handle> leavesPool) {}

  /**
   * The terms of a grant, and the conditions under which it is made.
   *
   * @param terms the terms of the share; if empty, the share has exactly the requested terms
   * @param share the precondition for the present share of the asker, who made the request
   * @param leavesPool the group whose pooled limits will no longer apply to the asker's calls; by
   *     naming the group, the granting user confirms the loss of these limits
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

  /** A service, and the terms that the actor lacked in a refused call. */
  record Linked(Instance.Ref service, RequestedTerms terms) {
    static Linked of(Instance.Ref service, MissingTerms missing) {
      return new Linked(service, missing.terms());
    }
  }

  /**
   * The conditions that the requests of a list have to meet. A condition that is empty does not
   * restrict the list.
   *
   * @param endedAfter the time after which the requests have to have ended
   */
  record RequestFilter(
      Optional<RequestSide> side, Optional<RequestState> state, Optional<Instant> endedAfter) {
    public static final RequestFilter NONE = new RequestFilter(Optional.empty(), Optional.empty());

    public RequestFilter(Optional<RequestSide> side, Optional<RequestState> state) {
      this(side, state, Optional.empty());
    }
  }

  record Granted(BorrowRequest request, Share share) {}
}
