package io.claviger.application.requests;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestPermissions;
import io.claviger.domain.requests.RequestPermissions.RequestAction;
import io.claviger.domain.requests.RequestRole;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

final class BorrowRequestUseCases implements BorrowRequests {
  private final BorrowRequestStore requests;
  private final InstanceStore instances;
  private final UserStore users;
  private final RequestCreation asking;
  private final GrantedRequests granted;
  private final RequestReferences references;
  private final AuditedChanges changes;

  BorrowRequestUseCases(
      BorrowRequestStore requests,
      InstanceStore instances,
      UserStore users,
      GrantedRequests granted,
      RequestReferences references,
      AuditedChanges changes) {
    this.requests = requests;
    this.instances = instances;
    this.users = users;
    this.asking = new RequestCreation(requests, granted, changes);
    this.granted = granted;
    this.references = references;
    this.changes = changes;
  }

  @Override
  public Outcome<BorrowRequest> ask(Actor actor, Instance.Ref service, Wish wish) {
    return changes.change(
        actor,
        AuditAction.REQUEST_ASK,
        AuditTargets.service(service),
        log -> {
          Instance held =
              visible(actor, instances.hold(service, actor.sight(), changes.now())).instance();
          log.setTarget(AuditTargets.service(held));
          // From now on until the end of this transaction, nobody can give a share that answers the
          // request. If such a share already exists, it is found below.
          requests.lockAnswers(held.id());
          InstanceStore.VisibleInstance seen =
              visible(actor, instances.find(held.id(), actor.id(), changes.now()));
          BorrowRequest request = asking.request(actor, seen, wish);
          log.recordChange(AuditAction.REQUEST_ASK, AuditTargets.request(request), List.of());
          return request;
        });
  }

  private InstanceStore.VisibleInstance visible(
      Actor actor, Optional<InstanceStore.VisibleInstance> found) {
    return found
        .filter(seen -> actor.sees(seen.relationship(actor, changes.now())))
        .orElseThrow(RefusedException::notFound);
  }

  @Override
  public Outcome<Linked> linked(Actor actor, String reference) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          MissingTerms missing = references.read(reference).orElseThrow(RefusedException::notFound);
          InstanceStore.VisibleInstance seen =
              visible(actor, instances.find(missing.service(), actor.id(), changes.now()));
          return Linked.of(seen.instance().ref(), missing);
        });
  }

  @Override
  public Outcome<Page<BorrowRequest, TimeCursor>> list(
      Actor actor, RequestFilter filter, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return Page.of(
              requests.list(
                  actor.id(),
                  filter.side(),
                  filter.state(),
                  filter.endedAfter(),
                  changes.now(),
                  page.after(),
                  page.limit() + 1),
              page.limit(),
              request -> new TimeCursor(request.askedAt(), request.id().value()));
        });
  }

  @Override
  public Outcome<BorrowRequest> find(Actor actor, BorrowRequest.Id id) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          BorrowRequest request = seen(actor, id);
          demand(actor, request, RequestAction.SEE, found(actor, request));
          return request;
        });
  }

  @Override
  public Outcome<GrantProposal> proposal(Actor actor, BorrowRequest.Id id) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          BorrowRequest request = seen(actor, id);
          demand(actor, request, RequestAction.GRANT, found(actor, request));
          InstanceStore.VisibleInstance asked = askedBy(request);
          return new GrantProposal(
              granted.proposal(request.terms(), asked),
              asked
                  .shares()
                  .own()
                  .map(s -> OptionalLong.of(s.version()))
                  .orElse(OptionalLong.empty()),
              poolLeft(asked));
        });
  }

  @Override
  public Outcome<Granted> grant(Actor actor, BorrowRequest.Id id, RequestGrant grant) {
    return changes.change(
        actor,
        AuditAction.REQUEST_GRANT,
        AuditTargets.request(id),
        log -> {
          BorrowRequest open = locked(actor, id, RequestAction.GRANT, log);
          InstanceStore.VisibleInstance asked = askedBy(open);
          Optional<Handle> left = poolLeft(asked);
          if (left.isPresent() && !left.equals(grant.leavesPool())) {
            throw new RefusedException(ShareGrants.leavesPool(open.asker().handle(), left.get()));
          }
          Share.Terms terms = grant.terms().orElseGet(() -> granted.proposal(open.terms(), asked));
          return granted.grant(actor, open, terms, grant.share(), log);
        });
  }

  /** Returns the requested service, with the shares of the user who made the request. */
  private InstanceStore.VisibleInstance askedBy(BorrowRequest request) {
    return instances
        .find(request.service().id(), request.asker().id(), changes.now())
        .orElseThrow(RefusedException::notFound);
  }

  private Optional<Handle> poolLeft(InstanceStore.VisibleInstance asked) {
    return asked.shares().poolLeftByOwn(changes.now()).map(GroupShare::handle);
  }

  @Override
  public Outcome<BorrowRequest> decline(Actor actor, BorrowRequest.Id id) {
    return changes.change(
        actor,
        AuditAction.REQUEST_DECLINE,
        AuditTargets.request(id),
        log ->
            end(
                actor,
                locked(actor, id, RequestAction.DECLINE, log),
                RequestState.DECLINED,
                AuditAction.REQUEST_DECLINE,
                log));
  }

  @Override
  public Outcome<BorrowRequest.Id> withdraw(Actor actor, BorrowRequest.Id id) {
    return changes.change(
        actor,
        AuditAction.REQUEST_WITHDRAW,
        AuditTargets.request(id),
        log ->
            end(
                    actor,
                    locked(actor, id, RequestAction.WITHDRAW, log),
                    RequestState.WITHDRAWN,
                    AuditAction.REQUEST_WITHDRAW,
                    log)
                .id());
  }

  private BorrowRequest end(
      Actor actor, BorrowRequest open, RequestState how, AuditAction action, ChangeLog log) {
    BorrowRequest ended = open.ended(how, actor.handle(), changes.now());
    requests.end(ended, actor.id());
    log.recordChange(action, AuditTargets.request(ended), List.of());
    return ended;
  }

  /**
   * Locks the service before the request, because the deletion of a service locks in the same
   * order.
   */
  private BorrowRequest locked(
      Actor actor, BorrowRequest.Id id, RequestAction action, ChangeLog log) {
    BorrowRequest known = seen(actor, id);
    if (action == RequestAction.GRANT) {
      granted.lockOpened(known);
    }
    Optional<InstanceStore.VisibleInstance> service =
        instances
            .hold(known.service().ref(), actor.id(), changes.now())
            .filter(seen -> seen.instance().id().equals(known.service().id()));
    BorrowRequest request = requests.lock(id).orElseThrow(RefusedException::notFound);
    if (!request.service().ref().equals(known.service().ref())) {
      // The service has got another reference since it was found, so the next attempt finds the
      // service under the new reference.
      throw ConcurrencyConflict.notSerializable("it moved");
    }
    demand(actor, request, RequestAction.SEE, service);
    log.setTarget(AuditTargets.request(request));
    demand(actor, request, action, service);
    return request;
  }

  private BorrowRequest seen(Actor actor, BorrowRequest.Id id) {
    return requests.find(id, actor.sight(), changes.now()).orElseThrow(RefusedException::notFound);
  }

  private Optional<InstanceStore.VisibleInstance> found(Actor actor, BorrowRequest request) {
    return instances.find(request.service().id(), actor.id(), changes.now());
  }

  private void demand(
      Actor actor,
      BorrowRequest request,
      RequestAction action,
      Optional<InstanceStore.VisibleInstance> service) {
    InstanceStore.VisibleInstance seen = service.orElseThrow(RefusedException::notFound);
    RequestRole role = RequestRole.of(actor.id(), seen.relationship(actor, changes.now()), request);
    switch (RequestPermissions.may(role, action, request.state())) {
      case GRANTED -> {}
      case HIDDEN -> throw RefusedException.notFound();
      case FORBIDDEN ->
          throw RefusedException.forbidden(
              action == RequestAction.WITHDRAW
                  ? "Only the asker can withdraw a request. Decline it instead."
                  : "Only those who may share the service can grant or decline a request.");
      case NOT_OPEN ->
          throw RefusedException.conflict(
              "not_open",
              "This request is no longer open: it is %s.".formatted(request.state().wireName()));
    }
  }

  @Override
  public Outcome<MutedAskers> muted(Actor actor, Handle user) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          demandSelf(actor, user);
          return requests.mutedBy(actor.id());
        });
  }

  @Override
  public Outcome<MutedAskers> changeMuted(
      Actor actor, Handle user, UnaryOperator<MutedAskers> change) {
    return changes.change(
        actor,
        AuditAction.REQUEST_MUTE,
        AuditTargets.user(user),
        log -> {
          demandSelf(actor, user);
          MutedAskers before = requests.mutedBy(actor.id());
          MutedAskers muted = change.apply(before);
          boolean allKnown =
              muted.users().stream()
                  .filter(added -> !before.users().contains(added))
                  .allMatch(added -> isKnown(actor, added));
          if (!allKnown || !requests.mute(actor.id(), muted)) {
            throw RefusedException.invalid(Fault.unknownReference("users", "user"));
          }
          log.recordChange(
              AuditAction.REQUEST_MUTE, AuditTargets.user(actor.id(), actor.handle()), List.of());
          return muted;
        });
  }

  /**
   * Whether an owner may learn that a user exists, because the owner sees the user in lists or got
   * a request from the user.
   */
  private boolean isKnown(Actor owner, Handle user) {
    return users.isKnown(owner.sight(), user, changes.now()) || requests.hasAsked(owner.id(), user);
  }

  private static void demandSelf(Actor actor, Handle user) {
    if (!actor.handle().equals(user)) {
      throw RefusedException.notFound();
    }
  }

  @Override
  public int removeOld() {
    return requests.deleteOlderThan(BorrowRequest.SHOWN_FOR);
  }
}
