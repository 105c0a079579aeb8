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
 * The model catalogue, which administrators maintain. If the caller is not an administrator, or the
 * token has the scope {@code use}, the answer is {@code forbidden}.
 *
 * <p>A model is bound to at most one instance. The instance must be system-level, have the model's
 * provider, and be enabled at the time of binding. Exactly one model is the default unless the
 * catalogue is empty. If the default is deleted, disabled or unbound, the oldest runnable model
 * becomes the default. If no model is runnable, the oldest model becomes the default.
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

  /** Returns the object that updates the catalogue when a system-level instance is deleted. */
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

  /**
   * Shows an entry of the model catalogue with its status. If there is no such entry, the answer is
   * {@code not_found}.
   */
  Outcome<ModelConfigView> find(Actor actor, ModelConfig.Id id);

  /**
   * Lists all entries of the model catalogue with their status, ordered by creation time, then id.
   */
  Outcome<Page<ModelConfigView, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Adds a model to the catalogue. If the command names no service, the model is bound to the
   * oldest enabled service of its provider, if there is one. The first model becomes the default.
   *
   * <p>If the command gives no name, the provider's name for the model is used. If this name is
   * taken, a number is added to it. If the command gives targets, the first target determines the
   * service, the provider and the model.
   *
   * <p>The command is invalid if a field is missing, if the model is both disabled and the default,
   * or if a named instance can't be bound. The command is also invalid if it has too many targets,
   * the same target twice, or targets with different formats. If the name is taken, the answer is
   * the conflict {@code name_taken}.
   */
  Outcome<ModelConfigView> create(Actor actor, ModelConfigCommand command);

  /**
   * Changes an entry of the model catalogue. Fields that the write does not contain keep their
   * values. If the service is {@code null}, the model is unbound. If the model becomes the default,
   * the former default becomes an ordinary model.
   *
   * <p>The answer is {@code not_found} if there is no such entry, and {@code precondition_failed}
   * if the precondition is not met. If a change would leave the catalogue without a default, the
   * answer is the fault {@code default_required}. The command is also invalid for the reasons that
   * {@link #create} states. If another model of the same format has the name, the answer is the
   * conflict {@code name_taken}.
   */
  Outcome<ModelConfigView> patch(
      Actor actor, ModelConfig.Id id, Precondition precondition, ModelConfigCommand command);

  /**
   * Removes a model from the catalogue. The model's row stays in the database and records who
   * deleted the model and when. The answer is {@code not_found} if there is no such model, and
   * {@code precondition_failed} if the precondition is not met.
   */
  Outcome<ModelConfig.Id> delete(Actor actor, ModelConfig.Id id, Precondition precondition);

  /** Lists the deleted models, the most recently deleted first. */
  Outcome<Page<DeletedModel, TimeCursor>> listDeleted(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Restores a deleted model to the catalogue. The restored model is bound to no service, because
   * the services might have changed after the deletion. The model becomes the default if there is
   * no default.
   *
   * <p>If there is no such model, the answer is {@code not_found}. If the model is not deleted, the
   * answer is the conflict {@code not_deleted}. If another model of the same format has the name,
   * the answer is the conflict {@code name_taken}. If the model's provider was deleted, the command
   * is invalid.
   */
  Outcome<ModelConfigView> restore(Actor actor, ModelConfig.Id id);

  /**
   * A write to a model.
   *
   * @param targets the services that serve the model, in the order in which they are tried; if
   *     empty, the model is unbound. The first target also determines the model's service, its
   *     provider, and the provider's name for the model.
   */
  record ModelConfigCommand(
      ModelWrite fields, Field<Instance.Ref> service, Field<List<NamedTarget>> targets) {}

  /**
   * The name of a service that will serve a model.
   *
   * @param model the provider's name for the model
   */
  record NamedTarget(Instance.Ref service, ModelName model) {}
}
