package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Sight;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.sharing.port.OpenRequests;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives and ends shares of instances, in the caller's transaction. All shares of instances are
 * given and ended by this class, so that the same rules apply to all of them.
 */
public final class ShareGrants {
  /** With this text begins the subject of a share that waits for consent. */
  private static final String SUBJECT = "share:";

  private final InstanceStore instances;
  private final InstanceShareStore store;
  private final OpenRequests requests;
  private final Shares<Instance.Id> shares;
  private final AuditedChanges changes;

  public ShareGrants(
      InstanceStore instances,
      InstanceShareStore store,
      OpenRequests requests,
      Grantees grantees,
      AuditedChanges changes) {
    this.instances = instances;
    this.store = store;
    this.requests = requests;
    this.shares = new Shares<>(store, grantees, changes);
    this.changes = changes;
  }

  /**
   * Gives a share like {@link Sharing#share}, in the caller's transaction.
   *
   * @param answers if present, the request that is granted by this share, even if the share's terms
   *     differ from the requested terms
   * @throws RefusedException if the actor may not give the share
   */
  public GivenShare share(
      Actor actor,
      Instance.Ref ref,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms,
      Field<AppliedBy> appliedBy,
      Optional<BorrowRequest.Id> answers,
      ChangeLog log) {
    SharedInstance shared = held(actor, ref, log);
    demand(shared, needed(terms, Optional.empty()));
    return give(actor, shared, grantee, precondition, before -> terms, appliedBy, answers, log);
  }

  /**
   * Returns the refusal of a share for the following reason: with this share, a group's pooled
   * limits would no longer apply to the user. A share with this effect is refused unless its
   * request names the group.
   */
  public static Refusal leavesPool(Handle user, Handle group) {
    return new Refusal.Conflict(
        "leaves_pool",
        ("%s calls this service as a member of @%s, whose members share limits. These "
                + "limits would not apply to a share of the user's own. To give the share "
                + "nevertheless, name the group in leaves_pool.")
            .formatted(user, group));
  }

  /**
   * Locks the projects that close if a share ends or permits less. Projects are locked before
   * services and shares, so this method has to be called before them, and before {@link #end} and
   * {@link #share}.
   */
  public void lockOpened(Instance.Ref ref, GranteeName grantee) {
    store.lockOpened(ref, grantee);
  }

  /** Locks the same projects if the service is visible. */
  void lockOpened(Sight sight, Instance.Ref ref, GranteeName grantee) {
    if (instances.find(ref, sight, changes.now()).isPresent()) {
      lockOpened(ref, grantee);
    }
  }

  /**
   * Returns what an actor sees who wants to end a share. Holders can end their own share even if it
   * has expired and they therefore no longer see the service.
   */
  static Sight sightToEnd(Actor actor, GranteeName grantee) {
    return grantee.isUser(actor.handle()) ? actor.sight().withExpired() : actor.sight();
  }

  /** Returns who is to get a share that waits for consent. */
  public static GranteeName granteeOfSubject(String subject) {
    return GranteeName.of(subject.substring(SUBJECT.length()));
  }

  SharedInstance held(Actor actor, Instance.Ref ref, ChangeLog log) {
    SharedInstance shared =
        SharedInstance.visible(
            actor, instances.hold(ref, actor.sight(), changes.now()), changes.now());
    log.setTarget(AuditTargets.service(shared.instance()));
    return shared;
  }

  /**
   * Gives a share with terms that depend on the present share.
   *
   * @param wanted the function that receives the locked present share, and returns the terms to
   *     give
   */
  GivenShare give(
      Actor actor,
      SharedInstance shared,
      GranteeName name,
      Precondition precondition,
      Function<Optional<Share>, Share.Terms> wanted,
      Field<AppliedBy> appliedBy,
      Optional<BorrowRequest.Id> answers,
      ChangeLog log) {
    demandShareable(shared.instance());
    Grantee grantee = shares.grantee(name, shared.instance().ref().owner());
    // The requests are locked before any share, because other transactions that hold the lock on
    // the requests can wait for the lock on the co-owner's own share.
    List<BorrowRequest> open = requests.lockOpen(shared.id(), grantee.id());
    Optional<Share> own =
        shared.may(Action.SHARE) == Permission.GRANTED
            ? Optional.empty()
            : Optional.of(ownShare(actor, shared, grantee));
    answers.flatMap(requests::find).ifPresent(ShareGrants::demandWanted);
    Optional<Share> before = store.lock(shared.id(), grantee.id());
    before.ifPresent(share -> store.lockOpenedSince(shared.id(), grantee.id()));
    Share.Terms terms = wanted.apply(before);
    if (answers.isPresent()) {
      demandNotEnded(terms);
    }
    demandNoCoOwner(shared.instance(), terms);
    demand(shared, needed(terms, before));
    demandLent(shared, terms, before);
    own.ifPresent(share -> demandWithin(share, terms, before));
    before
        .filter(share -> own.isPresent() && !share.givenVia().equals(Optional.of(actor.id())))
        .ifPresent(share -> demandKept(shared, share, terms));
    GivenShare given =
        shares.give(
            shared.id(),
            grantee,
            terms,
            shared.instance().settings().limits(),
            appliedBy,
            actor,
            own.map(share -> actor.id()),
            precondition,
            log);
    if (given.changed()) {
      endWhatNoLongerFits(shared, given.share(), log);
      log.recordChange(
          AuditAction.SERVICE_SHARE,
          AuditTargets.service(shared.instance()),
          List.of(name.toString()),
          given.terms());
      demandConsent(actor, shared, given, answers, log);
    }
    open.stream()
        .filter(request -> answers.equals(Optional.of(request.id())) || isMet(request))
        .forEach(request -> recordGrant(actor, request, log));
    return given;
  }

  /**
   * Refuses to grant a request that was declined or withdrawn while the grant waited for consent.
   */
  private static void demandWanted(BorrowRequest answered) {
    switch (answered.state()) {
      case OPEN, GRANTED -> {}
      case DECLINED, WITHDRAWN ->
          throw RefusedException.conflict(
              "lapsed", "The request that this share would grant was declined or withdrawn.");
    }
  }

  /**
   * If the requested end has passed before the grant, refuses to grant the request, because the
   * share would already have ended. A share that has already ended would only remove the asker's
   * present share.
   */
  private void demandNotEnded(Share.Terms terms) {
    if (terms.expiredAt(changes.now())) {
      throw RefusedException.conflict(
          "end_passed",
          ("This share would already have ended, at %s. Grant the request with another end, or"
                  + " decline it.")
              .formatted(terms.expiresAt().orElseThrow()));
    }
  }

  /**
   * Returns whether the asker now has everything that was requested, no matter which share gives
   * it.
   */
  private boolean isMet(BorrowRequest request) {
    return instances
        .find(request.service().id(), request.asker().id(), changes.now())
        .filter(
            seen ->
                seen.shares()
                    .grant(changes.now())
                    .filter(
                        held ->
                            request
                                .terms()
                                .areMetBy(held.terms(), seen.instance().settings().limits()))
                    .isPresent())
        .isPresent();
  }

  private void recordGrant(Actor actor, BorrowRequest request, ChangeLog log) {
    requests.end(request.ended(RequestState.GRANTED, actor.handle(), changes.now()), actor.id());
    log.recordChange(AuditAction.REQUEST_GRANT, AuditTargets.request(request), List.of());
  }

  /**
   * If the service requires consent to new co-owners, a share that gives co-ownership has to wait
   * for this consent.
   */
  private void demandConsent(
      Actor actor,
      SharedInstance shared,
      GivenShare given,
      Optional<BorrowRequest.Id> answers,
      ChangeLog log) {
    if (given.share().terms().role() != Role.OWNER
        || shared.instance().settings().approvals().count() == 1) {
      return;
    }
    String subject = SUBJECT + given.share().grantee().name();
    changes
        .consents()
        .demand(
            log,
            actor,
            shared.instance(),
            new ConsentDemand.Wanted(
                Approval.Kind.SHARE,
                subject,
                List.of(subject),
                given.terms(),
                store.image(shared.id(), given.share().grantee().id(), answers)));
  }

  /**
   * Returns the action that must be permitted to an actor who gives a share with the given terms.
   * This is {@link Action#SHARE_OWNERSHIP} if the grantee is or becomes a co-owner, and {@link
   * Action#SHARE} otherwise.
   */
  private static Action needed(Share.Terms terms, Optional<Share> before) {
    boolean ownership =
        terms.role() == Role.OWNER
            || before.filter(s -> s.terms().role() == Role.OWNER).isPresent();
    return ownership ? Action.SHARE_OWNERSHIP : Action.SHARE;
  }

  static void demand(SharedInstance shared, Action action) {
    switch (shared.may(action)) {
      case GRANTED, WITHIN_OWN_BOUNDS -> {}
      case LEAVE_ONLY, DENIED ->
          throw RefusedException.forbidden(
              "Your role on this service does not allow giving this share.",
              shared.missing(action));
    }
  }

  private static void demandShareable(Instance instance) {
    if (instance.isSystemLevel() && instance.audience() == Audience.EVERYBODY) {
      throw RefusedException.invalid(
          new Fault(
              "",
              "not_shareable",
              "Everybody may already use this service. To give shares, first set its audience to"
                  + " shared."));
    }
  }

  /**
   * Refuses to make somebody a co-owner of a system-level service. Only administrators act as
   * owners of such services, because these services may reach the operator's private addresses.
   */
  private static void demandNoCoOwner(Instance instance, Share.Terms terms) {
    if (instance.isSystemLevel() && terms.role() == Role.OWNER) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "role", "A share of a system-level service gives the role reader or writer."));
    }
  }

  /** Refuses terms that lend kinds of storage which the service does not lend. */
  private static void demandLent(SharedInstance shared, Share.Terms terms, Optional<Share> before) {
    StorageKinds lent = shared.instance().settings().storage();
    Optional<StorageKinds> kinds = terms.limits().storage().kinds();
    boolean kept =
        before.filter(s -> s.terms().limits().storage().kinds().equals(kinds)).isPresent();
    if (!kept && kinds.filter(named -> !named.isWithin(lent)).isPresent()) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "limits/storage",
              lent.names().isEmpty()
                  ? "This service lends no storage. Set the service's field storage first."
                  : "Only what the service lends: " + String.join(", ", lent.names()) + "."));
    }
  }

  /** Returns the co-owner's own share, which gives the co-owner the right to give shares. */
  private Share ownShare(Actor actor, SharedInstance shared, Grantee grantee) {
    if (grantee.id().equals(actor.id())) {
      throw RefusedException.forbidden("A co-owner can't change their own share.");
    }
    return store
        .hold(shared.id(), actor.id())
        .filter(s -> !s.expiredAt(changes.now()))
        .orElseThrow(RefusedException::notFound);
  }

  private static void demandWithin(Share own, Share.Terms terms, Optional<Share> before) {
    if (!terms.fitWithin(own.terms())) {
      throw RefusedException.forbidden(
          "A co-owner can't give a share that lasts longer or permits more than the co-owner's own"
              + " share (role, may_reshare, expires_at, limits).");
    }
    if (!terms.weighAtMost(own.terms(), before.map(Share::terms))) {
      throw RefusedException.forbidden(
          "A co-owner can't give a share more weight than their own, which is "
              + own.terms().weight().value()
              + ".");
    }
  }

  private static void demandKept(SharedInstance shared, Share before, Share.Terms terms) {
    if (!terms.keepLimitsOf(before.terms(), shared.instance().settings().limits())) {
      throw RefusedException.forbidden(
          "A co-owner can't widen the limits of a share that somebody else gave, or increase its"
              + " weight.");
    }
  }

  private void endWhatNoLongerFits(SharedInstance shared, Share share, ChangeLog log) {
    for (Share given : givenVia(shared, share)) {
      if (!given.terms().fitWithin(share.terms())) {
        store.delete(shared.id(), given.grantee().id());
        recordEnd(shared, given, log);
      }
    }
  }

  /**
   * Ends a share like {@link Sharing#end}, in the caller's transaction.
   *
   * @throws RefusedException if the actor may not end the share
   */
  public void end(
      Actor actor,
      Instance.Ref ref,
      GranteeName grantee,
      Precondition precondition,
      ChangeLog log) {
    SharedInstance shared = heldToEnd(actor, ref, grantee, log);
    Optional<Share> share = shares.lock(shared.id(), grantee);
    share.ifPresent(s -> store.lockOpenedSince(shared.id(), s.grantee().id()));
    demandMayEnd(actor, shared, grantee, share);
    List<Share> ended = new ArrayList<>();
    share.ifPresent(s -> ended.addAll(givenVia(shared, s)));
    share.ifPresent(ended::add);
    shares.end(shared.id(), share, precondition);
    ended.forEach(s -> recordEnd(shared, s, log));
  }

  /** Returns the instance whose share is to be ended. */
  private SharedInstance heldToEnd(
      Actor actor, Instance.Ref ref, GranteeName grantee, ChangeLog log) {
    boolean own = grantee.isUser(actor.handle());
    Optional<InstanceStore.VisibleInstance> found =
        instances.hold(ref, sightToEnd(actor, grantee), changes.now());
    SharedInstance shared =
        found
            .filter(seen -> own && seen.shares().own().isPresent())
            .map(seen -> SharedInstance.of(actor, seen, changes.now()))
            .orElseGet(() -> SharedInstance.visible(actor, found, changes.now()));
    log.setTarget(AuditTargets.service(shared.instance()));
    return shared;
  }

  private static void demandMayEnd(
      Actor actor, SharedInstance shared, GranteeName grantee, Optional<Share> share) {
    Role role = share.map(s -> s.terms().role()).orElse(Role.READER);
    boolean own = share.isPresent() && grantee.isUser(actor.handle());
    if (!Permissions.mayEndShare(shared.relationship(), role, own)) {
      throw RefusedException.forbidden(refusedEnd(grantee));
    }
  }

  private static String refusedEnd(GranteeName grantee) {
    return grantee.isGroup()
        ? "Your role on this service does not allow ending this share. Members lose the group's"
            + " share when they leave the group."
        : "Your role on this service does not allow ending this share.";
  }

  /**
   * Returns the shares that a share's holder was allowed to give because of this share. A group
   * can't give shares.
   */
  private List<Share> givenVia(SharedInstance shared, Share share) {
    return switch (share.grantee()) {
      case Grantee.OneUser user -> store.givenVia(shared.id(), user.id());
      case Grantee.Members group -> List.of();
    };
  }

  private static void recordEnd(SharedInstance shared, Share share, ChangeLog log) {
    log.recordChange(
        AuditAction.SERVICE_UNSHARE,
        AuditTargets.service(shared.instance()),
        List.of(share.grantee().name().toString()),
        AuditEvent.Term.of(share.terms().texts(), Map.of()));
  }
}
