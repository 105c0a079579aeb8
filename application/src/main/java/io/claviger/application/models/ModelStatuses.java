package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.models.ModelConfigView.TargetView;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Determines the status of models for users who have neither a user key nor a share. Each service
 * is checked at most once.
 */
final class ModelStatuses {
  private final ModelServiceResolver serving;
  private final KeyDecisions resolution;
  private final Map<Instance.Id, ModelStatus> decided = new HashMap<>();

  ModelStatuses(List<InstanceStore.VisibleInstance> services, KeyDecisions resolution) {
    this.serving = new ModelServiceResolver(services);
    this.resolution = resolution;
  }

  /**
   * Returns the status of a model. The status is {@link ModelStatus#RUNNABLE} if the model can run
   * on any of its targets. Otherwise, the result is the status of the first target.
   */
  ModelStatus of(ModelConfig model) {
    List<ModelStatus> statuses =
        serving.of(model).stream().map(s -> of(model, Optional.of(s.service()))).toList();
    return statuses.contains(ModelStatus.RUNNABLE)
        ? ModelStatus.RUNNABLE
        : statuses.stream().findFirst().orElseGet(() -> of(model, Optional.empty()));
  }

  ModelConfigView view(ModelConfig model) {
    List<TargetView> targets =
        model.instance().isEmpty()
            ? List.of()
            : serving.of(model).stream()
                .map(
                    s ->
                        new TargetView(
                            s.service().instance().ref(),
                            s.model(),
                            of(model, Optional.of(s.service()))))
                .toList();
    return new ModelConfigView(
        model, targets.stream().map(TargetView::service).findFirst(), of(model), targets);
  }

  private ModelStatus of(ModelConfig model, Optional<InstanceStore.VisibleInstance> service) {
    return model.settings().enabled() && service.isPresent()
        ? of(service.get())
        : ModelStatus.of(model.settings().enabled(), Optional.empty());
  }

  private ModelStatus of(InstanceStore.VisibleInstance service) {
    return decided.computeIfAbsent(
        service.instance().id(),
        id -> {
          SealedKeys central =
              new SealedKeys(
                  service.keys().apiKey(), service.keys().headers(), SealedKeys.NONE.userKey());
          KeyDecision decision =
              resolution.decide(true, service.instance(), central, User.Id.SYSTEM);
          return ModelStatus.of(true, Optional.of(decision))
              .withoutShare(isUsedByAll(service.instance()));
        });
  }

  private static boolean isUsedByAll(Instance instance) {
    Relationship towards =
        new Relationship(
            false,
            Optional.empty(),
            false,
            instance.isSystemLevel(),
            instance.isSystemLevel() && instance.audience() == Audience.EVERYBODY);
    return Permissions.allows(towards, Action.USE);
  }
}
