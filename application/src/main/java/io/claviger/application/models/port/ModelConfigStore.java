package io.claviger.application.models.port;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelConfigId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The model catalogue. What is deleted stays on record with who deleted it and when, and is never
 * seen again through this port. At most one live model is the default; a bound one's instance is a
 * system-level one of its provider.
 */
public interface ModelConfigStore {
  /**
   * Waits for the catalogue and keeps it until the transaction ends; every writer does so first.
   */
  void lock();

  /** A live model. */
  Optional<ModelConfig> find(ModelConfigId id);

  /** Live models, by creation time, then id. */
  List<ModelConfig> live(Optional<TimeCursor> after, int limit);

  /**
   * Every service that a live model can run on, as a viewer sees it: those that one is bound to,
   * and the oldest enabled system-level one of each provider that an unbound one has. By creation
   * time, then id, each once.
   */
  List<InstanceStore.Seen> services(UserId viewer);

  /**
   * @param by who creates it
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance is gone or of
   *     another provider by now, or there is another default
   */
  void insert(ModelConfig model, UserId by);

  /**
   * Stores a live model as given, version and all.
   *
   * @param by who changes it
   * @throws io.claviger.application.shared.ConcurrencyConflict likewise
   */
  void update(ModelConfig model, UserId by);

  /**
   * Deletes a live model: it is unbound, no default any more, and kept with who did it and when.
   */
  void delete(ModelConfigId id, UserId by, Instant at);

  /**
   * Deletes the live models bound to an instance.
   *
   * @return them as they were, by creation time, then id
   */
  List<ModelConfig> deleteBoundTo(InstanceId instance, UserId by, Instant at);

  /**
   * Deletes the live unbound models of a provider.
   *
   * @return them as they were, by creation time, then id
   */
  List<ModelConfig> deleteUnboundOf(Provider provider, UserId by, Instant at);
}
