package io.claviger.bootstrap.node;

import io.claviger.application.usage.UsageCounter;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.gateway.events.GatewayEvents;

/** Passes events of calls to the metrics of this process and to the usage counter. */
record MeteredCalls(Metrics metrics, UsageCounter usage) implements GatewayEvents {
  @Override
  public void callFinished(FinishedCall call) {
    metrics.callFinished(call);
    call.used().ifPresent(used -> usage.count(used.account(), used.source(), used.counts()));
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
