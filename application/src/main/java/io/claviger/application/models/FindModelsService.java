package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class FindModelsService implements FindModels {
  private final ModelConfigStore models;
  private final KeyDecisions resolution;
  private final AuditedChanges attempts;

  FindModelsService(ModelConfigStore models, KeyDecisions resolution, AuditedChanges attempts) {
    this.models = models;
    this.resolution = resolution;
    this.attempts = attempts;
  }

  @Override
  public Page<RunnableModel, TimeCursor> runnable(Actor actor, PageRequest<TimeCursor> page) {
    Viewed viewed = new Viewed(actor, new ModelServiceResolver(models.services(actor.id())));
    int wanted = page.limit() + 1;
    List<RunnableModel> found = new ArrayList<>();
    Optional<TimeCursor> after = page.after();
    List<ModelConfig> part;
    do {
      part = models.live(after, PageRequest.MAX_LIMIT + 1);
      part.forEach(m -> viewed.runnable(m).ifPresent(found::add));
      after = part.isEmpty() ? after : Optional.of(position(part.get(part.size() - 1)));
    } while (found.size() < wanted && part.size() > PageRequest.MAX_LIMIT);
    return Page.of(
        found.subList(0, Math.min(wanted, found.size())), page.limit(), r -> position(r.model()));
  }

  private static TimeCursor position(ModelConfig model) {
    return FindModelConfigsService.position(model);
  }

  /** The catalogue in the eyes of one caller. Each service is tried once, however many models. */
  private final class Viewed {
    private final Actor actor;
    private final ModelServiceResolver serving;
    private final Map<InstanceId, Optional<KeySource>> sources = new HashMap<>();

    Viewed(Actor actor, ModelServiceResolver serving) {
      this.actor = actor;
      this.serving = serving;
    }

    Optional<RunnableModel> runnable(ModelConfig model) {
      Optional<InstanceStore.Seen> service =
          model.settings().enabled() ? serving.of(model) : Optional.empty();
      return service
          .flatMap(s -> sources.computeIfAbsent(s.instance().id(), id -> source(s)))
          .map(source -> new RunnableModel(model, service.orElseThrow().instance().ref(), source));
    }

    private Optional<KeySource> source(InstanceStore.Seen service) {
      if (!actor.isWithinRestriction(service.instance().id())) {
        return Optional.empty();
      }
      Relationship standing = actor.towards(service.instance(), service.share(), attempts.now());
      return resolution
          .decide(
              Permissions.allows(standing, Action.USE),
              service.instance(),
              service.keys(),
              actor.id())
          .source();
    }
  }
}
