package io.claviger.application.models;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.KeySource;

/**
 * Shows a caller the models that they can run, by creation time, then id: those whose service is
 * enabled and has a key for them. A token restricted to one service shows the models of that one.
 */
public interface FindModels {
  Page<RunnableModel, TimeCursor> runnable(Actor actor, PageRequest<TimeCursor> page);

  /**
   * A model that the caller can run.
   *
   * @param service which it runs on: the one it is bound to, or the oldest enabled one of its
   *     provider
   * @param source whose key a call would use
   */
  record RunnableModel(ModelConfig model, InstanceRef service, KeySource source) {}
}
