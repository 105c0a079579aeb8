package io.claviger.application.shared;

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
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs attempts to change something. A successful attempt stores its changes and the audit events
 * about them in one transaction. A refused or failed attempt changes nothing and is recorded in a
 * transaction of its own. An attempt that fails because another change came first is repeated. A
 * user can make only a limited number of changes in a short time ({@link RecordedChanges}). Changes
 * that end access are not limited.
 */
public final class AuditedChanges {
  private static final int TRIES = 5;

  private final Transactions transactions;
  private final AuditTrail trail;
  private final Ids ids;
  private final InstantSource clock;
  private final Runnable changed;
  private final Quotas quotas;
  private final Optional<RefusedChanges> refusedChanges;
  private final ConsentDemand consents;
  private final RecordedChanges recorded;

  /** Creates an object that checks no quotas, and that records one event for each refusal. */
  public AuditedChanges(Transactions transactions, AuditTrail trail, Ids ids, InstantSource clock) {
    this(
        transactions,
        trail,
        ids,
        clock,
        () -> {},
        Quotas.NONE,
        Optional.empty(),
        ConsentDemand.NONE);
  }

  /**
   * @param changed called after each committed change, before the caller learns that the change
   *     succeeded
   * @param refusedChanges combines refusals into fewer events; if empty, each refusal becomes an
   *     event of its own
   * @param consents stores changes that need the consent of other people
   */
  public AuditedChanges(
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock,
      Runnable changed,
      Quotas quotas,
      Optional<RefusedChanges> refusedChanges,
      ConsentDemand consents) {
    this(
        transactions,
        trail,
        ids,
        clock,
        changed,
        quotas,
        refusedChanges,
        consents,
        new RecordedChanges(System::nanoTime, RecordedChanges.AT_ONCE, RecordedChanges.PER_MINUTE));
  }

  /**
   * @param recorded limits how many changes one user makes
   */
  AuditedChanges(
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock,
      Runnable changed,
      Quotas quotas,
      Optional<RefusedChanges> refusedChanges,
      ConsentDemand consents,
      RecordedChanges recorded) {
    this.transactions = transactions;
    this.trail = trail;
    this.ids = ids;
    this.clock = clock;
    this.changed = changed;
    this.quotas = quotas;
    this.refusedChanges = refusedChanges;
    this.consents = consents;
    this.recorded = recorded;
  }

  /** The body of an attempt, which may run more than once, each time in a new transaction. */
  @FunctionalInterface
  public interface Change<T> {
    T make(ChangeLog log);
  }

  /**
   * Attempts a change that needs a token of scope manage.
   *
   * @param action the action under which a refusal is recorded, unless the change itself sets
   *     another action
   * @param target the target under which a refusal is recorded, unless the change itself sets
   *     another target
   */
  public <T> Outcome<T> change(
      Actor actor, AuditAction action, AuditTarget target, Change<T> change) {
    return change(actor, action, target, log -> Outcome.done(change.make(log)), Outcome::refused);
  }

  /**
   * Attempts a change that needs a token of scope manage.
   *
   * @param action the action under which a refusal is recorded, unless the change names another
   *     action
   * @param target the target under which a refusal is recorded, unless the change names another
   *     target
   * @param refused turns a refusal into the outcome of the use case
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
              "This access token is of scope use, which changes nothing. Send one of scope manage."),
          refused);
    }
    return attempt(Attempter.of(actor), action, target, change, refused);
  }

  /**
   * Attempts a change of the presented token itself. A token of any scope may make such a change.
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
   * Attempts a change whose actor is not known at the beginning. Either the actor becomes known
   * during the attempt ({@link ChangeLog#setActor}), for example in a sign-in, or there is no
   * actor, as in a task of the node.
   *
   * @param address the address from which the attempt comes, for the audit trail
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
   * A program that acts for no user.
   *
   * @param token identifies the token that the program presents
   * @param subject the name of the program in the audit trail
   * @param address the address from which the program's request comes
   */
  public record Program(AccessToken.Id token, String subject, String address, String requestId) {}

  /** Attempts a change by a program that acts for no user, such as an identity provider. */
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

    /** Returns the user or program that attempts the change; empty if nobody is known. */
    Optional<RecordedChanges.Changer> changer() {
      return actor
          .map(a -> new RecordedChanges.Changer(a.id().value(), a.administrator()))
          .or(() -> program.map(p -> new RecordedChanges.Changer(p.token().value(), true)));
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
        changed.run();
        if (!log.entries().isEmpty()) {
          who.as(log).changer().ifPresent(recorded::count);
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
        : new Refusal.Conflict(
            "concurrent_change", "Somebody else is changing this at the same time. Try again.");
  }

  /** Returns the current time with the precision of the database: microseconds. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns the source of ids for new things. */
  public Ids ids() {
    return ids;
  }

  /** Returns the object that stores changes that need the consent of other people. */
  public ConsentDemand consents() {
    return consents;
  }

  public Transactions transactions() {
    return transactions;
  }

  public AuditTrail trail() {
    return trail;
  }

  /**
   * Runs work in a transaction, and repeats it when another change conflicts with it.
   *
   * @param tries the greatest number of attempts
   * @throws ConcurrencyConflict when as many attempts in a row as allowed had a conflict
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
   * @param tooMany refuses the change unless it ends access. A program only states the wanted
   *     result, so whether its change ends access becomes known only by the attempt.
   */
  private <T> T make(Attempter who, ChangeLog log, Change<T> change, Optional<Refusal> tooMany) {
    T outcome = change.make(log);
    if (tooMany.isPresent() && !log.endsAccess()) {
      throw new RefusedException(tooMany.get());
    }
    List<AuditEvent> events =
        log.entries().stream()
            .map(
                entry ->
                    event(
                        entry.by().map(Attempter::of).orElseGet(() -> who.as(log)),
                        entry.action(),
                        entry.target(),
                        AuditOutcome.DONE,
                        entry.fields(),
                        entry.terms()))
            .toList();
    trail.recordAll(events);
    // Quotas are checked last, because their locks can make other transactions of the user wait.
    log.additions().forEach(quotas::demand);
    return outcome;
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
   * Records a refused attempt, immediately, or combined with equal attempts. This must be called
   * outside of transactions.
   */
  public void recordRefusal(AuditEvent event) {
    if (refusedChanges.isPresent()) {
      refusedChanges.get().record(event);
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
   * Creates the event of a single attempt of this actor at the present time. The event is not
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
   * Creates the event of a change that a task of the node makes at the present time. The event is
   * not recorded yet.
   */
  public AuditEvent eventOfTask(AuditAction action, AuditTarget target, List<String> fields) {
    return eventOfNobody(AuditEvent.UPKEEP, action, target, AuditOutcome.DONE, fields);
  }

  /**
   * Creates the event of an action of an operator or a node, not of a user, at the present time.
   * The event is not recorded yet.
   *
   * @param address {@link AuditEvent#COMMAND_LINE} or {@link AuditEvent#UPKEEP}
   */
  public AuditEvent eventOfNobody(
      String address,
      AuditAction action,
      AuditTarget target,
      AuditOutcome outcome,
      List<String> fields) {
    return AuditEvent.withoutActor(ids.next(), now(), address, "", action, target, outcome, fields);
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
        now(),
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
