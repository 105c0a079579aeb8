package io.claviger.application.routing;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.routing.ModelCandidate;
import io.claviger.domain.routing.ModelList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * An upper bound for the memory of {@link UsableModels}, in bytes. Lists of models count for each
 * caller, although callers share them.
 */
final class RoutingWeight {
  /** A service with its places in the maps, and its ids among the subjects. */
  private static final int SERVICE = 1_800;

  /** An entry of the catalogue, without its targets. */
  private static final int NAME = 400;

  private static final int TARGET = 200;

  /** The id of a group, in the set of subjects and in the index of the cache. */
  private static final int GROUP = 400;

  /** A name of a model, in a list or set and in the index of names. */
  private static final int MODEL = 152;

  private RoutingWeight() {}

  static long of(List<CatalogueName> catalogue, List<ModelCandidate> candidates, int groups) {
    return (long) GROUP * groups
        + catalogue.stream().mapToLong(RoutingWeight::of).sum()
        + candidates.stream().mapToLong(RoutingWeight::of).sum();
  }

  private static long of(CatalogueName name) {
    return NAME
        + 2L * name.name().length()
        + name.targets().stream().mapToLong(t -> TARGET + 2L * t.model().value().length()).sum();
  }

  private static long of(ModelCandidate service) {
    return SERVICE
        + 2L * service.model().value().length()
        + texts(service.named())
        + texts(service.allowed().orElse(Set.of()).stream().map(ModelPattern::value).toList())
        + service.listed().map(ModelList::ids).map(RoutingWeight::texts).orElse(0L);
  }

  private static long texts(Collection<String> models) {
    return models.stream().mapToLong(model -> MODEL + 2L * model.length()).sum();
  }
}
