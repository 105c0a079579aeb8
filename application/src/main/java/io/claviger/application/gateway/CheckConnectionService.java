package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.application.gateway.out.Probe;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

final class CheckConnectionService implements CheckConnection {
  /** At once on this node, for all callers together: checks are not what the node is for. */
  private static final int SIDE_BY_SIDE = 64;

  private final CallFacts facts;
  private final KeyResolution resolution;
  private final KeyOpening opening;
  private final Probe probe;
  private final Attempts attempts;
  private final Semaphore places = new Semaphore(SIDE_BY_SIDE, true);

  CheckConnectionService(
      CallFacts facts,
      KeyResolution resolution,
      KeyOpening opening,
      Probe probe,
      Attempts attempts) {
    this.facts = facts;
    this.resolution = resolution;
    this.opening = opening;
    this.probe = probe;
    this.attempts = attempts;
  }

  @Override
  public Outcome check(Actor actor, InstanceRef ref) {
    Instant now = attempts.now();
    Optional<Target> target =
        facts
            .find(ref, actor.id())
            .filter(t -> actor.sees(actor.towards(t.instance(), t.share(), now)))
            .filter(t -> actor.isWithinRestriction(t.instance().id()));
    if (target.isEmpty()) {
      return new Outcome.Refused(new Refusal.NotFound());
    }
    if (!Permissions.allows(
        actor.towards(target.get().instance(), target.get().share(), now), Action.USE)) {
      return new Outcome.Refused(
          new Refusal.Forbidden("You may see this service but not use it, so not check it."));
    }
    return new Outcome.Checked(started(actor, target.get(), deadline(EACH)).join());
  }

  @Override
  public ListOutcome checkAll(Actor actor, Handle user) {
    if (!actor.handle().equals(user)) {
      return new ListOutcome.Refused(new Refusal.NotFound());
    }
    long deadline = deadline(ALL);
    List<CompletableFuture<Check>> checks = new ArrayList<>();
    Optional<InstanceRef> after = Optional.empty();
    List<Target> part;
    do {
      part = facts.usableBy(actor.id(), after, PageRequest.MAX_LIMIT, attempts.now());
      for (Target target : part) {
        after = Optional.of(target.instance().ref());
        if (actor.isWithinRestriction(target.instance().id())) {
          checks.add(started(actor, target, deadline));
        }
      }
    } while (part.size() == PageRequest.MAX_LIMIT);
    return new ListOutcome.Checked(checks.stream().map(CompletableFuture::join).toList());
  }

  /** Waits for a free place, then starts the call; a key is open no longer than its call takes. */
  private CompletableFuture<Check> started(Actor actor, Target target, long deadline) {
    Instance instance = target.instance();
    KeyDecision decision = KeyDecision.decide(resolution.untried(true, instance, target.keys()));
    if (decision.source().isEmpty()) {
      return CompletableFuture.completedFuture(withoutKey(instance, decision.reason()));
    }
    if (!placeBefore(deadline)) {
      return CompletableFuture.completedFuture(notReached(instance));
    }
    try {
      Optional<Passage> passage =
          opening.open(
              actor,
              Grant.of(
                  actor.id(),
                  actor.handle(),
                  new Way.Open(target),
                  decision.source().orElseThrow(),
                  new CallLimits(List.of())));
      if (passage.isEmpty()) {
        places.release();
        return CompletableFuture.completedFuture(
            withoutKey(instance, Optional.of(NoKeyReason.KEY_UNUSABLE)));
      }
      return called(instance, passage.get(), deadline);
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
  }

  private CompletableFuture<Check> called(Instance instance, Passage passage, long deadline) {
    return probed(passage, limit(instance, deadline))
        .whenComplete(
            (probed, fault) -> {
              passage.close();
              places.release();
            })
        .thenApply(
            probed ->
                new Check(
                    instance.ref(),
                    probed.status(),
                    Optional.empty(),
                    probed.httpStatus(),
                    Optional.of(probed.latency()),
                    attempts.now()));
  }

  /** Even a call that can't be begun ends, so that what was opened for it is closed. */
  private CompletableFuture<Probe.Probed> probed(Passage passage, Duration limit) {
    try {
      return probe.probe(passage, limit);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private boolean placeBefore(long deadline) {
    try {
      return places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long deadline(Duration from) {
    return System.nanoTime() + from.toNanos();
  }

  private static Duration limit(Instance instance, long deadline) {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    Duration own = Duration.ofMillis(instance.settings().timeout().millis());
    Duration most = left.compareTo(EACH) < 0 ? left : EACH;
    return own.compareTo(most) < 0 ? own : most;
  }

  private Check withoutKey(Instance instance, Optional<NoKeyReason> reason) {
    return new Check(
        instance.ref(),
        ConnectionStatus.NO_KEY,
        reason,
        OptionalInt.empty(),
        Optional.empty(),
        attempts.now());
  }

  private Check notReached(Instance instance) {
    return new Check(
        instance.ref(),
        ConnectionStatus.TIMEOUT,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        attempts.now());
  }
}
