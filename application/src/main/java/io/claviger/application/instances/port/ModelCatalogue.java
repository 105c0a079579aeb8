package io.claviger.application.instances.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ChangeLog;
import io.claviger.domain.instances.Instance;

/** Updates the model catalogue when a system-level instance is deleted. */
public interface ModelCatalogue {
  /**
   * Locks the catalogue until the transaction ends. A transaction that locks both the catalogue and
   * instances locks the catalogue first, which prevents deadlocks.
   */
  void lock();

  /**
   * Removes a system-level instance from the locked catalogue. The models that are bound to the
   * instance are deleted. If the provider has no other instance, the provider's unbound models are
   * deleted too. If models remain, one of them is the default afterwards.
   *
   * @param deletion the task that deletes the instance
   * @param log the log that records the changes to the models
   */
  void withdraw(Instance instance, Actor actor, ChangeLog log, Runnable deletion);
}
