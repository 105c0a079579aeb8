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
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
    Viewed viewed = viewed(actor);
    return Outcome.done(page(page, viewed::runnable, r -> r.model()));
  }

  @Override
  public Outcome<Page<OfferedModel, TimeCursor>> listOffered(
      Actor actor, PageRequest<TimeCursor> page) {
    Viewed viewed = viewed(actor);
    return Outcome.done(page(page, viewed::offered, o -> o.model()));
  }

  private Viewed viewed(Actor actor) {
    return new Viewed(actor, new ModelServiceResolver(models.services(actor.id(), changes.now())));
  }

  /** Reads models until the page is full or there are no more models. */
  private <T> Page<T, TimeCursor> page(
      PageRequest<TimeCursor> page,
      Function<ModelConfig, Optional<T>> shown,
      Function<T, ModelConfig> model) {
    int wanted = page.limit() + 1;
    List<T> found = new ArrayList<>();
    Optional<TimeCursor> after = page.after();
    List<ModelConfig> part;
    do {
      part = models.live(after, PageRequest.MAX_LIMIT + 1);
      part.forEach(m -> shown.apply(m).ifPresent(found::add));
      after = part.isEmpty() ? after : Optional.of(Catalogue.position(part.get(part.size() - 1)));
    } while (found.size() < wanted && part.size() > PageRequest.MAX_LIMIT);
    return Page.of(
        found.subList(0, Math.min(wanted, found.size())),
        page.limit(),
        item -> Catalogue.position(model.apply(item)));
  }

  /**
   * The catalogue that a caller sees. Each service is checked at most once, even if it serves many
   * models.
   */
  private final class Viewed {
    private final Actor actor;
    private final ModelServiceResolver services;
    private final Map<Instance.Id, Optional<KeyDecision>> decided = new HashMap<>();

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
      return decision(serving)
          .flatMap(KeyDecision::source)
          .map(
              source ->
                  new RunnableModel(
                      model, serving.service().instance().ref(), serving.model(), source));
    }

    Optional<OfferedModel> offered(ModelConfig model) {
      if (!model.settings().enabled()) {
        return Optional.empty();
      }
      Optional<RunnableModel> runnable = runnable(model);
      if (runnable.isPresent()) {
        return Optional.of(
            new OfferedModel(
                model, runnable, ModelStatus.RUNNABLE, runnable.map(RunnableModel::service)));
      }
      Optional<ModelService> usable =
          services.of(model).stream().filter(s -> decision(s).isPresent()).findFirst();
      boolean follows =
          model.instance().isEmpty() && actor.token().flatMap(AccessToken::restriction).isEmpty();
      return usable.isEmpty() && !follows
          ? Optional.empty()
          : Optional.of(
              new OfferedModel(
                  model,
                  Optional.empty(),
                  ModelStatus.of(true, usable.flatMap(this::decision)),
                  usable.map(s -> s.service().instance().ref())));
    }

    /**
     * Returns the caller's key for a service. If the caller may not use the service, the result is
     * empty, so that nothing about the service is revealed.
     */
    private Optional<KeyDecision> decision(ModelService serving) {
      InstanceStore.VisibleInstance service = serving.service();
      return decided.computeIfAbsent(service.instance().id(), id -> decide(service));
    }

    private Optional<KeyDecision> decide(InstanceStore.VisibleInstance service) {
      Relationship relationship = service.relationship(actor, changes.now());
      return actor.isWithinRestriction(service.instance().id())
              && Permissions.allows(relationship, Action.USE)
          ? Optional.of(decisions.decide(true, service.instance(), service.keys(), actor.id()))
          : Optional.empty();
    }
  }
}
