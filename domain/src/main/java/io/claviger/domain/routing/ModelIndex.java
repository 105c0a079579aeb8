package io.claviger.domain.routing;

import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service that is selected by the name that a provider itself gives to a model. If
 * several services offer the model, the services with the best rank are preferred. Among services
 * of the same rank, services whose limits name the model are preferred. Among several of these
 * services, the oldest is chosen.
 */
final class ModelIndex {
  private final ServiceReferences references;
  private final Map<WireFormat, Map<String, ModelCandidate>> meant =
      new EnumMap<>(WireFormat.class);

  /** The models whose names begin with the name of a service. */
  private final Map<WireFormat, Set<String>> withheld = new EnumMap<>(WireFormat.class);

  /**
   * @param candidates the candidates in the order of preference
   */
  ModelIndex(List<ModelCandidate> candidates, ServiceReferences references) {
    this.references = references;
    for (RoutingRank rank : RoutingRank.values()) {
      if (rank != RoutingRank.BY_REFERENCE_ONLY) {
        List<ModelCandidate> all = candidates.stream().filter(c -> c.rank() == rank).toList();
        List<ModelCandidate> callable = all.stream().filter(ModelCandidate::isCallable).toList();
        callable.forEach(service -> add(service, named(service)));
        callable.forEach(service -> add(service, listed(service)));
        all.forEach(this::withhold);
      }
    }
  }

  /**
   * Whether a name that begins with a service's name is also the name of a provider's model. The
   * result is true if the caller's limits allow this model at a service that can be selected
   * without the service's name. The result is also true for a model that is not offered. A model is
   * not offered if its id begins with the name of a service, or if its service can't be called at
   * present, for example because the service is disabled.
   */
  boolean isModel(WireFormat format, String name) {
    return find(format, name) != null || withheld.getOrDefault(format, Set.of()).contains(name);
  }

  /** Returns the service that the name selects; null if no service offers the model. */
  @Nullable ModelCandidate find(WireFormat format, String model) {
    return meant.getOrDefault(format, Map.of()).get(model);
  }

  /**
   * Returns the models that a service offers and that the caller may call at this service, each
   * once.
   */
  List<String> offered(ModelCandidate service) {
    List<String> models = new ArrayList<>(named(service));
    Set<String> named = new HashSet<>(models);
    listed(service).stream().filter(model -> !named.contains(model)).forEach(models::add);
    return models;
  }

  private void add(ModelCandidate service, List<String> models) {
    Map<String, ModelCandidate> ofFormat =
        meant.computeIfAbsent(service.format(), f -> new HashMap<>());
    for (String model : models) {
      ModelCandidate unused = ofFormat.putIfAbsent(model, service);
    }
  }

  private void withhold(ModelCandidate service) {
    withhold(service, named(service));
    withhold(service, service.listed().map(ModelList::ids).orElse(List.of()));
  }

  private void withhold(ModelCandidate service, List<String> models) {
    for (String model : models) {
      if (service.allows(model) && references.find(model) != null) {
        boolean unused =
            withheld.computeIfAbsent(service.format(), f -> new HashSet<>()).add(model);
      }
    }
  }

  private static List<String> named(ModelCandidate service) {
    List<String> models = new ArrayList<>();
    models.add(service.model().value());
    service.named().stream()
        .filter(name -> !name.equals(service.model().value()))
        .sorted()
        .forEach(models::add);
    models.removeIf(model -> !service.allows(model));
    return models;
  }

  private List<String> listed(ModelCandidate service) {
    return service
        .listed()
        .map(list -> list.ids().stream().filter(id -> isOffered(service, id)).toList())
        .orElse(List.of());
  }

  private boolean isOffered(ModelCandidate service, String id) {
    return service.allows(id) && references.offers(service, id);
  }
}
