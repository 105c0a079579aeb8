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

/** The models of the catalogue that a caller can run. {@link ModelConfigs} writes them. */
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
   * Lists, by creation time, then id, the enabled models that the caller can run: models whose
   * instance is enabled and has a key for the caller. A token restricted to one instance sees only
   * the models of that instance. A request for the list is never refused.
   */
  Outcome<Page<RunnableModel, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Lists the models that {@link #list} lists, and also the enabled models that the caller can't
   * run at present, with the reason. The reason never reveals services that the caller may not use.
   * A model is left out if only services that the caller may not use serve it. A token restricted
   * to one instance sees only the models of that instance. A request for the list is never refused.
   */
  Outcome<Page<OfferedModel, TimeCursor>> offered(Actor actor, PageRequest<TimeCursor> page);

  /**
   * A model that the catalogue offers to the caller.
   *
   * @param runnable how the caller can run the model; empty if the caller can't run it at present
   * @param status {@code RUNNABLE}, or why the caller can't run the model
   * @param service the service on which the model would run; empty if there is no such service
   */
  record OfferedModel(
      ModelConfig model,
      Optional<RunnableModel> runnable,
      ModelStatus status,
      Optional<Instance.Ref> service) {}

  /**
   * A model that the caller can use.
   *
   * @param service the service that serves the model: the first target that the caller can use; for
   *     an unbound model, the oldest service of its provider that the caller can use
   * @param called the provider's name of the model on this service
   * @param source the source of the key that a call would use
   */
  record RunnableModel(
      ModelConfig model, Instance.Ref service, ModelName called, KeySource source) {}
}
