package io.claviger.application.fakes;

import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A ledger of batches whose budgets have an amount that does not grow. */
public final class InMemoryBatchLedger implements BatchLedger {
  private static final Instant ACCEPTED_AT = Instant.parse("2026-02-03T04:05:06Z");

  private final Map<UUID, Held> open = new LinkedHashMap<>();
  private final Map<UUID, Map<UUID, Long>> charges = new LinkedHashMap<>();
  private final Map<UUID, UsageBatch> usage = new LinkedHashMap<>();
  private final Map<UUID, Duration> pauses = new LinkedHashMap<>();
  private final Map<UUID, Boolean> goingOn = new LinkedHashMap<>();
  private final Queue<RuntimeException> unreleased = new ArrayDeque<>();
  private final Queue<RuntimeException> unanswered = new ArrayDeque<>();
  private final Queue<RuntimeException> unbound = new ArrayDeque<>();
  private final Queue<RuntimeException> unsettled = new ArrayDeque<>();
  private final Set<UUID> unreleasable = new HashSet<>();
  private final Semaphore released = new Semaphore(0);
  private final List<String> results = new ArrayList<>();
  private final Map<UUID, SettledBatch> owed = new LinkedHashMap<>();
  private final Map<UUID, Integer> resultChecks = new LinkedHashMap<>();
  private final List<Duration> resultPauses = new ArrayList<>();
  private boolean losesResults;
  private boolean isOver;
  private boolean isServiceGone;

  private static final class Held {
    private final NewBatch batch;
    private final List<BudgetDemand> wanted;
    private @Nullable String id;
    private int checks;
    private boolean taken;

    Held(NewBatch batch, List<BudgetDemand> wanted) {
      this.batch = batch;
      this.wanted = wanted;
    }
  }

  @Override
  public synchronized Optional<ReserveDecision.Exhausted> reserve(
      NewBatch batch, List<BudgetDemand> wanted) {
    for (BudgetDemand each : wanted) {
      BudgetMeter meter = each.meter();
      long left = meter.budget().amount() - reserved(BudgetAccount.of(meter));
      if (each.amount() > left) {
        return Optional.of(
            new ReserveDecision.Exhausted(meter, each.amount(), left, Optional.empty()));
      }
    }
    open.put(batch.id(), new Held(batch, wanted));
    RuntimeException lost = unanswered.poll();
    if (lost != null) {
      throw lost;
    }
    return Optional.empty();
  }

  /** Lets the next reservations be stored, but fail. */
  public synchronized void loseAnswers(List<RuntimeException> failures) {
    unanswered.addAll(failures);
  }

  private long reserved(BudgetAccount account) {
    return open.values().stream()
        .flatMap(held -> held.wanted.stream())
        .filter(each -> BudgetAccount.of(each.meter()).equals(account))
        .mapToLong(BudgetDemand::amount)
        .sum();
  }

  @Override
  public synchronized void keepResults(
      UUID batch, Instance.Id service, String id, List<String> files) {
    if (losesResults) {
      throw new QueryTimeout(new IllegalStateException());
    }
    files.forEach(file -> results.add(id + " " + file + " of " + charges.size() + " charged"));
    owed.remove(batch);
  }

  /** Lets the recording of files with results fail from now on, or succeed again. */
  public synchronized void loseResults(boolean lost) {
    losesResults = lost;
  }

  @Override
  public synchronized List<SettledBatch> takeResults(
      int most, Collection<User.Id> underWay, Duration lease) {
    return owed.values().stream()
        .filter(each -> !underWay.contains(each.owner()))
        .limit(most)
        .map(
            each ->
                new SettledBatch(
                    each.id(),
                    each.serviceId(),
                    each.service(),
                    each.owner(),
                    each.batch(),
                    resultChecks.merge(each.id(), 1, Integer::sum)))
        .toList();
  }

  @Override
  public synchronized void postponeResults(UUID batch, Duration pause) {
    resultPauses.add(pause);
  }

  /** The pauses before files with results are asked for again. */
  public synchronized List<Duration> resultPauses() {
    return List.copyOf(resultPauses);
  }

  /** The files with results, each with the number of batches that were charged before. */
  public synchronized List<String> results() {
    return List.copyOf(results);
  }

  @Override
  public synchronized boolean bind(UUID batch, String id, Duration first) {
    RuntimeException failure = unbound.poll();
    if (failure != null) {
      throw failure;
    }
    Held held = open.get(batch);
    if (held == null || (held.id != null && !held.id.equals(id))) {
      return false;
    }
    held.id = id;
    return true;
  }

  /** Lets the next attempts to store an id fail. */
  public synchronized void failBindings(List<RuntimeException> failures) {
    unbound.addAll(failures);
  }

  /** Waits until what a batch reserved is released. */
  public boolean awaitRelease(Duration atMost) throws InterruptedException {
    return awaitReleases(1, atMost);
  }

  /** Waits until what a number of batches reserved is released. */
  public boolean awaitReleases(int batches, Duration atMost) throws InterruptedException {
    return released.tryAcquire(batches, atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets the next releases fail. */
  public synchronized void failReleases(List<? extends RuntimeException> failures) {
    unreleased.addAll(failures);
  }

  /** Lets each release of the open batches time out from now on. */
  public synchronized void delayReleasesOfOpen() {
    unreleasable.addAll(open.keySet());
  }

  @Override
  public synchronized void release(UUID batch) {
    if (unreleasable.contains(batch)) {
      throw new QueryTimeout(new IllegalStateException());
    }
    RuntimeException failure = unreleased.poll();
    if (failure != null) {
      throw failure;
    }
    open.remove(batch);
    released.release();
  }

  @Override
  public synchronized boolean anyOpen() {
    return !open.isEmpty() || !owed.isEmpty();
  }

  @Override
  public synchronized List<OpenBatch> take(
      int most, Collection<UsageAccount> underWay, Duration lease) {
    List<OpenBatch> taken = new ArrayList<>();
    for (Held held : open.values()) {
      if (!held.taken && taken.size() < most) {
        held.taken = true;
        held.checks++;
        taken.add(
            new OpenBatch(
                held.batch,
                isServiceGone ? Optional.empty() : Optional.of(held.batch.account().ref()),
                Optional.ofNullable(held.id),
                ACCEPTED_AT,
                isOver,
                held.checks,
                held.wanted.stream().map(InMemoryBatchLedger::budget).toList()));
      }
    }
    return taken;
  }

  private static ReservedBudget budget(BudgetDemand wanted) {
    BudgetMeter meter = wanted.meter();
    return new ReservedBudget(
        BudgetAccount.of(meter).id(),
        meter.budget().unit(),
        meter.budget().bound(),
        meter.isOfService(),
        wanted.amount());
  }

  @Override
  public synchronized void postpone(UUID batch, Duration pause, boolean goesOn) {
    pauses.put(batch, pause);
    goingOn.put(batch, goesOn);
    Optional.ofNullable(open.get(batch)).ifPresent(held -> held.taken = false);
  }

  /** Lets the next settlements fail. */
  public synchronized void failSettlements(List<RuntimeException> failures) {
    unsettled.addAll(failures);
  }

  /** Makes all open batches due. */
  public synchronized void endLeases() {
    open.values().forEach(held -> held.taken = false);
  }

  @Override
  public synchronized boolean settle(UUID batch, Map<UUID, Long> charged, UsageBatch used) {
    RuntimeException failure = unsettled.poll();
    if (failure != null) {
      throw failure;
    }
    Held held = open.remove(batch);
    if (held == null) {
      return false;
    }
    if (held.id != null) {
      UsageAccount account = held.batch.account();
      owed.put(
          batch,
          new SettledBatch(batch, account.instance(), account.ref(), account.owner(), held.id, 0));
    }
    charges.put(batch, charged);
    usage.put(batch, used);
    return true;
  }

  @Override
  public int removeOld() {
    return 0;
  }

  /** From now on, all batches are over. */
  public synchronized void end() {
    isOver = true;
  }

  /** From now on, no service is found. */
  public synchronized void removeServices() {
    isServiceGone = true;
  }

  public synchronized Map<UUID, Map<UUID, Long>> charges() {
    return Map.copyOf(charges);
  }

  /** The most that the open batches can be charged to a budget. */
  public synchronized long most(BudgetMeter meter) {
    return open.values().stream()
        .flatMap(held -> held.wanted.stream())
        .filter(each -> each.meter().equals(meter))
        .mapToLong(BudgetDemand::most)
        .sum();
  }

  /** What the settled batches were charged to a budget. */
  public synchronized long charged(BudgetMeter meter) {
    UUID account = BudgetAccount.of(meter).id();
    return charges.values().stream().mapToLong(each -> each.getOrDefault(account, 0L)).sum();
  }

  public synchronized Map<UUID, UsageBatch> usage() {
    return Map.copyOf(usage);
  }

  public synchronized Map<UUID, Duration> pauses() {
    return Map.copyOf(pauses);
  }

  /** Whether the provider still worked on each batch when the batch was last postponed. */
  public synchronized Map<UUID, Boolean> goingOn() {
    return Map.copyOf(goingOn);
  }
}
