package io.claviger.application.shared;

import io.claviger.application.shared.port.ActiveUsers;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs attempts to change something. A successful attempt stores its changes and their audit events
 * in one transaction. A refused or failed attempt changes nothing, and is recorded in its own
 * transaction. If an attempt fails because another transaction was faster, the attempt is repeated.
 * A user can make only a limited number of changes in a short time ({@link RecordedChanges}), apart
 * from changes that end access. Sign-ins have a limit of their own. The transaction of each attempt
 * checks the actor again. The attempt changes nothing if the actor was suspended or has lost the
 * rights of an administrator since the request was authenticated. The attempt also changes nothing
 * if the presented access token or session has ended since the request was authenticated.
 */
public final class AuditedChanges {
  private static final int TRIES = 5;

  private final Transactions transactions;
  private final AuditTrail trail;
  private final ActiveUsers users;
  private final Ids ids;
  private final InstantSource clock;
  private final InstantSource time;
  private final Controls controls;
  private final RecordedChanges recorded;

  /**
   * Limits changes, and learns of changes and refusals.
   *
   * @param changed the action that runs after each committed change, before the caller learns of
   *     the success
   * @param refusedChanges the object that combines refusals into fewer events; if empty, each
   *     refusal becomes an event
   * @param consents the object that stores changes that need consent
   */
  public record Controls(
      Runnable changed,
      Quotas quotas,
      Optional<RefusedChanges> refusedChanges,
      ConsentDemand consents) {
    /** Has no quotas, lets no change wait for consent, and records an event for each refusal. */
    public static final Controls NONE =
        new Controls(() -> {}, Quotas.NONE, Optional.empty(), ConsentDemand.NONE);
  }

  /** Creates an instance without controls. */
  public AuditedChanges(
      Transactions transactions,
      AuditTrail trail,
      ActiveUsers users,
      Ids ids,
      InstantSource clock) {
    this(transactions, trail, users, ids, clock, Controls.NONE);
  }

  /**
   * @param users the object that checks whether the actor still has the rights and credentials that
   *     the actor had at the beginning of the attempt
   */
  public AuditedChanges(
      Transactions transactions,
      AuditTrail trail,
      ActiveUsers users,
      Ids ids,
      InstantSource clock,
      Controls controls) {
    this(
        transactions,
        trail,
        users,
        ids,
        clock,
        clock,
        controls,
        new RecordedChanges(System::nanoTime, RecordedChanges.AT_ONCE, RecordedChanges.PER_MINUTE));
  }

  /**
   * @param time the clock for {@link #now}
   * @param recorded the object that limits how many changes a user makes
   */
  AuditedChanges(
      Transactions transactions,
      AuditTrail trail,
      ActiveUsers users,
      Ids ids,
      InstantSource clock,
      InstantSource time,
      Controls controls,
      RecordedChanges recorded) {
    this.transactions = transactions;
    this.trail = trail;
    this.users = users;
    this.ids = ids;
    this.clock = clock;
    this.time = time;
    this.controls = controls;
    this.recorded = recorded;
  }

  /**
   * Returns an instance with another clock for {@link #now}. Audit events still have the time of
   * the node's clock, because whoever controls the database could set the database's clock.
   */
  public AuditedChanges decidingBy(InstantSource other) {
    return new AuditedChanges(transactions, trail, users, ids, clock, other, controls, recorded);
  }

  /** The body of an attempt. The body can run several times, each time in a new transaction. */
  @FunctionalInterface
  public interface Change<T> {
    T make(ChangeLog log);
  }

  /**
   * Attempts a change that needs a token of scope {@code manage}.
   *
   * @param action the action under which a refusal is recorded, unless the change sets another
   *     action
   * @param target the target under which a refusal is recorded, unless the change sets another
   *     target
   */
  public <T> Outcome<T> change(
      Actor actor, AuditAction action, AuditTarget target, Change<T> change) {
    return change(actor, action, target, log -> Outcome.done(change.make(log)), Outcome::refused);
  }

  /**
   * Attempts a change that needs a token of scope {@code manage}.
   *
   * @param action the action under which a refusal is recorded, unless the change sets another
   *     action
   * @param target the target under which a refusal is recorded, unless the change sets another
   *     target
   * @param refused the function that converts a refusal into the result
   */
  public <T> T change(
      Actor actor,
      AuditAction action,
      AuditTarget target,
      Change<T> change,
      Function<Refusal, T> refused) {
    if (!actor.mayManage()) {
      return refuse(
          Attempter.of(actor),
          action,
          target,
          new Refusal.Forbidden(
              "This access token has the scope use, which permits no changes. Send a token with the"
                  + " scope manage."),
          refused);
    }
    return attempt(Attempter.of(actor), action, target, change, refused);
  }

  /**
   * Attempts a change to the presented token itself. A token of any scope is sufficient.
   *
   * @param action the action under which a refusal is recorded
   * @param target the target under which a refusal is recorded
   */
  public <T> Outcome<T> changeOwnToken(
      Actor actor, AuditAction action, AuditTarget target, Change<T> change) {
    return attempt(
        Attempter.of(actor),
        action,
        target,
        log -> Outcome.done(change.make(log)),
        Outcome::refused);
  }

  /**
   * Attempts a change whose actor is unknown at the beginning. The attempt either sets the actor
   * ({@link ChangeLog#setActor}), as a sign-in does, or has no actor, as in a background task.
   *
   * @param address the address of the caller, for the audit trail
   */
  public <T> Outcome<T> changeFrom(
      String address, String requestId, AuditAction action, AuditTarget target, Change<T> change) {
    return attempt(
        new Attempter(Optional.empty(), Optional.empty(), address, requestId),
        action,
        target,
        log -> Outcome.done(change.make(log)),
        Outcome::refused);
  }

  /**
   * A program that makes changes but does not act for a user.
   *
   * @param token the id of the program's token
   * @param subject the program's name in the audit trail
   * @param address the address of the program
   */
  public record Program(AccessToken.Id token, String subject, String address, String requestId) {}

  /** Attempts a change by a program that does not act for a user, such as an identity provider. */
  public <T> Outcome<T> changeBy(
      Program program, AuditAction action, AuditTarget target, Change<T> change) {
    return attempt(
        new Attempter(
            Optional.empty(), Optional.of(program), program.address(), program.requestId()),
        action,
        target,
        log -> Outcome.done(change.make(log)),
        Outcome::refused);
  }

  private record Attempter(
      Optional<Actor> actor, Optional<Program> program, String address, String requestId) {
    static Attempter of(Actor actor) {
      return new Attempter(
          Optional.of(actor), Optional.empty(), actor.address(), actor.requestId());
    }

    Attempter as(ChangeLog log) {
      return new Attempter(log.actor(), program, address, requestId);
    }

    /** Returns the user or program that makes the attempt; empty if neither is known. */
    Optional<RecordedChanges.Changer> changer() {
      return changer(false);
    }

    Optional<RecordedChanges.Changer> changer(boolean signsIn) {
      return actor
          .map(a -> changer(a.id().value(), signsIn, a.administrator()))
          .or(() -> program.map(p -> changer(p.token().value(), signsIn, true)));
    }

    private static RecordedChanges.Changer changer(UUID id, boolean signsIn, boolean administers) {
      return new RecordedChanges.Changer(new RecordedChanges.Limited(id, signsIn), administers);
    }

    Optional<AccessToken.Id> token() {
      return program.map(Program::token).or(() -> actor.flatMap(Actor::tokenId));
    }

    Optional<String> subject() {
      return program
          .map(Program::subject)
          .or(() -> actor.flatMap(Actor::token).flatMap(AccessToken::presentedSubject));
    }

    AuditEvent.Source source() {
      return new AuditEvent.Source(
          actor.map(Actor::id),
          actor.map(Actor::handle),
          token(),
          actor.flatMap(Actor::session),
          subject(),
          address,
          requestId);
    }
  }

  private <T> T attempt(
      Attempter who,
      AuditAction action,
      AuditTarget target,
      Change<T> change,
      Function<Refusal, T> refused) {
    Optional<Refusal> tooMany =
        action.endsAccess() ? Optional.empty() : who.changer().flatMap(recorded::refusal);
    if (tooMany.isPresent() && who.program().isEmpty()) {
      return refuse(who, action, target, tooMany.get(), refused);
    }
    for (int attempt = 1; ; attempt++) {
      ChangeLog log = new ChangeLog(action, target, who.actor());
      try {
        T outcome = transactions.inTransaction(() -> make(who, log, change, tooMany));
        controls.changed().run();
        if (!log.entries().isEmpty()) {
          who.as(log).changer(log.isLimitedAsSignIn()).ifPresent(recorded::count);
        }
        return outcome;
      } catch (OtherChange other) {
        return refused.apply(
            attempt(who.as(log), other.action(), other.target(), other.change(), why -> why));
      } catch (RefusedException e) {
        return refuse(who.as(log), log.attempted(), log.target(), e.refusal(), refused);
      } catch (ConcurrencyConflict e) {
        if (e.how() == ConcurrencyConflict.How.RESERVED || attempt == TRIES) {
          return refuse(who.as(log), log.attempted(), log.target(), conflict(e.how()), refused);
        }
        Backoff.pause(attempt);
      } catch (InvalidValue e) {
        record(
            who.as(log), log.attempted(), log.target(), AuditOutcome.REFUSED, e.fault().code(), e);
        throw e;
      } catch (StillReferenced e) {
        record(who.as(log), log.attempted(), log.target(), AuditOutcome.REFUSED, "in_use", e);
        throw e;
      } catch (StoreUnavailable e) {
        throw e;
      } catch (QueryTimeout | MissingEncryptionKey e) {
        record(who.as(log), log.attempted(), log.target(), AuditOutcome.FAILED, "unavailable", e);
        throw e;
      } catch (RuntimeException e) {
        record(
            who.as(log), log.attempted(), log.target(), AuditOutcome.FAILED, "internal_error", e);
        throw e;
      }
    }
  }

  private static Refusal conflict(ConcurrencyConflict.How how) {
    return how == ConcurrencyConflict.How.RESERVED
        ? Refusal.Conflict.HANDLE_RESERVED
        : Refusal.Conflict.CONCURRENT_CHANGE;
  }

  /**
   * Returns the current time, by which use cases decide what has begun or expired. The time is
   * truncated to microseconds, as times in the database are.
   */
  public Instant now() {
    return time.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns the current time, for an audit event. */
  public Instant eventTime() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns the generator of ids for new records. */
  public Ids ids() {
    return ids;
  }

  /** Returns the store of changes that need consent. */
  public ConsentDemand consents() {
    return controls.consents();
  }

  public Transactions transactions() {
    return transactions;
  }

  public AuditTrail trail() {
    return trail;
  }

  /**
   * Runs work in a transaction. If another transaction conflicts with this transaction, runs the
   * work again.
   *
   * @param tries the maximum number of attempts
   * @throws ConcurrencyConflict if the last permitted attempt also had a conflict
   */
  public <T> T repeated(int tries, Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return transactions.inTransaction(work);
      } catch (ConcurrencyConflict e) {
        if (attempt == tries) {
          throw e;
        }
        Backoff.pause(attempt);
      }
    }
  }

  /**
   * @param tooMany present if the actor has made too many changes; the change is then refused with
   *     this refusal unless it ends access. Whether a change ends access is known only after it was
   *     made, because a request states only the wanted result. During a sign-in, the actor is known
   *     only after the change, so the limit is checked then.
   */
  private <T> T make(Attempter who, ChangeLog log, Change<T> change, Optional<Refusal> tooMany) {
    T outcome = change.make(log);
    who.actor().ifPresent(actor -> demandActive(actor, log));
    who.program().ifPresent(this::demandActive);
    Optional<Refusal> refusal =
        who.changer().isPresent()
            ? tooMany
            : who.as(log).changer(log.isLimitedAsSignIn()).flatMap(recorded::refusal);
    if (refusal.isPresent() && !log.endsAccess()) {
      throw new RefusedException(refusal.get());
    }
    List<AuditEvent> events =
        log.entries().stream()
            .map(
                entry ->
                    event(
                        entry.otherActor().map(Attempter::of).orElseGet(() -> who.as(log)),
                        entry.action(),
                        entry.target(),
                        AuditOutcome.DONE,
                        entry.fields(),
                        entry.terms()))
            .toList();
    trail.recordAll(events);
    // Quotas are checked last, because their locks can make other transactions of the user wait.
    log.additions().forEach(controls.quotas()::demand);
    return outcome;
  }

  /**
   * Locks the user and the credentials only after the change. The change might need a stronger lock
   * on these rows, and two transactions that already have the weaker lock would wait for each
   * other.
   */
  private void demandActive(Actor actor, ChangeLog log) {
    if (!log.deletes(actor.id())) {
      log.needed(actor).demandHeld(users);
    }
  }

  private void demandActive(Program program) {
    if (!users.holdProgram(program.token())) {
      throw RefusedException.forbidden("This token has ended.");
    }
  }

  private <T> T refuse(
      Attempter who,
      AuditAction action,
      AuditTarget target,
      Refusal refusal,
      Function<Refusal, T> refused) {
    record(who, action, target, AuditOutcome.REFUSED, refusal.code());
    return refused.apply(refusal);
  }

  private void record(
      Attempter who,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      String code,
      RuntimeException thrown) {
    try {
      record(who, action, target, outcome, code);
    } catch (RuntimeException unrecorded) {
      thrown.addSuppressed(unrecorded);
    }
  }

  private void record(
      Attempter who, AuditAction action, AuditTarget target, AuditOutcome outcome, String code) {
    recordRefusal(event(who, action, target, outcome, List.of(code), List.of()));
  }

  /**
   * Records a refused attempt, either immediately or together with its repetitions in one event.
   * Must not be called in a transaction.
   */
  public void recordRefusal(AuditEvent event) {
    if (controls.refusedChanges().isPresent()) {
      controls.refusedChanges().get().record(event);
      return;
    }
    AuditEvent unused =
        transactions.inTransaction(
            () -> {
              trail.record(event);
              return event;
            });
  }

  /**
   * Creates an event of a single attempt of this actor, with the current time. The event is not
   * recorded yet.
   */
  public AuditEvent event(
      Actor actor,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields) {
    return event(Attempter.of(actor), action, target, outcome, fields, List.of());
  }

  /**
   * Creates an event of a change by a background task, with the current time. The event is not
   * recorded yet.
   */
  public AuditEvent eventOfTask(AuditAction action, AuditTarget target, List<String> fields) {
    return eventOfNobody(AuditEvent.UPKEEP, action, target, AuditOutcome.DONE, fields);
  }

  /**
   * Creates an event about an operator's or a node's action, with the current time. The event is
   * not recorded yet.
   *
   * @param address {@link AuditEvent#COMMAND_LINE} or {@link AuditEvent#UPKEEP}
   */
  public AuditEvent eventOfNobody(
      String address,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields) {
    return AuditEvent.withoutActor(
        ids.next(), eventTime(), address, "", action, target, outcome, fields);
  }

  private AuditEvent event(
      Attempter who,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields,
      List<AuditEvent.Term> terms) {
    return new AuditEvent(
        ids.next(),
        eventTime(),
        who.source(),
        action,
        target,
        outcome,
        fields,
        terms,
        1,
        Optional.empty());
  }
}
