package io.claviger.gateway;

import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Stated;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A ledger that never contains an object, for a gateway whose services lend no storage. */
final class NoHeldObjects implements HeldObjects {
  @Override
  public Optional<UseDecision> decideAtOnce(
      Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses) {
    return Optional.of(decide(service, caller, uses));
  }

  @Override
  public UseDecision decide(Instance.Id service, ObjectCaller caller, Collection<ObjectUse> uses) {
    return new UseDecision(List.copyOf(uses), List.of());
  }

  @Override
  public CompletionStage<Recorded> record(NewObject made) {
    return CompletableFuture.completedStage(Recorded.GONE);
  }

  @Override
  public CompletionStage<Void> ended(Ended ended) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> stated(Stated stated) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public Optional<ObjectPage> list(
      Wanted wanted, Optional<String> after, boolean oldestFirst, int limit) {
    return Optional.of(new ObjectPage(List.of(), false));
  }

  @Override
  public Whereabouts find(
      ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names) {
    return Whereabouts.NOWHERE;
  }

  @Override
  public CompletionStage<Void> keepVerdict(ReadFile file) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public Optional<BatchVerdict> verdict(Instance.Id service, String file) {
    return Optional.empty();
  }

  @Override
  public boolean isUncharged(Instance.Id service, ObjectName name) {
    return false;
  }
}
