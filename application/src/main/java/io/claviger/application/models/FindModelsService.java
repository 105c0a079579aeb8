package io.claviger.application.models;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.models.out.ModelConfigs;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimePosition;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class FindModelsService implements FindModels {
  private final ModelConfigs models;
  private final KeyResolution resolution;
  private final Attempts attempts;

  FindModelsService(ModelConfigs models, KeyResolution resolution, Attempts attempts) {
    this.models = models;
    this.resolution = resolution;
    this.attempts = attempts;
  }

  @Override
  public Page<RunnableModel, TimePosition> runnable(Actor actor, PageRequest<TimePosition> page) {
    Viewed viewed = new Viewed(actor, new Serving(models.services(actor.id())));
    int wanted = page.limit() + 1;
    List<RunnableModel> found = new ArrayList<>();
    Optional<TimePosition> after = page.after();
    List<ModelConfig> part;
    do {
      part = models.live(after, PageRequest.MAX_LIMIT + 1);
      part.forEach(m -> viewed.runnable(m).ifPresent(found::add));
      after = part.isEmpty() ? after : Optional.of(position(part.get(part.size() - 1)));
    } while (found.size() < wanted && part.size() > PageRequest.MAX_LIMIT);
    return Page.of(
        found.subList(0, Math.min(wanted, found.size())), page.limit(), r -> position(r.model()));
  }

  private static TimePosition position(ModelConfig model) {
    return FindModelConfigsService.position(model);
  }

  /** The catalogue in the eyes of one caller. Each service is tried once, however many models. */
  private final class Viewed {
    private final Actor actor;
    private final Serving serving;
    private final Map<InstanceId, Optional<KeySource>> sources = new HashMap<>();

    Viewed(Actor actor, Serving serving) {
      this.actor = actor;
      this.serving = serving;
    }

    Optional<RunnableModel> runnable(ModelConfig model) {
      Optional<Instances.Seen> service =
          model.settings().enabled() ? serving.of(model) : Optional.empty();
      return service
          .flatMap(s -> sources.computeIfAbsent(s.instance().id(), id -> source(s)))
          .map(source -> new RunnableModel(model, service.orElseThrow().instance().ref(), source));
    }

    private Optional<KeySource> source(Instances.Seen service) {
      if (!actor.isWithinRestriction(service.instance().id())) {
        return Optional.empty();
      }
      Standing standing = actor.towards(service.instance(), service.share(), attempts.now());
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
