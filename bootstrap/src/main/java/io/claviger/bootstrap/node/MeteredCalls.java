package io.claviger.bootstrap.node;

import io.claviger.application.usage.UsageCounter;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.gateway.events.GatewayEvents;

/** Tells of calls to those who count them: the metrics of this process, and the usage of all. */
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
