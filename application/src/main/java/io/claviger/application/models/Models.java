package io.claviger.application.models;

import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.policy.KeySource;
import java.util.Optional;

/**
 * Lists the models of the catalogue that a caller can run. {@link ModelConfigs} writes these
 * models.
 */
public interface Models {

  static Models of(
      ModelConfigStore models,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      AuditedChanges changes) {
    return new ModelUseCases(
        models, new KeyDecisions(new SecretOpener(sealer), deploymentKeys), changes);
  }

  /**
   * Lists the enabled models that the caller can run, ordered by creation time, then id. The caller
   * can run a model if its instance is enabled and has a key for the caller. With a token that is
   * restricted to one instance, the list has only the models of this instance. The request is never
   * refused.
   */
  Outcome<Page<RunnableModel, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Lists the models of {@link #list}, and the enabled models that the caller can't run at present,
   * with the reasons. The reasons never reveal services that the caller may not use. If the caller
   * may use none of a model's services, the list does not contain the model. With a token that is
   * restricted to one instance, the list has only the models of this instance. The request is never
   * refused.
   */
  Outcome<Page<OfferedModel, TimeCursor>> listOffered(Actor actor, PageRequest<TimeCursor> page);

  /**
   * A model that the catalogue offers to the caller.
   *
   * @param runnable the service and the key with which the caller can run the model; empty if the
   *     caller can't run it at present
   * @param status {@link ModelStatus#RUNNABLE}, or why the caller can't run the model
   * @param service the service that would run the model; empty if no service would run it
   */
  record OfferedModel(
      ModelConfig model,
      Optional<RunnableModel> runnable,
      ModelStatus status,
      Optional<Instance.Ref> service) {}

  /**
   * A model that the caller can use.
   *
   * @param service the model's first target that the caller can use; for an unbound model, the
   *     oldest service of its provider that the caller can use
   * @param called the model's name at the provider of this service
   * @param source the source of the key that a call of the model would use
   */
  record RunnableModel(
      ModelConfig model, Instance.Ref service, ModelName called, KeySource source) {}
}
