package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.usage.UsageCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

final class LimitedConnectionChecks implements ConnectionChecks {
  /** When one of many requests may be over. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final CallContexts facts;
  private final CallKeys keys;
  private final ProviderProbe probe;
  private final RateLimiter permits;
  private final UsageCounter usage;
  private final AuditedChanges changes;
  private final ConnectionCheckQuota places = new ConnectionCheckQuota();

  LimitedConnectionChecks(
      CallContexts facts,
      CallKeys keys,
      ProviderProbe probe,
      RateLimiter permits,
      UsageCounter usage,
      AuditedChanges changes) {
    this.facts = facts;
    this.keys = keys;
    this.probe = probe;
    this.permits = permits;
    this.usage = usage;
    this.changes = changes;
  }

  @Override
  public Outcome check(Actor actor, InstanceRef ref) {
    Instant now = changes.now();
    Optional<ServiceContext> target =
        facts
            .find(ref, actor.id())
            .filter(t -> actor.sees(relationship(actor, t, now)))
            .filter(t -> actor.isWithinRestriction(t.instance().id()));
    if (target.isEmpty()) {
      return new Outcome.Refused(new Refusal.NotFound());
    }
    if (!Permissions.allows(relationship(actor, target.get(), now), Action.USE)) {
      return new Outcome.Refused(
          new Refusal.Forbidden("You may see this service but not use it, so not check it."));
    }
    if (!places.enter(actor.id())) {
      return new Outcome.Limited(SOON, OptionalInt.empty());
    }
    try {
      return switch (started(actor, target.get(), deadline(EACH))) {
        case Started.Under under -> new Outcome.Checked(under.way().join());
        case Started.Exhausted exhausted -> 
            new Outcome.Limited(
                exhausted.retryAfter(), OptionalInt.of(exhausted.perMinute()));
        case Started.NotAllowed refused ->
            new Outcome.Refused(
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
    return Relationship.onTerms(
        actor.id(),
        actor.administrator(),
        target.instance().owner(),
        target.share().map(HeldShare::terms),
        now);
  }

  private List<Check> checkedAll(Actor actor) {
    long deadline = deadline(ALL);
    List<CompletableFuture<Check>> checks = new ArrayList<>();
    Optional<InstanceRef> after = Optional.empty();
    List<ServiceContext> part;
    do {
      part = facts.usableBy(actor.id(), after, PageRequest.MAX_LIMIT, changes.now());
      for (ServiceContext target : part) {
        after = Optional.of(target.instance().ref());
        if (actor.isWithinRestriction(target.instance().id())) {
          checks.add(oneOfAll(actor, target, deadline));
        }
      }
    } while (part.size() == PageRequest.MAX_LIMIT);
    return checks.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Check> oneOfAll(Actor actor, ServiceContext target, long deadline) {
    return switch (started(actor, target, deadline)) {
      case Started.Under under -> under.way();
      case Started.Exhausted exhausted -> beyond(target, CallRefusal.RATE_LIMITED);
      case Started.NotAllowed refused -> beyond(target, CallRefusal.OPERATION_BEYOND_LIMITS);
    };
  }

  /** A check that is under way, or why limits do not let it begin. */
  private sealed interface Started {
    record Under(CompletableFuture<Check> way) implements Started {
      static Under done(Check check) {
        return new Under(CompletableFuture.completedFuture(check));
      }
    }

    record Exhausted(Duration retryAfter, int perMinute) implements Started {}

    record NotAllowed() implements Started {}
  }

  /** Waits for a free place, then starts the call; a key is open no longer than its call takes. */
  private Started started(Actor actor, ServiceContext target, long deadline) {
    CallableInstance instance = target.instance();
    KeyDecision decision = keys.decide(target);
    if (decision.source().isEmpty()) {
      return Started.Under.done(withoutKey(instance, decision.reason()));
    }
    AccessDecision.Granted way = new AccessDecision.Granted(target);
    CallLimits limits = way.limits(actor.id(), actor.token());
    if (!CheckOperation.isWithin(limits, target.standard().format())) {
      usage.count(
          CallGrant.account(actor.id(), actor.handle(), way),
          decision.source().orElseThrow(),
          UsageCounts.REFUSED);
      return new Started.NotAllowed();
    }
    if (!places.take(actor.id(), deadline)) {
      return Started.Under.done(notReached(instance));
    }
    boolean called = false;
    try {
      if (permits.take(meters(instance, limits))
          instanceof RateLimiter.PermitDecision.Exhausted exhausted) {
        usage.count(
            CallGrant.account(actor.id(), actor.handle(), way),
            decision.source().orElseThrow(),
            UsageCounts.REFUSED);
        return new Started.Exhausted(exhausted.retryAfter(), exhausted.perMinute());
      }
      CallGrant grant =
          CallGrant.of(actor.id(), actor.handle(), way, decision.source().orElseThrow(), limits);
      Optional<AuthorizedCall> passage = keys.open(actor, grant);
      if (passage.isEmpty()) {
        return Started.Under.done(withoutKey(instance, Optional.of(NoKeyReason.KEY_UNUSABLE)));
      }
      called = true;
      return new Started.Under(called(actor, instance, passage.get(), deadline));
    } finally {
      if (!called) {
        places.free(actor.id());
      }
    }
  }

  /** The caller's own, and the one of the service that all checks of it count against. */
  private static List<Meter> meters(CallableInstance instance, CallLimits limits) {
    List<Meter> meters = new ArrayList<>(limits.meters());
    meters.add(new Meter("check:" + instance.id().value(), PER_MINUTE));
    return meters;
  }

  /** Calls, and gives the place back when that is over. */
  private CompletableFuture<Check> called(
      Actor actor, CallableInstance instance, AuthorizedCall passage, long deadline) {
    return probed(passage, limit(instance, deadline))
        .whenComplete(
            (probed, fault) -> {
              passage.close();
              places.free(actor.id());
              if (fault == null) {
                count(passage.ground(), probed.status());
              }
            })
        .thenApply(
            probed ->
                new Check(
                    instance.ref(),
                    probed.status(),
                    Optional.empty(),
                    Optional.empty(),
                    probed.httpStatus(),
                    Optional.of(probed.latency()),
                    changes.now(),
                    probed.notAllowed()));
  }

  /** As a call that asked for next to nothing, and got it or an error. */
  private void count(AuthorizedCall.AuthorizationBasis ground, ConnectionStatus status) {
    if (status != ConnectionStatus.UNREACHABLE) {
      int errors = status == ConnectionStatus.OK ? 0 : 1;
      usage.count(ground.account(), ground.source(), new UsageCounts(1, errors, 0, 0, 0, 0));
    }
  }

  /** Even a call that can't be begun ends, so that what was opened for it is closed. */
  private CompletableFuture<ProviderProbe.Probed> probed(AuthorizedCall passage, Duration limit) {
    try {
      return probe.probe(passage, limit);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static long deadline(Duration from) {
    return System.nanoTime() + from.toNanos();
  }

  private static Duration limit(CallableInstance instance, long deadline) {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    Duration own = Duration.ofMillis(instance.timeout().millis());
    Duration most = left.compareTo(EACH) < 0 ? left : EACH;
    return own.compareTo(most) < 0 ? own : most;
  }

  private Check withoutKey(CallableInstance instance, Optional<NoKeyReason> reason) {
    return uncalled(instance, ConnectionStatus.NO_KEY, reason, Optional.empty());
  }

  private Check notReached(CallableInstance instance) {
    return uncalled(instance, ConnectionStatus.TIMEOUT, Optional.empty(), Optional.empty());
  }

  private CompletableFuture<Check> beyond(ServiceContext target, CallRefusal limits) {
    return CompletableFuture.completedFuture(
        uncalled(target.instance(), ConnectionStatus.ERROR, Optional.empty(), Optional.of(limits)));
  }

  private Check uncalled(
      CallableInstance instance,
      ConnectionStatus status,
      Optional<NoKeyReason> reason,
      Optional<CallRefusal> beyondLimits) {
    return new Check(
        instance.ref(),
        status,
        reason,
        beyondLimits,
        OptionalInt.empty(),
        Optional.empty(),
        changes.now());
  }
}
