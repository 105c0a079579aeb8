package io.claviger.application.routing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.ModelListStore.FetchedModelList;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.ModelPattern;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

final class ServiceModelReader implements ServiceModels {
  private final InstanceStore instances;
  private final ModelListStore lists;
  private final KeyDecisions decisions;
  private final AuditedChanges changes;

  ServiceModelReader(
      InstanceStore instances,
      ModelListStore lists,
      KeyDecisions decisions,
      AuditedChanges changes) {
    this.instances = instances;
    this.lists = lists;
    this.decisions = decisions;
    this.changes = changes;
  }

  @Override
  public Outcome<Page<ServiceModel, ModelName>> list(
      Actor actor, Instance.Ref service, PageRequest<ModelName> page) {
    return Outcome.of(
        () -> {
          NavigableMap<String, ServiceModel> models = models(actor, seen(actor, service));
          NavigableMap<String, ServiceModel> rest =
              page.after().isEmpty() ? models : models.tailMap(page.after().get().value(), false);
          List<ServiceModel> wanted = rest.values().stream().limit(page.limit() + 1L).toList();
          return Page.of(wanted, page.limit(), ServiceModel::model);
        });
  }

  private InstanceStore.VisibleInstance seen(Actor actor, Instance.Ref service) {
    return InstanceStore.VisibleInstance.shownTo(
        actor, instances.find(service, actor.sight(), changes.now()), changes.now());
  }

  private NavigableMap<String, ServiceModel> models(
      Actor actor, InstanceStore.VisibleInstance seen) {
    Instance instance = seen.instance();
    NavigableMap<String, ServiceModel> models = new TreeMap<>();
    KeyDecision key = KeyDecision.decide(decisions.untried(true, instance, seen.keys()));
    Optional<User.Id> user = key == KeyDecision.USER ? Optional.of(actor.id()) : Optional.empty();
    lists.lists(actor.id(), List.of(instance.id())).stream()
        .filter(list -> list.of().equals(new ListOf(instance.id(), user)))
        .filter(list -> list.endpoint().equals(instance.endpoint()))
        .forEach(list -> addListed(list, models));
    declare(instance.settings().fields().model(), models);
    instance.settings().limits().models().stream()
        .flatMap(patterns -> patterns.stream())
        .filter(pattern -> !pattern.isOpen())
        .map(ModelPattern::value)
        .map(ModelName::new)
        .forEach(model -> declare(model, models));
    return models;
  }

  private static void addListed(FetchedModelList list, NavigableMap<String, ServiceModel> models) {
    for (String id : list.models().ids()) {
      models.put(id, new ServiceModel(new ModelName(id), Optional.of(list.at())));
    }
  }

  private static void declare(ModelName model, NavigableMap<String, ServiceModel> models) {
    models.put(model.value(), new ServiceModel(model, Optional.empty()));
  }
}
