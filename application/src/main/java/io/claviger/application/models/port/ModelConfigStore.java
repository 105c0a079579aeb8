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
 * Stores the model catalogue. Deleted models stay in the database, with the time and the user of
 * the deletion. Only the methods for deleted models return deleted models. At most one live model
 * is the default. A model can be bound only to a system-level instance of its provider. The model's
 * other targets are system-level instances too. All targets of a model have the model's format. Two
 * live models with the same format can't have the same name.
 */
public interface ModelConfigStore {
  /**
   * Locks the catalogue until the transaction ends. Waits if another transaction has locked the
   * catalogue. A transaction must lock the catalogue before it writes to the catalogue.
   */
  void lock();

  /** Finds a live model. */
  Optional<ModelConfig> find(ModelConfig.Id id);

  /** Lists live models, ordered by creation time, then id. */
  List<ModelConfig> live(Optional<TimeCursor> after, int limit);

  /**
   * Lists deleted models, the most recently deleted first. Of several models that were deleted at
   * the same time, the model with the greatest id comes first.
   */
  List<DeletedModel> deleted(Optional<TimeCursor> after, int limit);

  Optional<DeletedModel> findDeleted(ModelConfig.Id id);

  /**
   * Lists each service on which a live model can run, as a certain viewer sees the service. The
   * list contains all services to which models are bound. If a provider has an unbound model, the
   * provider's enabled system-level services are listed too. The list is ordered by creation time,
   * then id, without duplicates.
   */
  List<InstanceStore.VisibleInstance> services(User.Id viewer, Instant now);

  WireFormat formatOf(Handle apiStandard);

  Set<ModelAlias> names(WireFormat format);

  /** Lists the live models that a service serves, ordered by creation time, then id. */
  List<ModelConfig> servedBy(Instance.Id instance);

  /**
   * Stores a new model.
   *
   * @param author the user who creates the model
   * @throws io.claviger.application.shared.ConcurrencyConflict if the instance no longer exists,
   *     belongs to another provider or has another format; also if another live model with this
   *     format has the name, or if there is already another default
   */
  void insert(ModelConfig model, User.Id author);

  /**
   * Stores a live model exactly as given, including its version.
   *
   * @param author the user who changes the model
   * @throws io.claviger.application.shared.ConcurrencyConflict if the instance no longer exists,
   *     belongs to another provider or has another format; also if another live model with this
   *     format has the name, or if there is already another default
   */
  void update(ModelConfig model, User.Id author);

  /**
   * Deletes a live model, and unbinds it. If the model was the default, it is no longer the
   * default. The model's row stays in the database, with the time and the user of the deletion.
   */
  void delete(ModelConfig.Id id, User.Id author, Instant at);

  /**
   * Makes a deleted model live again, and stores it exactly as given.
   *
   * @param model the model to restore; unbound and not the default
   * @param author the user who restores the model
   * @throws io.claviger.application.shared.ConcurrencyConflict if the model is not deleted, or if
   *     another live model with this format has its name
   */
  void restore(ModelConfig model, User.Id author);

  /**
   * Deletes the live models that are bound to an instance. Returns the models in their state before
   * the deletion, ordered by creation time, then id.
   */
  List<ModelConfig> deleteBoundTo(Instance.Id instance, User.Id author, Instant at);

  /**
   * Deletes the live unbound models of a provider. Returns the models in their state before the
   * deletion, ordered by creation time, then id.
   */
  List<ModelConfig> deleteUnboundOf(Provider provider, User.Id author, Instant at);
}
