package io.claviger.application.approvals;

import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.OtherChange;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.approvals.ConsentRules;
import io.claviger.domain.approvals.ConsentRules.Consenter;
import io.claviger.domain.approvals.ConsentRules.Verdict;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class ApprovalUseCases implements Approvals {
  /** The time for which a change stays visible after its end. */
  private static final Duration SHOWN_FOR = Duration.ofDays(30);

  /** The maximum number of overdue changes that are read at once. */
  private static final int MOST_AT_ONCE = 100;

  private final ApprovalStore store;
  private final CredentialStore credentials;
  private final InstanceStore instances;
  private final ConsentedChange consented;
  private final AuditedChanges changes;

  ApprovalUseCases(
      ApprovalStore store,
      CredentialStore credentials,
      InstanceStore instances,
      ConsentedChange consented,
      AuditedChanges changes) {
    this.store = store;
    this.credentials = credentials;
    this.instances = instances;
    this.consented = consented;
    this.changes = changes;
  }

  @Override
  public Outcome<Page<Approval, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          return Page.of(
                  store.waitingFor(
                      actor.id(),
                      actor.administrator(),
                      changes.now(),
                      page.after(),
                      page.limit() + 1),
                  page.limit(),
                  (Approval each) -> new TimeCursor(each.askedAt(), each.id().value()))
              .map(each -> shown(actor, each));
        });
  }

  @Override
  public Outcome<Approval> find(Actor actor, Approval.Id id) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          Approval found = store.find(id).orElseThrow(RefusedException::notFound);
          Consenter unused = demandSeen(actor, found, store::find);
          return shown(actor, found);
        });
  }

  @Override
  public Outcome<Approval> approve(Actor actor, Approval.Id id) {
    return changes.change(
        actor,
        AuditAction.APPROVAL_APPROVE,
        AuditTargets.approval(id),
        log -> {
          Instant now = changes.now();
          // Nobody may make others wait for a change that they may not consent to.
          Approval found = store.find(id).orElseThrow(RefusedException::notFound);
          demandMayConsent(actor, found, store::find, now, log);
          consented.lockOpened(found);
          Instance service = lockedService(found, actor, now);
          Approval waiting = store.lock(id).orElseThrow(RefusedException::notFound);
          demandMayConsent(actor, waiting, store::hold, now, log);
          Lockout.demandPresented(actor, credentials);
          if (service.version() != waiting.version() || !service.id().equals(waiting.service())) {
            throw lapses(
                actor, waiting, "The service was changed after this change was asked for.");
          }
          return waiting.hasConsentOf(actor.id())
              ? waiting
              : consent(actor, waiting, service, now, log);
        });
  }

  private Approval consent(
      Actor actor, Approval waiting, Instance service, Instant now, ChangeLog log) {
    Approval.Consent consent = new Approval.Consent(actor.id(), actor.handle(), now);
    store.addConsent(waiting.id(), consent);
    Approval approval = waiting.with(consent);
    log.recordChange(
        AuditAction.APPROVAL_APPROVE,
        AuditTargets.approval(approval),
        approval.fields(),
        approval.terms());
    if (approval.missing() > 0) {
      return approval;
    }
    Approval applied = approval.ended(Approval.State.APPLIED, Optional.empty(), now);
    try {
      Actor asker = asker(approval, actor, now);
      demandStillConsented(approval, now);
      String image = consented.opened(approval);
      store.end(applied);
      log.consented(asker, () -> consented.make(applied, service.ref(), image, asker, log));
    } catch (RefusedException e) {
      throw lapses(actor, waiting, why(e.refusal()));
    } catch (InvalidValue | StillReferenced e) {
      throw lapses(actor, waiting, "The change no longer fits the stored service.");
    } catch (ConcurrencyConflict e) {
      if (e.how() != ConcurrencyConflict.How.REFERENCE_GONE) {
        throw e;
      }
      // Another attempt would fail too, because something that the change needs has been deleted.
      throw lapses(actor, waiting, "Something that the change names has been deleted.");
    }
    return applied;
  }

  /** Returns the user who requested the change, with the user's current rights. */
  private Actor asker(Approval approval, Actor actor, Instant now) {
    Consenter consenter =
        store
            .hold(approval.asker(), approval.service(), now)
            .filter(each -> !each.suspended())
            .orElseThrow(
                () ->
                    RefusedException.forbidden("The user who asked for this change is suspended."));
    return new Actor(
        approval.asker(),
        approval.askerHandle(),
        consenter.administrator(),
        Optional.empty(),
        actor.address(),
        actor.requestId());
  }

  /**
   * @throws ConcurrencyConflict when a recovery has withdrawn a consent since the change was read.
   *     After this method, recoveries wait until the transaction ends
   */
  private void demandStillConsented(Approval approval, Instant now) {
    Set<User.Id> behind = store.behind(approval.asker());
    for (Approval.Consent consent : approval.consents()) {
      boolean may =
          store
              .hold(consent.user(), approval.service(), now)
              .filter(
                  consenter ->
                      ConsentRules.mayConsent(
                              consent.user(), approval.asker(), behind, consenter, now)
                          == Verdict.MAY)
              .isPresent();
      if (!may) {
        throw RefusedException.forbidden(consent.handle() + " may no longer consent to it.");
      }
    }
    if (store.find(approval.id()).filter(stored -> stored.missing() == 0).isEmpty()) {
      throw ConcurrencyConflict.notSerializable("a recovery has withdrawn a consent");
    }
  }

  @Override
  public Outcome<Approval> decline(Actor actor, Approval.Id id) {
    return changes.change(
        actor,
        AuditAction.APPROVAL_DECLINE,
        AuditTargets.approval(id),
        log -> {
          Instant now = changes.now();
          Approval found = store.find(id).orElseThrow(RefusedException::notFound);
          Consenter unused = demandSeen(actor, found, store::find);
          Approval waiting = store.lock(id).orElseThrow(RefusedException::notFound);
          Consenter unusedToo = demandSeen(actor, waiting, store::hold);
          log.setTarget(AuditTargets.approval(shown(actor, waiting)));
          demandOpen(actor, waiting, now);
          Approval declined = waiting.ended(Approval.State.DECLINED, Optional.empty(), now);
          store.end(declined);
          Approval shown = shown(actor, declined);
          log.recordChange(
              AuditAction.APPROVAL_DECLINE, AuditTargets.approval(shown), shown.fields());
          return shown;
        });
  }

  @Override
  public void lapse() {
    RuntimeException fault = null;
    Optional<Approval.Id> last = Optional.empty();
    List<Approval.Id> due;
    do {
      due = store.due(last, MOST_AT_ONCE);
      for (Approval.Id each : due) {
        try {
          lapse(each);
        } catch (RuntimeException e) {
          fault = e;
        }
      }
      last = due.isEmpty() ? last : Optional.of(due.getLast());
    } while (due.size() == MOST_AT_ONCE);
    int unused = changes.transactions().inTransaction(() -> store.deleteEnded(SHOWN_FOR));
    if (fault != null) {
      throw fault;
    }
  }

  private void lapse(Approval.Id id) {
    boolean unused =
        changes
            .transactions()
            .inTransaction(
                () -> {
                  Optional<Approval> due = store.lockDue(id);
                  due.ifPresent(this::recordLapse);
                  return due.isPresent();
                });
  }

  private void recordLapse(Approval due) {
    store.end(
        due.ended(
            Approval.State.LAPSED, Optional.of("Nobody consented within a day."), changes.now()));
    changes
        .trail()
        .record(
            changes.eventOfTask(
                AuditAction.APPROVAL_LAPSE, AuditTargets.approval(due), List.of("too_late")));
  }

  private Instance lockedService(Approval approval, Actor actor, Instant now) {
    return instances
        .lock(approval.ref(), actor.id(), now)
        .map(InstanceStore.VisibleInstance::instance)
        .orElseThrow(RefusedException::notFound);
  }

  /** A method of {@link ApprovalStore} that finds or holds a user. */
  private interface Reading {
    Optional<Consenter> read(User.Id user, Instance.Id service, Instant now);
  }

  /**
   * @throws RefusedException when the actor has no right to see the change
   */
  private Consenter demandSeen(Actor actor, Approval approval, Reading reading) {
    Consenter consenter =
        reading
            .read(actor.id(), approval.service(), changes.now())
            .orElseThrow(RefusedException::notFound);
    if (!ConsentRules.mayDecline(actor.id(), approval.asker(), consenter, approval.moved())) {
      throw RefusedException.notFound();
    }
    return consenter;
  }

  /** Returns what the actor, who sees the change, may know about it. */
  private Approval shown(Actor actor, Approval approval) {
    Instant now = changes.now();
    return !actor.id().equals(approval.asker())
            || instances
                .find(approval.service(), actor.id(), now)
                .filter(service -> service.isShownTo(actor, now))
                .isPresent()
        ? approval
        : approval.asAsked();
  }

  private void demandOpen(Actor actor, Approval approval, Instant now) {
    if (approval.state() != Approval.State.WAITING) {
      throw RefusedException.conflict(
          "not_open", "This change no longer waits: it is " + approval.state().wireName() + ".");
    }
    if (!approval.isWaiting(now)) {
      throw lapses(actor, approval, "Nobody consented within a day.");
    }
  }

  private void demandMayConsent(
      Actor actor, Approval approval, Reading reading, Instant now, ChangeLog log) {
    Consenter consenter = demandSeen(actor, approval, reading);
    log.setTarget(AuditTargets.approval(shown(actor, approval)));
    demandOpen(actor, approval, now);
    Verdict verdict =
        ConsentRules.mayConsent(
            actor.id(), approval.asker(), store.behind(approval.asker()), consenter, now);
    if (verdict == Verdict.MAY) {
      return;
    }
    throw RefusedException.forbidden(
        switch (verdict) {
          case ASKED ->
              "You asked for this, yourself or through a service account for which you are"
                  + " responsible. Another owner or an administrator has to consent.";
          case NEW_CO_OWNER ->
              "You became a co-owner less than 7 days ago, and the user who asks for this may have"
                  + " made you one. Another owner or an administrator has to consent.";
          case NO_PERSON -> "Service accounts can't consent. A person has to consent.";
          case MAY, NO_OWNER, SUSPENDED -> "Only owners and administrators consent.";
        });
  }

  /**
   * Ends a change that can no longer be made. The end of the change is stored even though
   * everything else is rolled back.
   */
  private OtherChange lapses(Actor actor, Approval approval, String why) {
    return new OtherChange(
        AuditAction.APPROVAL_LAPSE,
        AuditTargets.approval(shown(actor, approval)),
        log -> {
          Optional<Approval> open =
              store.lock(approval.id()).filter(each -> each.state() == Approval.State.WAITING);
          open.ifPresent(
              each -> {
                store.end(each.ended(Approval.State.LAPSED, Optional.of(why), changes.now()));
                log.recordChange(
                    AuditAction.APPROVAL_LAPSE,
                    AuditTargets.approval(shown(actor, each)),
                    each.fields(),
                    List.of(new AuditEvent.Term("reason", Optional.empty(), Optional.of(why))));
              });
          return new Refusal.Conflict("lapsed", "This change has lapsed. " + why);
        });
  }

  private static String why(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Forbidden forbidden -> forbidden.why();
      case Refusal.Conflict conflict -> conflict.detail();
      case Refusal.TooMany tooMany -> tooMany.detail();
      case Refusal.NotFound gone ->
          "The user who asked for this change no longer sees the service.";
      case Refusal.Invalid invalid -> "The change no longer fits the stored service.";
      case Refusal.PreconditionFailed stale ->
          "The service was changed after this change was asked for.";
      case Refusal.Waiting waiting -> waiting.sentence();
    };
  }
}
