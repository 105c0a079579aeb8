package io.claviger.application.models.port;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores the model catalogue. Deleted models stay stored, with the time of the deletion and the
 * user who deleted them. Only the methods that list and restore deleted models return deleted
 * models. At most one live model is the default. A model can only be bound to a system-level
 * instance of its provider; the model's other targets are system-level instances too. All these
 * instances are of the model's format, and no two live models of a format have the same name.
 */
public interface ModelConfigStore {
  /**
   * Locks the catalogue until the transaction ends, and waits while another transaction has locked
   * it. Every transaction that writes to the catalogue locks the catalogue first.
   */
  void lock();

  /** Finds a live model. */
  Optional<ModelConfig> find(ModelConfig.Id id);

  /** Lists live models by creation time, then id. */
  List<ModelConfig> live(Optional<TimeCursor> after, int limit);

  /**
   * Lists deleted models, the last deleted first; models that were deleted at the same time are
   * ordered by id, the greatest first.
   */
  List<DeletedModel> deleted(Optional<TimeCursor> after, int limit);

  Optional<DeletedModel> findDeleted(ModelConfig.Id id);

  /**
   * Lists every service on which a live model can run, with the facts about the service that
   * concern one viewer. These are the services to which models are bound and, for each provider
   * with an unbound model, the provider's enabled system-level services. The list is ordered by
   * creation time, then id, and contains each service once.
   */
  List<InstanceStore.VisibleInstance> services(User.Id viewer, Instant now);

  WireFormat formatOf(Handle apiStandard);

  Set<ModelAlias> names(WireFormat format);

  /** Lists the live models that a service serves, by creation time, then id. */
  List<ModelConfig> servedBy(Instance.Id instance);

  /**
   * Stores a new model.
   *
   * @param author the user who creates the model
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance no longer exists,
   *     when it now belongs to another provider or has another format, when another live model of
   *     the format has the name, or when there is already another default
   */
  void insert(ModelConfig model, User.Id author);

  /**
   * Stores a live model exactly as given, including its version.
   *
   * @param author the user who changes the model
   * @throws io.claviger.application.shared.ConcurrencyConflict when the instance no longer exists,
   *     when it now belongs to another provider or has another format, when another live model of
   *     the format has the name, or when there is another default
   */
  void update(ModelConfig model, User.Id author);

  /**
   * Deletes a live model, which is then unbound and no longer the default. The row of the model
   * stays stored with the time and the user who deleted it.
   */
  void delete(ModelConfig.Id id, User.Id author, Instant at);

  /**
   * Makes a deleted model live again, and stores it exactly as given.
   *
   * @param model unbound and not the default
   * @param author the user who restores the model
   * @throws io.claviger.application.shared.ConcurrencyConflict when the model is not deleted, or
   *     when another live model of the format has its name
   */
  void restore(ModelConfig model, User.Id author);

  /**
   * Deletes the live models that are bound to an instance. Returns the models before the deletion,
   * by creation time, then id.
   */
  List<ModelConfig> deleteBoundTo(Instance.Id instance, User.Id author, Instant at);

  /**
   * Deletes the live unbound models of a provider. Returns the models before the deletion, by
   * creation time, then id.
   */
  List<ModelConfig> deleteUnboundOf(Provider provider, User.Id author, Instant at);
}
