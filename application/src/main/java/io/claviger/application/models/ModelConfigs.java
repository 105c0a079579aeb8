package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.providers.ProviderReferences;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelWrite;
import java.util.List;

/**
 * The model catalogue, which administrators maintain. All methods answer {@code forbidden} to
 * callers who are not administrators, and to tokens of the scope {@code use}.
 *
 * <p>A model is bound to at most one instance. This instance is system-level, has the model's
 * provider, and is enabled when the model is bound. Exactly one model is the default unless the
 * catalogue is empty. When the default is deleted, disabled or unbound, the oldest runnable model
 * becomes the default, or the oldest model if no model is runnable.
 */
public interface ModelConfigs {

  static ModelConfigs of(
      ModelConfigStore models,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      ProviderStore providers,
      AuditedChanges changes) {
    return new ModelConfigUseCases(
        models,
        new ModelBinding(instances),
        new ProviderReferences(providers),
        catalogue(models, instances, sealer, deploymentKeys, changes),
        changes);
  }

  /** Returns the object that changes the catalogue when a system-level instance is deleted. */
  static ModelCatalogue catalogueOf(
      ModelConfigStore models,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return catalogue(models, instances, sealer, deploymentKeys, changes);
  }

  private static Catalogue catalogue(
      ModelConfigStore models,
      InstanceStore instances,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return new Catalogue(
        models, instances, new KeyDecisions(new SecretOpener(sealer), deploymentKeys), changes);
  }

  /** Shows one entry with its status. The answer is {@code not_found} if there is no such entry. */
  Outcome<ModelConfigView> find(Actor actor, ModelConfig.Id id);

  /** Lists all entries with their status, by creation time, then id. */
  Outcome<Page<ModelConfigView, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Adds a model to the catalogue. If the command does not name a service, the model is bound to
   * the oldest enabled service of its provider, if there is one. The first model becomes the
   * default.
   *
   * <p>If the command gives no name, the model gets the provider's name for it, followed by a
   * number if that name is taken. If the command gives targets, the first one determines service,
   * provider and model.
   *
   * <p>The command is invalid if a field is missing, if a disabled model is to be the default, or
   * if a named instance can't be bound. The command is also invalid if there are too many targets,
   * two equal targets, or targets of different formats. If the name is taken, the answer is the
   * conflict {@code name_taken}.
   */
  Outcome<ModelConfigView> create(Actor actor, ModelConfigCommand command);

  /**
   * Changes an entry. Absent fields keep their values; a null service unbinds the model. If the
   * model becomes the default, the former default becomes an ordinary model.
   *
   * <p>The answer is {@code not_found} if there is no such entry, and {@code precondition_failed}
   * if the entry does not meet the precondition. A change that would leave the catalogue without a
   * default is invalid with {@code default_required}. The command is invalid for the same reasons
   * as a command for {@link #create}. If another model of the same format has the name, the answer
   * is the conflict {@code name_taken}.
   */
  Outcome<ModelConfigView> patch(
      Actor actor, ModelConfig.Id id, Precondition precondition, ModelConfigCommand command);

  /**
   * Takes a model out of the catalogue. The row of the model stays in the database, and records who
   * deleted the model and when. The answer is {@code not_found} if there is no such model, and
   * {@code precondition_failed} if the entry does not meet the precondition.
   */
  Outcome<ModelConfig.Id> delete(Actor actor, ModelConfig.Id id, Precondition precondition);

  /** Lists the deleted models, the last deleted first. */
  Outcome<Page<DeletedModel, TimeCursor>> deleted(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Puts a deleted model back into the catalogue. The restored model is not bound to any service,
   * because the services that served the model may have changed since its deletion. The model
   * becomes the default if there is no default.
   *
   * <p>The answer is {@code not_found} if there is no such model. The answer is the conflict {@code
   * not_deleted} if the model is not deleted, and the conflict {@code name_taken} if another model
   * of the same format has the model's name. The attempt is invalid if the model's provider was
   * deleted.
   */
  Outcome<ModelConfigView> restore(Actor actor, ModelConfig.Id id);

  /**
   * The content of a write of a model.
   *
   * @param targets the services that serve the model, in the order in which they are tried; an
   *     empty list unbinds the model from all services. The first target also determines the
   *     model's service, its provider, and the provider's name of the model.
   */
  record ModelConfigCommand(
      ModelWrite fields, Field<Instance.Ref> service, Field<List<NamedTarget>> targets) {}

  /**
   * A service that is to serve a model.
   *
   * @param model the provider's name of the model
   */
  record NamedTarget(Instance.Ref service, ModelName model) {}
}
