package io.claviger.application.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.models.ModelServiceResolver.ModelService;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.instances.Instance;
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

final class ModelUseCases implements Models {
  private final ModelConfigStore models;
  private final KeyDecisions decisions;
  private final AuditedChanges changes;

  ModelUseCases(ModelConfigStore models, KeyDecisions decisions, AuditedChanges changes) {
    this.models = models;
    this.decisions = decisions;
    this.changes = changes;
  }

  @Override
  public Outcome<Page<RunnableModel, TimeCursor>> list(Actor actor, PageRequest<TimeCursor> page) {
    Viewed viewed =
        new Viewed(actor, new ModelServiceResolver(models.services(actor.id(), changes.now())));
    int wanted = page.limit() + 1;
    List<RunnableModel> found = new ArrayList<>();
    Optional<TimeCursor> after = page.after();
    List<ModelConfig> part;
    do {
      part = models.live(after, PageRequest.MAX_LIMIT + 1);
      part.forEach(m -> viewed.runnable(m).ifPresent(found::add));
      after = part.isEmpty() ? after : Optional.of(Catalogue.position(part.get(part.size() - 1)));
    } while (found.size() < wanted && part.size() > PageRequest.MAX_LIMIT);
    return Outcome.done(
        Page.of(
            found.subList(0, Math.min(wanted, found.size())),
            page.limit(),
            r -> Catalogue.position(r.model())));
  }

  /** Shows the catalogue to a caller. Each service is checked once, however many models it has. */
  private final class Viewed {
    private final Actor actor;
    private final ModelServiceResolver services;
    private final Map<Instance.Id, Optional<KeySource>> sources = new HashMap<>();

    Viewed(Actor actor, ModelServiceResolver services) {
      this.actor = actor;
      this.services = services;
    }

    Optional<RunnableModel> runnable(ModelConfig model) {
      return model.settings().enabled()
          ? services.of(model).stream().flatMap(s -> runnable(model, s).stream()).findFirst()
          : Optional.empty();
    }

    private Optional<RunnableModel> runnable(ModelConfig model, ModelService serving) {
      InstanceStore.VisibleInstance service = serving.service();
      return sources
          .computeIfAbsent(service.instance().id(), id -> source(service))
          .map(
              source ->
                  new RunnableModel(model, service.instance().ref(), serving.model(), source));
    }

    private Optional<KeySource> source(InstanceStore.VisibleInstance service) {
      if (!actor.isWithinRestriction(service.instance().id())) {
        return Optional.empty();
      }
      Relationship relationship =
          actor.towards(service.instance(), service.shares(), changes.now());
      return decisions
          .decide(
              Permissions.allows(relationship, Action.USE),
              service.instance(),
              service.keys(),
              actor.id())
          .source();
    }
  }
}
