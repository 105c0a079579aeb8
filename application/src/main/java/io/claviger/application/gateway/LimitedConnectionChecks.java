package io.claviger.application.gateway;

import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Refusal;
import io.claviger.application.usage.ChargedCall;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

final class LimitedConnectionChecks implements ConnectionChecks {
  /** The time for which a caller with too many running requests should wait. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /**
   * The number of services that are read at a time. The number is small because the services stay
   * in memory while their checks wait for places, and the limits of one service can contain
   * hundreds of long names.
   */
  private static final int READ_AT_ONCE = 20;

  /**
   * The additional time for an exchange that takes too long, so that it can say which step failed.
   */
  private static final Duration TO_TELL_THE_STEP = Duration.ofSeconds(1);

  private final CallContexts contexts;
  private final CallKeys keys;
  private final ProviderProbe probe;
  private final PassedChecks passed;
  private final RateLimiter permits;
  private final UsageCounter usage;
  private final AuditedChanges changes;
  private final ConnectionCheckQuota places = new ConnectionCheckQuota();

  LimitedConnectionChecks(
      CallContexts contexts,
      CallKeys keys,
      ProviderProbe probe,
      PassedChecks passed,
      RateLimiter permits,
      UsageCounter usage,
      AuditedChanges changes) {
    this.contexts = contexts;
    this.keys = keys;
    this.probe = probe;
    this.passed = passed;
    this.permits = permits;
    this.usage = usage;
    this.changes = changes;
  }

  @Override
  public CheckOutcome check(Actor actor, Instance.Ref ref) {
    Instant now = changes.now();
    Optional<ServiceContext> target =
        contexts
            .find(ref, actor.id(), changes.now())
            .filter(t -> actor.sees(relationship(actor, t, now)))
            .filter(t -> actor.isWithinRestriction(t.instance().id()));
    if (target.isEmpty()) {
      return new CheckOutcome.Refused(new Refusal.NotFound());
    }
    if (!Permissions.allows(relationship(actor, target.get(), now), Action.USE)) {
      return new CheckOutcome.Refused(
          new Refusal.Forbidden(
              "You may see this service but not call it. Checking needs the right to call.",
              MissingTerms.role(
                  target.get().instance().id(),
                  relationship(actor, target.get(), now),
                  Action.USE)));
    }
    if (!places.enter(actor.id())) {
      return new CheckOutcome.Limited(SOON, OptionalInt.empty());
    }
    try {
      return switch (started(actor, target.get(), deadline(EACH))) {
        case StartedCheck.Running running -> new CheckOutcome.Checked(running.result().join());
        case StartedCheck.Exhausted exhausted ->
            new CheckOutcome.Limited(exhausted.retryAfter(), exhausted.perMinute());
        case StartedCheck.NotAllowed refused ->
            new CheckOutcome.Refused(
                new Refusal.Forbidden(CallRefusal.OPERATION_BEYOND_LIMITS.message()));
      };
    } finally {
      places.leave(actor.id());
    }
  }

  @Override
  public ListOutcome checkAll(Actor actor, Handle user) {
    if (!actor.handle().equals(user)) {
      return new ListOutcome.Refused(new Refusal.NotFound());
    }
    if (!places.enter(actor.id())) {
      return new ListOutcome.Limited(SOON);
    }
    try {
      return new ListOutcome.Checked(checkedAll(actor));
    } finally {
      places.leave(actor.id());
    }
  }

  private static Relationship relationship(Actor actor, ServiceContext target, Instant now) {
    return HeldShare.relationship(
        actor.id(), actor.administrator(), target.instance(), target.share(), now);
  }

  private List<ConnectionCheck> checkedAll(Actor actor) {
    long deadline = deadline(ALL);
    List<CompletableFuture<ConnectionCheck>> checks = new ArrayList<>();
    Optional<Instance.Ref> after = Optional.empty();
    List<ServiceContext> part;
    do {
      part = contexts.usableBy(actor.id(), after, READ_AT_ONCE, changes.now());
      for (ServiceContext target : part) {
        after = Optional.of(target.instance().ref());
        if (actor.isWithinRestriction(target.instance().id())) {
          checks.add(oneOfAll(actor, target, deadline));
        }
      }
    } while (part.size() == READ_AT_ONCE);
    return checks.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<ConnectionCheck> oneOfAll(
      Actor actor, ServiceContext target, long deadline) {
    return switch (started(actor, target, deadline)) {
      case StartedCheck.Running running -> running.result();
      case StartedCheck.Exhausted exhausted -> beyond(target, CallRefusal.RATE_LIMITED);
      case StartedCheck.NotAllowed refused -> beyond(target, CallRefusal.OPERATION_BEYOND_LIMITS);
    };
  }

  /** A check that was started, or the limit because of which it was not started. */
  private sealed interface StartedCheck {
    record Running(CompletableFuture<ConnectionCheck> result) implements StartedCheck {
      static Running done(ConnectionCheck check) {
        return new Running(CompletableFuture.completedFuture(check));
      }
    }

    record Exhausted(Duration retryAfter, OptionalInt perMinute) implements StartedCheck {}

    record NotAllowed() implements StartedCheck {}
  }

  /**
   * Waits until a place for a further check is free, and then starts the call of the check. The key
   * is decrypted only while the call runs.
   */
  private StartedCheck started(Actor actor, ServiceContext target, long deadline) {
    CallableInstance instance = target.instance();
    KeyDecision decision = keys.decide(target);
    if (decision.source().isEmpty()) {
      return StartedCheck.Running.done(withoutKey(instance, decision.reason()));
    }
    AccessDecision.Granted access = new AccessDecision.Granted(target);
    CallLimits limits = access.limits(actor.id(), actor.token());
    // A check counts as a request for the list of models, even if it calls another operation of the
    // provider.
    if (target.standard().format().api().modelList().paths().stream()
        .noneMatch(path -> limits.allow("GET", path))) {
      usage.refuse(
          CallGrant.account(actor.id(), actor.handle(), access),
          decision.source(),
          CallRefusal.OPERATION_NOT_ALLOWED.code());
      return new StartedCheck.NotAllowed();
    }
    if (!places.take(actor.id(), deadline)) {
      return StartedCheck.Running.done(notReached(instance));
    }
    boolean called = false;
    try {
      if (permits.take(meters(instance, limits))
          instanceof RateLimiter.PermitDecision.Exhausted exhausted) {
        usage.refuse(
            CallGrant.account(actor.id(), actor.handle(), access),
            decision.source(),
            CallRefusal.RATE_LIMITED.code());
        return new StartedCheck.Exhausted(exhausted.retryAfter(), exhausted.perMinute());
      }
      CallGrant grant =
          CallGrant.of(
              actor.id(),
              actor.handle(),
              access,
              decision.source().orElseThrow(),
              limits,
              Optional.empty());
      Optional<AuthorizedCall> authorized = keys.open(actor, grant);
      if (authorized.isEmpty()) {
        return StartedCheck.Running.done(
            withoutKey(instance, Optional.of(NoKeyReason.KEY_UNUSABLE)));
      }
      CompletableFuture<ConnectionCheck> running =
          called(actor, instance, authorized.get(), deadline);
      called = true;
      return new StartedCheck.Running(
          seesCredential(actor, target) ? running : running.thenApply(c -> c.withoutCredential()));
    } finally {
      if (!called) {
        places.free(actor.id());
      }
    }
  }

  private boolean seesCredential(Actor actor, ServiceContext target) {
    return actor.administrator()
        || Permissions.allows(relationship(actor, target, changes.now()), Action.CONFIGURE);
  }

  /**
   * Returns the meters that count a check: the meters of the caller's rate limits, and the meter
   * for all checks of the service.
   */
  private static List<Meter> meters(CallableInstance instance, CallLimits limits) {
    List<Meter> meters = new ArrayList<>(limits.meters());
    meters.add(new Meter("check:" + instance.id().value(), PER_MINUTE));
    return meters;
  }

  /**
   * Calls the provider for a check. Frees the check's place at the end of the call, even if the
   * call fails.
   */
  private CompletableFuture<ConnectionCheck> called(
      Actor actor, CallableInstance instance, AuthorizedCall authorized, long deadline) {
    CompletableFuture<ConnectionCheck> running =
        authorized.token().isEmpty()
            ? sent(instance, authorized, deadline)
            : sentWithToken(instance, authorized, authorized.token().get(), deadline);
    return running.whenComplete((check, fault) -> places.free(actor.id()));
  }

  /**
   * The check's time limit includes the time in which its token is made. A token that is late is
   * awaited for somewhat longer, because the failure of its exchange then says which step failed.
   */
  private CompletableFuture<ConnectionCheck> sentWithToken(
      CallableInstance instance, AuthorizedCall authorized, TokenSource token, long deadline) {
    Duration limit = withinEach(deadline);
    long end = deadline(limit);
    return CompletableFuture.supplyAsync(
            () -> token.await(limit.plus(TO_TELL_THE_STEP)), task -> Thread.ofVirtual().start(task))
        .whenComplete(
            (answer, fault) -> {
              if (fault != null) {
                authorized.close();
              }
            })
        .thenCompose(
            answer ->
                switch (answer) {
                  case TokenSource.Answer.Token minted ->
                      sent(instance, authorized.withToken(minted.copy()), end)
                          .thenApply(check -> check.after(minted.steps()));
                  case TokenSource.Answer.Failed failed -> {
                    authorized.close();
                    yield CompletableFuture.completedFuture(
                        ConnectionCheck.without(instance.ref(), failed.why(), changes.now()));
                  }
                  case TokenSource.Answer.Waits waits ->
                      throw new IllegalStateException(
                          "the decision is unknown, although it may query the database");
                });
  }

  private CompletableFuture<ConnectionCheck> sent(
      CallableInstance instance, AuthorizedCall authorized, long deadline) {
    Duration limit = limit(instance, deadline);
    long end = deadline(limit);
    return probed(authorized, limit)
        .thenCompose(probed -> learned(authorized, probed, end))
        .whenComplete(
            (probed, fault) -> {
              authorized.close();
              if (fault == null) {
                count(authorized.basis(), probed.status());
              }
            })
        .thenApply(probed -> ConnectionCheck.of(instance.ref(), probed, changes.now()));
  }

  /**
   * Reads further data, such as the list of models, from a provider that answers the check. The
   * reading runs on a separate thread, because it blocks.
   */
  private CompletableFuture<ProviderProbe.Probed> learned(
      AuthorizedCall authorized, ProviderProbe.Probed probed, long end) {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    if (probed.status() != ConnectionStatus.OK || !left.isPositive()) {
      return CompletableFuture.completedFuture(probed);
    }
    Duration limit = left.compareTo(PassedChecks.MOST) < 0 ? left : PassedChecks.MOST;
    return CompletableFuture.runAsync(
            () -> passed.learnFrom(authorized, limit), task -> Thread.ofVirtual().start(task))
        .handle((nothing, failure) -> probed);
  }

  /** Counts the check in the usage, as a call that used no tokens. */
  private void count(AuthorizedCall.AuthorizationBasis basis, ConnectionStatus status) {
    if (status != ConnectionStatus.UNREACHABLE) {
      int errors = status == ConnectionStatus.OK ? 0 : 1;
      usage.count(
          basis.account(),
          basis.source(),
          UsageModel.UNKNOWN,
          new UsageCounts(1, errors, 0, 0, 0, 0),
          ChargedCall.ofNothing(basis.charging()));
    }
  }

  /**
   * A failure of the call is returned as a failed result and not thrown, so that the opened secrets
   * are always closed.
   */
  private CompletableFuture<ProviderProbe.Probed> probed(
      AuthorizedCall authorized, Duration limit) {
    try {
      return probe.probe(authorized, limit);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static long deadline(Duration from) {
    return System.nanoTime() + from.toNanos();
  }

  private static Duration limit(CallableInstance instance, long deadline) {
    Duration own = Duration.ofMillis(instance.timeout().millis());
    Duration most = withinEach(deadline);
    return own.compareTo(most) < 0 ? own : most;
  }

  private static Duration withinEach(long deadline) {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    return left.compareTo(EACH) < 0 ? left : EACH;
  }

  private ConnectionCheck withoutKey(CallableInstance instance, Optional<NoKeyReason> reason) {
    return uncalled(instance, ConnectionStatus.NO_KEY, reason, Optional.empty());
  }

  private ConnectionCheck notReached(CallableInstance instance) {
    return uncalled(instance, ConnectionStatus.TIMEOUT, Optional.empty(), Optional.empty());
  }

  private CompletableFuture<ConnectionCheck> beyond(ServiceContext target, CallRefusal limits) {
    return CompletableFuture.completedFuture(
        uncalled(target.instance(), ConnectionStatus.ERROR, Optional.empty(), Optional.of(limits)));
  }

  private ConnectionCheck uncalled(
      CallableInstance instance,
      ConnectionStatus status,
      Optional<NoKeyReason> reason,
      Optional<CallRefusal> beyondLimits) {
    return ConnectionCheck.uncalled(instance.ref(), status, reason, beyondLimits, changes.now());
  }
}
