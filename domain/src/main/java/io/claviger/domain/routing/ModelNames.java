package io.claviger.domain.routing;

import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelRoute.Target;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the names of the models that a caller can call in one format. Each model of a service is
 * listed under exactly one name that selects it. The listed name is a name in the catalogue, if
 * there is one; otherwise the provider's own name, if that name selects this service; otherwise
 * {@code owner/handle/model}.
 */
public final class ModelNames {
  private final ModelRouter router;
  private final WireFormat format;
  private final int most;
  private final Set<Pair> seen = new HashSet<>();
  private final List<NamedModel> found = new ArrayList<>();

  private record Pair(Instance.Id service, String model) {}

  private ModelNames(ModelRouter router, WireFormat format, int most) {
    this.router = router;
    this.format = format;
    this.most = most;
  }

  /**
   * Lists the models: first those of the catalogue, then those of the services in the order of
   * preference.
   *
   * @param most the maximum number of models to list
   */
  public static List<NamedModel> of(ModelRouter router, WireFormat format, int most) {
    return new ModelNames(router, format, most).list();
  }

  private List<NamedModel> list() {
    router.names().stream()
        .filter(entry -> entry.format() == format)
        .forEach(entry -> leading(entry.name()).ifPresent(to -> add(entry.name(), to)));
    List<ModelCandidate> callable =
        router.candidates().stream()
            .filter(service -> service.format() == format && service.isCallable())
            .toList();
    callable.forEach(this::addByModel);
    callable.stream().filter(service -> service.ref().isPresent()).forEach(this::addByReference);
    return List.copyOf(found);
  }

  private void addByModel(ModelCandidate service) {
    if (service.rank() == RoutingRank.BY_REFERENCE_ONLY || isFull()) {
      return;
    }
    for (String model : router.offered(service)) {
      if (isFull()) {
        return;
      }
      addIfLeading(model, service, model);
    }
  }

  private void addByReference(ModelCandidate service) {
    if (isFull()) {
      return;
    }
    String ref = service.ref().orElseThrow().toString();
    for (String model : router.offered(service)) {
      if (isFull()) {
        return;
      }
      addIfLeading(ref + "/" + model, service, model);
    }
    // The service's own model is usually listed as owner/handle/model. If a model of the catalogue
    // has this name already, the service's own model is listed as owner/handle instead.
    addIfLeading(ref, service, service.model().value());
  }

  private boolean isFull() {
    return found.size() >= most;
  }

  private void addIfLeading(String name, ModelCandidate service, String model) {
    if (!seen.contains(new Pair(service.id(), model))) {
      leading(name)
          .filter(to -> to.service().id().equals(service.id()) && to.model().equals(model))
          .ifPresent(to -> add(name, to));
    }
  }

  private Optional<Target> leading(String name) {
    return router.route(format, name).map(ModelRoute::first);
  }

  private void add(String name, Target to) {
    if (!isFull() && seen.add(new Pair(to.service().id(), to.model()))) {
      found.add(new NamedModel(name, to.service(), to.model()));
    }
  }

  /**
   * A model that a caller can call, with a name that selects it.
   *
   * @param model the name by which the provider knows the model
   */
  public record NamedModel(String name, ModelCandidate service, String model) {}
}
