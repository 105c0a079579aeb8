package io.claviger.bootstrap.node;

import io.claviger.application.usage.UsageCounter;
import io.claviger.bootstrap.logging.CallLog;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents;

/** Passes events of calls to the metrics of this process, the usage counter and the log. */
record MeteredCalls(Metrics metrics, UsageCounter usage, CallLog log) implements GatewayEvents {
  @Override
  public void callFinished(FinishedCall call) {
    metrics.callFinished(call);
    call.used().ifPresent(this::count);
  }

  private void count(Used used) {
    if (used.charged().isPresent()) {
      usage.count(used.account(), used.source(), used.model(), used.counts(), used.charged().get());
    } else {
      usage.count(used.account(), used.source(), used.model(), used.counts());
    }
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
