package io.claviger.application.reviews;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.Groups;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.reviews.port.ReviewStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.reviews.Review.Subject;
import io.claviger.domain.reviews.ReviewRules;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ReviewUseCases implements Reviews {
  private final ReviewStore store;
  private final UserStore users;
  private final InstanceStore instances;
  private final GroupStore groups;
  private final ShareGrants grants;
  private final Groups members;
  private final AuditedChanges changes;

  ReviewUseCases(
      ReviewStore store,
      UserStore users,
      InstanceStore instances,
      GroupStore groups,
      ShareGrants grants,
      Groups members,
      AuditedChanges changes) {
    this.store = store;
    this.users = users;
    this.instances = instances;
    this.groups = groups;
    this.grants = grants;
    this.members = members;
    this.changes = changes;
  }

  /**
   * The actor's rights to decide about the grants of a review.
   *
   * @param towards how the actor is related to the reviewed service; empty if a group is reviewed
   * @param keptHere whether Claviger, and not the identity provider, can end the grants
   */
  private record ReviewRelationship(Optional<Relationship> towards, boolean keptHere) {
    boolean mayEnd(Review.Line line, boolean own) {
      boolean ofOwner = line.kind() == Review.Kind.USER && line.role().equals("owner");
      return towards.isEmpty()
          || Permissions.mayEndShare(towards.get(), ofOwner ? Role.OWNER : Role.READER, own);
    }

    boolean endsHere(Review.Line line) {
      return switch (line.kind()) {
        case USER, GROUP -> keptHere;
        case PROJECT, EVERYBODY -> false;
      };
    }
  }

  @Override
  public Outcome<Review> startOfService(Actor actor, Instance.Ref service) {
    return changes.change(
        actor,
        AuditAction.REVIEW_START,
        AuditTargets.review(service.toString()),
        log -> {
          Instant now = changes.now();
          InstanceStore.VisibleInstance seen =
              instances
                  .lock(service, actor.sight(), now)
                  .filter(found -> actor.sees(found.relationship(actor, now)))
                  .orElseThrow(RefusedException::notFound);
          if (!ReviewRules.mayReview(seen.relationship(actor, now), false)) {
            throw RefusedException.forbidden(
                "Only a service's owner, its co-owners and administrators may review the service.");
          }
          Instance found = seen.instance();
          return start(
              actor, new Subject.OfService(found.id(), found.ref(), found.owner()), now, log);
        });
  }

  @Override
  public Outcome<Review> startOfGroup(Actor actor, Handle group) {
    return changes.change(
        actor,
        AuditAction.REVIEW_START,
        AuditTargets.review("@" + group),
        log -> {
          GroupStore.VisibleGroup seen =
              groups.lock(group, actor.id()).orElseThrow(RefusedException::notFound);
          if (!ReviewRules.mayReview(actor.administrator(), seen.role())) {
            throw RefusedException.forbidden(
                "Only a group's managers and administrators may review the group.");
          }
          return start(
              actor,
              new Subject.OfGroup(seen.group().id(), seen.group().handle()),
              changes.now(),
              log);
        });
  }

  private Review start(Actor actor, Subject subject, Instant now, ChangeLog log) {
    ReviewStore.Open open = store.lockAndCount(subject, actor.id(), now);
    if (open.ofSubject() >= Review.MOST_OF_SUBJECT || open.inAll() >= Review.MOST_OF_STARTER) {
      throw RefusedException.conflict(
          "too_many_reviews",
          ("You can have at most %d open reviews of the same service or group, and %d in all. A"
                  + " review closes after %d days.")
              .formatted(Review.MOST_OF_SUBJECT, Review.MOST_OF_STARTER, Review.OPEN_FOR.toDays()));
    }
    Review begun =
        new Review(
            new Review.Id(changes.ids().next()),
            subject,
            actor.id(),
            actor.handle(),
            now,
            now.plus(Review.OPEN_FOR),
            false,
            0,
            0);
    int stored = store.insert(begun, Review.MOST_GRANTS);
    if (stored > Review.MOST_GRANTS) {
      throw RefusedException.conflict(
          "too_many_grants", "A review can have at most %d grants.".formatted(Review.MOST_GRANTS));
    }
    log.recordChange(AuditAction.REVIEW_START, AuditTargets.review(begun), List.of());
    return store.find(begun.id()).orElseThrow();
  }

  @Override
  public Outcome<Page<Review, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return Page.of(
              store.list(
                  actor.id(), actor.administrator(), changes.now(), page.after(), page.limit() + 1),
              page.limit(),
              (Review each) -> new TimeCursor(each.startedAt(), each.id().value()));
        });
  }

  @Override
  public Outcome<Review> find(Actor actor, Review.Id id) {
    return Outcome.of(() -> seen(actor, id));
  }

  @Override
  public boolean isOpen(Review review) {
    return review.isOpen(changes.now());
  }

  @Override
  public Outcome<Page<Review.Line, String>> lines(
      Actor actor, Review.Id id, PageRequest<String> page) {
    return Outcome.of(
        () ->
            Page.of(
                store.lines(seen(actor, id), page.after(), page.limit() + 1, changes.now()),
                page.limit(),
                Review.Line::grantee));
  }

  private Review seen(Actor actor, Review.Id id) {
    actor.demandManage();
    Review found = store.find(id).orElseThrow(RefusedException::notFound);
    ReviewRelationship unused = relationship(actor, found, false);
    return found;
  }

  @Override
  public Outcome<Review.Line> decide(
      Actor actor, Review.Id id, String grantee, Review.Decision decision) {
    AuditAction action =
        switch (decision) {
          case KEEP -> AuditAction.REVIEW_KEEP;
          case END -> AuditAction.REVIEW_END;
        };
    return changes.change(
        actor,
        action,
        AuditTargets.review(id),
        log -> {
          // Nobody may make others wait for a review that they don't see.
          Review review = seen(actor, id);
          if (decision == Review.Decision.END
              && review.subject() instanceof Subject.OfService service) {
            lockOpened(service.service(), grantee);
          }
          ReviewRelationship relationship = relationship(actor, review, true);
          log.setTarget(AuditTargets.review(review));
          Instant now = changes.now();
          if (!review.isOpen(now)) {
            throw RefusedException.conflict(
                "review_closed", "This review is closed. Start another one.");
          }
          Review.Line line =
              Optional.of(grantee)
                  .filter(Review.Line::isName)
                  .flatMap(name -> store.lock(review, name, now))
                  .orElseThrow(RefusedException::notFound);
          boolean own = line.kind() == Review.Kind.USER && line.holder().equals(actor.id().value());
          ReviewRules.Verdict verdict =
              ReviewRules.judge(
                  decision,
                  relationship.mayEnd(line, own),
                  own || isOfPersonBehind(actor, line),
                  relationship.endsHere(line),
                  line.state(),
                  line.decision());
          if (demandPossible(verdict, line)) {
            decide(actor, review, line, decision, now, log);
          }
          return store.line(review, grantee, now).orElseThrow(RefusedException::notFound);
        });
  }

  /**
   * Locks the projects that the end of a share closes. Does nothing if the name can't be that of a
   * share, but for example that of a project.
   */
  private void lockOpened(Instance.Ref service, String line) {
    GranteeName holder;
    try {
      holder = GranteeName.of(line);
    } catch (InvalidValue notOfShare) {
      return;
    }
    grants.lockOpened(service, holder);
  }

  /**
   * Whether the actor is a service account, and the same person can act as the actor and as the
   * grant's holder. If the result is true, the grant counts as the actor's own. In contrast, people
   * may decide about the grants of their service accounts.
   */
  private boolean isOfPersonBehind(Actor actor, Review.Line line) {
    return line.kind() == Review.Kind.USER
        && users.find(actor.handle()).filter(User::isServiceAccount).isPresent()
        && users.sharePerson(actor.id(), new User.Id(line.holder()));
  }

  private void decide(
      Actor actor,
      Review review,
      Review.Line line,
      Review.Decision decision,
      Instant now,
      ChangeLog log) {
    store.decide(review.id(), line.grantee(), new Review.Decided(decision, actor.handle(), now));
    AuditAction action = AuditAction.REVIEW_KEEP;
    if (decision == Review.Decision.END) {
      action = AuditAction.REVIEW_END;
      switch (review.subject()) {
        case Subject.OfService service ->
            grants.end(
                actor, service.service(), GranteeName.of(line.grantee()), Precondition.NONE, log);
        case Subject.OfGroup group ->
            members.removeMember(log, actor, group.group(), new Handle(line.grantee()));
      }
    }
    log.recordChange(
        action,
        AuditTargets.review(review),
        List.of(line.grantee()),
        AuditEvent.Term.of(Map.of("role", line.role()), Map.of()));
  }

  /**
   * Returns whether the decision must be recorded. Throws a refusal if the decision is not
   * possible.
   */
  private static boolean demandPossible(ReviewRules.Verdict verdict, Review.Line line) {
    return switch (verdict) {
      case RECORD -> true;
      case AS_BEFORE -> false;
      case NOT_YOURS ->
          throw RefusedException.forbidden(
              "Only users who may end this share may decide about it.");
      case OWN ->
          throw RefusedException.forbidden(
              "This grant is your own, or the same person can act for you and for its holder. Only"
                  + " somebody else can keep it.");
      case STANDS ->
          throw RefusedException.conflict(
              "decision_stands",
              "This review has already ended the grant, and this decision is final.");
      case GONE ->
          throw RefusedException.conflict(
              "grant_ended", "This grant has ended or expired since the review began.");
      case CHANGED ->
          throw RefusedException.conflict(
              "grant_changed",
              "This grant has changed since the review began. Start another review.");
      case NOT_HERE -> throw elsewhere(line);
    };
  }

  private static RefusedException elsewhere(Review.Line line) {
    return switch (line.kind()) {
      case USER, GROUP ->
          RefusedException.conflict(
              "synced", "This group follows the identity provider. End the membership there.");
      case PROJECT ->
          RefusedException.conflict(
              "not_ended_here",
              ("A project uses this service by the right of the project's owner, %s. Decide about"
                      + " the owner's right instead.")
                  .formatted(line.givenBy().orElse("-")));
      case EVERYBODY ->
          RefusedException.conflict(
              "not_ended_here",
              "Everybody may use this service. To change this, set its audience to shared.");
    };
  }

  /**
   * @param held whether to lock the service or group against changes until the transaction ends
   * @throws RefusedException if the actor may not see the review
   */
  private ReviewRelationship relationship(Actor actor, Review review, boolean held) {
    Instant now = changes.now();
    return switch (review.subject()) {
      case Subject.OfService service -> {
        Optional<InstanceStore.VisibleInstance> found =
            held
                ? instances.hold(service.service(), actor.sight(), now)
                : instances.find(service.service(), actor.sight(), now);
        yield found
            .filter(seen -> seen.instance().id().equals(service.id()))
            .map(seen -> seen.relationship(actor, now))
            .filter(towards -> ReviewRules.mayReview(towards, review.moved()))
            .map(towards -> new ReviewRelationship(Optional.of(towards), true))
            .orElseThrow(RefusedException::notFound);
      }
      case Subject.OfGroup group -> {
        Optional<GroupStore.VisibleGroup> found =
            held ? groups.lock(group.group(), actor.id()) : groups.find(group.group(), actor.id());
        yield found
            .filter(seen -> seen.group().id().equals(group.id()))
            .filter(seen -> ReviewRules.mayReview(actor.administrator(), seen.role()))
            .map(
                seen ->
                    new ReviewRelationship(
                        Optional.empty(), GroupPermissions.isKeptHere(seen.group().kind())))
            .orElseThrow(RefusedException::notFound);
      }
    };
  }

  @Override
  public void removeOld() {
    int unused = changes.transactions().inTransaction(() -> store.deleteOlderThan(Review.KEPT_FOR));
  }
}
