package io.claviger.application.instances.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ChangeLog;
import io.claviger.domain.instances.Instance;

/** What becomes of the model catalogue when a system-level instance goes. */
public interface ModelCatalogue {
  /**
   * Locks the catalogue until the transaction ends. Whoever locks both locks it before any
   * instance, so that nobody waits in a circle.
   */
  void lock();

  /**
   * Takes a system-level instance out of the catalogue, which is locked: the models bound to it go
   * with it, those that could have run on it go where nothing of its provider remains, and there is
   * a default again.
   *
   * @param deletion deletes the instance
   * @param ledger is told of the models
   */
  void withdraw(Instance instance, Actor actor, ChangeLog ledger, Runnable deletion);
}
