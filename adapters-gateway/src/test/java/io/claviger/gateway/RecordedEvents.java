package io.claviger.gateway;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Keeps what the gateway reports, and lets a test wait for it. */
public final class RecordedEvents implements GatewayEvents {
  private final List<FinishedCall> finished = new ArrayList<>();
  private final List<CallDescription> described = new ArrayList<>();
  private final Map<Bound, Integer> refused = new EnumMap<>(Bound.class);
  private final List<Integer> rejectedKeys = new ArrayList<>();
  private final List<RecordedUse> refusedAttempts = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private int acceptedKeys;
  private int undecided;
  private int rateLimited;
  private int refusedTurns;
  private boolean failing;
  private int begun;
  private int over;
  private int connections;

  @Override
  public synchronized void callFinished(FinishedCall call) {
    finished.add(call);
    notifyAll();
    if (failing) {
      throw new StackOverflowError("odd");
    }
  }

  @Override
  public synchronized void callUndecided() {
    undecided++;
  }

  /**
   * How many calls were refused because the database did not answer in time, or because the node
   * was too busy to take the answer in time.
   */
  public synchronized int undecided() {
    return undecided;
  }

  @Override
  public synchronized void attemptRefused(RecordedUse used) {
    refusedAttempts.add(used);
  }

  /** The attempts of calls that the provider refused and that were made again. */
  public synchronized List<RecordedUse> refusedAttempts() {
    return List.copyOf(refusedAttempts);
  }

  @Override
  public synchronized void keyRejected(AuthorizationBasis call, int status) {
    rejectedKeys.add(status);
  }

  @Override
  public synchronized void keyAccepted(AuthorizationBasis call) {
    acceptedKeys++;
  }

  @Override
  public synchronized void turnAwaited(CapacityTerms terms, Duration waited) {
    waits.add(waited);
  }

  @Override
  public synchronized void rateLimitedByProvider(CapacityTerms terms) {
    rateLimited++;
  }

  @Override
  public synchronized void turnRefused(CapacityTerms terms) {
    refusedTurns++;
  }

  /** How many calls were refused because nothing of what the provider allows was left in time. */
  public synchronized int refusedTurns() {
    return refusedTurns;
  }

  /** How many answers of providers were 429s for the pace of an account. */
  public synchronized int rateLimited() {
    return rateLimited;
  }

  /** How long calls waited for their turns. */
  public synchronized List<Duration> waits() {
    return List.copyOf(waits);
  }

  /** The statuses with which keys were rejected. */
  public synchronized List<Integer> rejectedKeys() {
    return List.copyOf(rejectedKeys);
  }

  public synchronized int acceptedKeys() {
    return acceptedKeys;
  }

  @Override
  public boolean wantsDescription(boolean authorized, boolean failed) {
    return true;
  }

  @Override
  public synchronized void callDescribed(CallDescription call) {
    described.add(call);
    notifyAll();
  }

  synchronized int describedSoFar() {
    return described.size();
  }

  /** Waits for this many calls, and returns the description of the last one. */
  public synchronized CallDescription awaitDescribed(int calls) {
    await(() -> described.size() >= calls);
    return described.get(calls - 1);
  }

  /** From now on {@link #callFinished} throws an error. */
  public synchronized void failWhenFinished() {
    failing = true;
  }

  @Override
  public synchronized void answerBegun() {
    begun++;
    notifyAll();
  }

  @Override
  public synchronized void answerOver() {
    over++;
    notifyAll();
  }

  @Override
  public synchronized void callerConnected() {
    connections++;
    notifyAll();
  }

  @Override
  public synchronized void connectionRefused(Bound bound) {
    refused.merge(bound, 1, Integer::sum);
    notifyAll();
  }

  /** Connections that were closed because of a bound. */
  public synchronized int refused(Bound bound) {
    return refused.getOrDefault(bound, 0);
  }

  @Override
  public synchronized void callerDisconnected() {
    connections--;
    notifyAll();
  }

  public synchronized int openAnswers() {
    return begun - over;
  }

  public synchronized int openConnections() {
    return connections;
  }

  /** Returns the call that finished at this place in the order, counted from 1. */
  public synchronized FinishedCall awaitFinished(int count) {
    await(() -> finished.size() >= count);
    return finished.get(count - 1);
  }

  /** How many calls have finished. */
  public synchronized int finishedSoFar() {
    return finished.size();
  }

  public synchronized void await(BooleanSupplier state) {
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    while (!state.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("not within " + Rig.PATIENCE + "; finished: " + finished);
      }
      try {
        wait(Math.min(left, 20)); // what is waited for may be somebody else's
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
