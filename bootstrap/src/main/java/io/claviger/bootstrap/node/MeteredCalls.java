package io.claviger.bootstrap.node;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.rejectedkeys.KeyVerdicts;
import io.claviger.application.usage.UsageCounter;
import io.claviger.bootstrap.logging.CallLog;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.bootstrap.telemetry.CallSpans;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.CallTrace;
import io.claviger.gateway.events.GatewayEvents;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes the events of calls to this process's metrics, to the counters of usage and of rejected
 * keys, to the log, and to traces.
 */
record MeteredCalls(
    Metrics metrics, UsageCounter usage, KeyVerdicts keys, CallLog log, Optional<CallSpans> spans)
    implements GatewayEvents {
  @Override
  public @Nullable CallTrace callBegun(
      Supplier<String> path, Function<String, @Nullable String> header) {
    return spans.isPresent() ? spans.get().begin(path.get(), header) : null;
  }

  @Override
  public void callFinished(FinishedCall call) {
    metrics.callFinished(call);
    call.used().ifPresent(used -> count(used, call.code()));
  }

  @Override
  public void callUndecided() {
    metrics.callUndecided();
  }

  @Override
  public void attemptRefused(RecordedUse used) {
    count(used, Optional.empty());
  }

  private void count(RecordedUse used, Optional<String> code) {
    if (used.charged().isPresent()) {
      usage.count(used.account(), used.source(), used.model(), used.counts(), used.charged().get());
    } else {
      usage.refuse(used.account(), Optional.of(used.source()), code.orElseThrow());
    }
  }

  @Override
  public void keyRejected(AuthorizationBasis call, int status) {
    keys.recordRejected(call, status);
  }

  @Override
  public void providerUnreachable(AuthorizationBasis call) {
    keys.recordUnreachable(call);
  }

  @Override
  public void providerAnswered(AuthorizationBasis call) {
    keys.recordReached(call);
  }

  @Override
  public void keyAccepted(AuthorizationBasis call) {
    keys.recordAccepted(call);
  }

  @Override
  public boolean wantsDescription(boolean authorized, boolean failed) {
    return log.wants(authorized, failed);
  }

  @Override
  public void callDescribed(CallDescription call) {
    log.add(call);
  }

  @Override
  public void turnAwaited(CapacityTerms terms, Duration waited) {
    metrics.turnAwaited(terms, waited);
  }

  @Override
  public void turnRefused(CapacityTerms terms) {
    metrics.turnRefused(terms);
  }

  @Override
  public void rateLimitedByProvider(CapacityTerms terms) {
    metrics.rateLimitedByProvider(terms);
  }

  @Override
  public void webSocketOpened() {
    metrics.webSocketOpened();
  }

  @Override
  public void webSocketEnded(EndedWebSocket ended) {
    metrics.webSocketEnded(ended);
  }

  @Override
  public void answerBegun() {
    metrics.answerBegun();
  }

  @Override
  public void answerOver() {
    metrics.answerOver();
  }

  @Override
  public void callerConnected() {
    metrics.callerConnected();
  }

  @Override
  public void callerDisconnected() {
    metrics.callerDisconnected();
  }

  @Override
  public void connectionRefused(Bound bound) {
    metrics.connectionRefused(bound);
  }
}
