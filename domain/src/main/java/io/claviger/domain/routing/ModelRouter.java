package io.claviger.domain.routing;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.routing.ModelRoute.Target;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.routing.RoutingVerdict.Leads;
import io.claviger.domain.routing.RoutingVerdict.Passes;
import io.claviger.domain.routing.RoutingVerdict.Stops;
import io.claviger.domain.standards.WireFormat;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides which services a model's name selects for a certain caller. The gateway, the lists of
 * models and the explanation all use this class.
 *
 * <p>A name is looked up in this order: as a name in the catalogue, as {@code owner/handle} with or
 * without a model after it, and as the name that a provider itself gives to a model. If a name
 * begins with the name of a service that the caller can see, the name never selects another
 * service, even if the caller can't call that service. The name selects no service at all if that
 * service is shared, the caller has not accepted it, and another service has a model of the same
 * name. If the name selected such a service, somebody could get calls of a popular model by sharing
 * a service with the model's name. Providers also accept names that they do not list. So {@code
 * owner/handle/model} selects that service even if its provider does not list the model. A name
 * that no provider lists selects the caller's own default service.
 */
public final class ModelRouter {
  private static final List<RoutingRule> RULES = List.of(RoutingRule.values());

  /** All rules except the rule for names that no provider lists. */
  private static final List<RoutingRule> OFFERED =
      RULES.stream().filter(rule -> rule != RoutingRule.UNLISTED_NAME).toList();

  private final List<CatalogueName> names;
  private final List<ModelCandidate> candidates;
  private final Map<WireFormat, Map<String, CatalogueName>> catalogue =
      new EnumMap<>(WireFormat.class);
  private final Map<Instance.Id, ModelCandidate> byId = new HashMap<>();
  private final ServiceReferences references;
  private final ModelIndex models;

  /**
   * @param names a list of the enabled models of the catalogue, the oldest first; no two of them
   *     have the same name and format
   * @param candidates the services that the caller can see, in any order
   */
  public ModelRouter(List<CatalogueName> names, Collection<ModelCandidate> candidates) {
    this.names = List.copyOf(names);
    this.candidates = candidates.stream().sorted(ModelCandidate.IN_ORDER).toList();
    for (CatalogueName name : names) {
      CatalogueName unused =
          catalogue
              .computeIfAbsent(name.format(), f -> new HashMap<>())
              .putIfAbsent(name.name(), name);
    }
    candidates.forEach(candidate -> byId.put(candidate.id(), candidate));
    this.references = new ServiceReferences(candidates);
    this.models = new ModelIndex(this.candidates, references);
  }

  /** Finds the route of a name; empty if the name leads to no service. */
  public Optional<ModelRoute> route(WireFormat format, String name) {
    return route(RULES, format, name);
  }

  private Optional<ModelRoute> route(List<RoutingRule> rules, WireFormat format, String name) {
    for (RoutingRule rule : rules) {
      switch (judge(rule, format, name)) {
        case Leads leads -> {
          return Optional.of(leads.route());
        }
        case Stops stops -> {
          return Optional.empty();
        }
        case Passes passes -> {}
      }
    }
    return Optional.empty();
  }

  /**
   * Finds the model that a name means if the call goes to a given service. This method is for
   * requests that refer to an object in that service. Names in the catalogue, and names that begin
   * with a service's name, select the same services as if no service were given. The name that a
   * provider itself gives to a model selects the given service, even if the service's provider does
   * not list the name.
   *
   * @return empty if the name selects only services other than the given one
   */
  public Optional<ModelRoute> routeAt(Instance.Id service, WireFormat format, String name) {
    ModelCandidate there = byId.get(service);
    if (there == null || there.format() != format || !there.isCallable()) {
      return Optional.empty();
    }
    CatalogueName entry = catalogue.getOrDefault(format, Map.of()).get(name);
    List<Target> targets = entry == null ? List.of() : callable(entry);
    if (!targets.isEmpty()) {
      return targets.stream()
          .filter(target -> target.service().equals(there))
          .findFirst()
          .map(target -> ModelRoute.to(RoutingRule.CATALOGUE, there, target.model()));
    }
    if (references.find(name) != null) {
      return route(format, name).filter(route -> route.first().service().equals(there));
    }
    return ModelName.isValid(name) && there.allows(name)
        ? Optional.of(ModelRoute.to(RoutingRule.REFERENCE, there, name))
        : Optional.empty();
  }

  /**
   * Returns the router for calls about stored objects.
   *
   * @param name the function that returns the name by which the caller knows a service
   */
  public ObjectRouter objects(WireFormat format, Function<Instance.Id, String> name) {
    return new ObjectRouter(
        candidates.stream()
            .filter(each -> each.format() == format && each.isCallable())
            .map(
                each ->
                    new StoringService(
                        each.id(),
                        name.apply(each.id()),
                        each.rank(),
                        each.key() == KeyDecision.USER,
                        each.lent()))
            .toList());
  }

  /** Finds another format that has a base URL, and in which the name selects a service. */
  public Optional<WireFormat> elsewhere(WireFormat format, String name) {
    for (WireFormat other : WireFormat.values()) {
      if (other != format && other.api().hasBaseUrl() && route(OFFERED, other, name).isPresent()) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  /**
   * The services whose providers can be asked whether they offer a model, in the order of
   * preference. A name without an owner and handle can select these services, and the caller may
   * request their lists. The list is empty if the model's name begins with a service's name,
   * because such a name always selects that service.
   */
  public List<ModelCandidate> askable(WireFormat format, String name) {
    return references.find(name) != null
        ? List.of()
        : candidates.stream()
            .filter(service -> service.rank() != RoutingRank.BY_REFERENCE_ONLY)
            .filter(service -> service.format() == format && service.isCallable())
            .filter(ModelCandidate::mayList)
            .toList();
  }

  /** Applies one rule to a name. */
  RoutingVerdict judge(RoutingRule rule, WireFormat format, String name) {
    return switch (rule) {
      case CATALOGUE -> byCatalogue(format, name);
      case REFERENCE -> byReference(format, name);
      case DEFAULT_SERVICE -> byModel(rule, RoutingRank.DEFAULT, format, name);
      case OWN_SERVICES -> byModel(rule, RoutingRank.OWN, format, name);
      case SYSTEM_SERVICES -> byModel(rule, RoutingRank.SYSTEM, format, name);
      case ACCEPTED_SHARES -> byModel(rule, RoutingRank.ACCEPTED, format, name);
      case UNLISTED_NAME -> byChoice(format, name);
    };
  }

  private RoutingVerdict byCatalogue(WireFormat format, String name) {
    CatalogueName entry = catalogue.getOrDefault(format, Map.of()).get(name);
    List<Target> targets = entry == null ? List.of() : callable(entry);
    if (entry == null || targets.isEmpty()) {
      return new Passes("The catalogue has no model of this name and format that you can call.");
    }
    boolean next = entry.onFailure() == FailureMode.NEXT;
    return new Leads(
        new ModelRoute(RoutingRule.CATALOGUE, next ? targets : targets.subList(0, 1), next),
        "The catalogue has a model of this name.");
  }

  private List<Target> callable(CatalogueName entry) {
    return entry.targets().stream()
        .flatMap(target -> callable(entry.format(), target).stream())
        .toList();
  }

  private Optional<Target> callable(WireFormat format, ModelTarget target) {
    String model = target.model().value();
    return Optional.ofNullable(byId.get(target.service()))
        .filter(s -> s.format() == format && s.isCallable() && s.allows(model))
        .map(s -> new Target(s, model));
  }

  private RoutingVerdict byReference(WireFormat format, String name) {
    ModelCandidate service = references.find(name);
    if (service == null) {
      return new Passes("The name does not begin with the name of a service that you can see.");
    }
    if (service.format() != format) {
      return new Stops(
          "other_format", "The name begins with the name of a service of another format.");
    }
    Optional<NoKeyReason> reason = service.key().reason();
    if (reason.isPresent()) {
      return new Stops(
          reason.get().wireName(),
          "The name begins with the name of a service. " + reason.get().message());
    }
    String model = ServiceReferences.modelBehind(service, name);
    if (!ModelName.isValid(model)) {
      return new Stops(
          "model_not_found", "The text after the service's name can't be the name of a model.");
    }
    if (!service.allows(model)) {
      return new Stops("model_not_allowed", "Your limits on this service do not allow this model.");
    }
    if (service.rank() == RoutingRank.BY_REFERENCE_ONLY && isModel(format, name)) {
      return new Stops(
          "name_not_clear",
          "The name begins with the name of a service that is shared with you, and is also the name"
              + " of a model of another service. Write the name of the service that you mean before"
              + " the name of the model.");
    }
    return new Leads(
        ModelRoute.to(RoutingRule.REFERENCE, service, model),
        service.names(model) || service.lists(model)
            ? "The name begins with the name of a service that you can call."
            : "The name begins with the name of a service that you can call. Its provider does not"
                + " list this model, but might know it.");
  }

  /**
   * Whether a name that begins with a service's name is also the name of a model. The result is
   * also true while the caller can't call that model. If it were false, calls that mean the model
   * would go to the service as long as the model can't be called.
   */
  private boolean isModel(WireFormat format, String name) {
    return catalogue.getOrDefault(format, Map.of()).containsKey(name)
        || models.isModel(format, name);
  }

  private RoutingVerdict byModel(
      RoutingRule rule, RoutingRank rank, WireFormat format, String name) {
    ModelCandidate service = models.find(format, name);
    if (service == null || service.rank() != rank) {
      return new Passes(
          "None of these services offers this model, or you can't call the services that offer"
              + " it.");
    }
    return new Leads(
        ModelRoute.to(rule, service, name),
        service.names(name)
            ? "This is the oldest of these services whose settings or limits name this model."
            : "This is the oldest of these services whose provider lists this model.");
  }

  private RoutingVerdict byChoice(WireFormat format, String name) {
    Optional<ModelCandidate> chosen =
        candidates.stream()
            .filter(c -> c.takesUnlisted() && c.format() == format && c.isCallable())
            .findFirst();
    if (!ModelName.isValid(name)) {
      return new Passes("This is not a valid name of a model.");
    }
    if (chosen.isEmpty()) {
      return new Passes(
          "You have chosen no default service with this format that you can call, and your token is"
              + " not restricted to such a service.");
    }
    if (!chosen.get().allows(name)) {
      return new Stops(
          "model_not_allowed",
          "Your limits do not allow this model at the service that takes names which no service"
              + " lists.");
    }
    if (elsewhere(format, name).isPresent()) {
      return new Stops("other_format", "A service of another format offers this model.");
    }
    return new Leads(
        ModelRoute.to(RoutingRule.UNLISTED_NAME, chosen.get(), name),
        "No service that you can use lists this model. The call goes to the service that takes"
            + " names which no service lists, because its provider might know the model.");
  }

  /**
   * Returns the models that a service offers and that the caller may call at this service, each
   * once.
   */
  List<String> offered(ModelCandidate service) {
    return models.offered(service);
  }

  /** Returns the enabled models of the catalogue, the oldest first. */
  List<CatalogueName> names() {
    return names;
  }

  /** Returns the services that the caller can see, in the order of preference. */
  List<ModelCandidate> candidates() {
    return candidates;
  }
}
