package io.claviger.imports.litellm.rules;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldCredential;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldDeployment;
import io.claviger.imports.shared.EarlierService;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Creates services and catalogue models from LiteLLM's deployments. There is one service for each
 * combination of endpoint and key.
 */
public final class ModelTranslation {
  /** The beginning of a setting whose value is in a variable. */
  public static final String VARIABLE = "os.environ/";

  private static final String BUDGET = "max_budget";
  private static final String BUDGET_OF_MODEL = "a budget of the model";

  /**
   * The parameters that determine where and how a model is called. Other parameters have no
   * counterpart in Claviger.
   */
  private static final Set<String> READ =
      Set.of(
          "model",
          "api_key",
          "api_base",
          "base_url",
          "custom_llm_provider",
          "api_version",
          "litellm_credential_name");

  private final Map<String, OldCredential> credentials;
  private final Map<String, String> variables;
  private final boolean compatibleEndpoints;
  private final boolean allowWider;
  private final ReportBuilder report;
  private final Map<Destination, PlannedService> services = new LinkedHashMap<>();
  private final Map<Destination, Set<String>> ids = new HashMap<>();
  private final Map<Called, Set<Target>> models = new LinkedHashMap<>();
  private final Map<String, Set<Place>> places = new HashMap<>();
  private final Map<String, Set<String>> accessGroups = new HashMap<>();

  private ModelTranslation(
      Map<String, OldCredential> credentials,
      Map<String, String> variables,
      boolean compatibleEndpoints,
      boolean allowWider,
      ReportBuilder report) {
    this.credentials = credentials;
    this.variables = variables;
    this.compatibleEndpoints = compatibleEndpoints;
    this.allowWider = allowWider;
    this.report = report;
  }

  /** All models with the same destination are called through the same service. */
  private record Destination(
      String provider, WireFormat format, Endpoint endpoint, Optional<String> key) {}

  private record Called(WireFormat format, String alias) {}

  /**
   * A service to create.
   *
   * @param name the service's name in the journal of imports; for a new service, the id of its
   *     oldest model
   * @param key the key that LiteLLM sends to the provider; empty if there is none
   * @param ids all names that the service can have in the journal of imports
   */
  public record PlannedService(
      String name,
      SourceProvider place,
      Optional<String> key,
      boolean compatible,
      Set<String> ids) {
    private PlannedService named(String other) {
      return new PlannedService(other, place, key, compatible, ids);
    }

    @Override
    public String toString() {
      return "PlannedService[" + name + "]";
    }
  }

  /**
   * The service and the model behind an alias.
   *
   * @param service {@link PlannedService#name}
   */
  public record Target(String service, ModelName model) {
    private Target named(Map<String, String> names) {
      return new Target(names.getOrDefault(service, service), model);
    }
  }

  /** A target, with the provider and the format of its service. */
  public record Place(Target target, SourceProvider provider, boolean compatible) {
    private Place named(Map<String, String> names) {
      return new Place(target.named(names), provider, compatible);
    }
  }

  /** A catalogue model to create, with its targets in the order in which calls try them. */
  public record PlannedModel(ModelAlias alias, WireFormat format, List<Target> targets) {
    /** Returns the model's name in the journal of imports. */
    public String name() {
      return format.wireName() + "/" + alias.value();
    }
  }

  /**
   * @param places a map with the targets of each alias; an alias without targets is missing
   * @param accessGroups the aliases in each model group, keyed by the group's name
   */
  public record Result(
      List<PlannedService> services,
      List<PlannedModel> models,
      Map<String, Set<Place>> places,
      Map<String, Set<String>> accessGroups) {
    /**
     * Returns the same plan, but services from earlier runs keep the names that they got in those
     * runs.
     *
     * @param earlierServices the services that earlier runs have created, oldest first
     */
    public Result recognizing(List<EarlierService> earlierServices) {
      Map<String, String> names = ServiceNames.of(services, earlierServices);
      Map<String, Set<Place>> named = new HashMap<>();
      places.forEach(
          (alias, at) -> {
            Set<Place> all = new LinkedHashSet<>();
            at.forEach(place -> all.add(place.named(names)));
            Object unused = named.put(alias, all);
          });
      return new Result(
          services.stream()
              .map(service -> service.named(names.getOrDefault(service.name(), service.name())))
              .toList(),
          models.stream()
              .map(
                  model ->
                      new PlannedModel(
                          model.alias(),
                          model.format(),
                          model.targets().stream().map(target -> target.named(names)).toList()))
              .toList(),
          named,
          accessGroups);
    }

    /** Returns the models that LiteLLM calls through a service, for use in a limit. */
    public Set<ModelPattern> modelsOf(String service) {
      return ModelScope.patterns(places.values().stream().flatMap(Set::stream), service);
    }
  }

  /**
   * @param variables the values of the variables that the configuration references as {@code
   *     os.environ/…}
   * @param compatibleEndpoints whether providers of other formats are also called at their endpoint
   *     for OpenAI's format, if they have one
   * @param allowWider if true, a model with a budget of its own is imported without the budget; if
   *     false, it is not imported
   */
  public static Result translate(
      LiteLlmContent content,
      Map<String, String> variables,
      boolean compatibleEndpoints,
      boolean allowWider,
      ReportBuilder report) {
    ModelTranslation all =
        new ModelTranslation(
            content.credentials(), variables, compatibleEndpoints, allowWider, report);
    content.accessGroups().forEach((name, in) -> all.accessGroup(name).addAll(in));
    for (OldDeployment deployment : content.deployments()) {
      if (content.shadowed().contains(deployment.alias())) {
        all.leaveOut(deployment, ReportReason.NO_COUNTERPART, "its name leads to another model");
      } else {
        all.add(deployment);
      }
    }
    return new Result(all.services(), all.models(), all.places, all.accessGroups);
  }

  /**
   * Returns the parts of a model that determine how it is called, as one text. The text contains
   * secrets.
   */
  public static String identity(OldDeployment deployment) {
    StringBuilder text = new StringBuilder(deployment.alias());
    READ.stream()
        .sorted()
        .forEach(
            name ->
                text.append('\0')
                    .append(name)
                    .append('=')
                    .append(deployment.parameters().getOrDefault(name, "")));
    return text.toString();
  }

  private List<PlannedService> services() {
    List<PlannedService> planned = new ArrayList<>();
    services.forEach(
        (destination, service) ->
            planned.add(
                new PlannedService(
                    service.name(),
                    service.place(),
                    service.key(),
                    service.compatible(),
                    Set.copyOf(ids.getOrDefault(destination, Set.of())))));
    return planned;
  }

  private Set<String> accessGroup(String name) {
    return accessGroups.computeIfAbsent(name, n -> new LinkedHashSet<>());
  }

  private void add(OldDeployment deployment) {
    deployment.inAccessGroups().forEach(name -> accessGroup(name).add(deployment.alias()));
    if (deployment.blocked()) {
      leaveOut(deployment, ReportReason.BLOCKED, "");
      return;
    }
    if (deployment.ofTeam()) {
      // If the model were in the catalogue, everybody without a list of models could call it, and
      // not only the team.
      leaveOut(deployment, ReportReason.NO_COUNTERPART, "only one team may call it");
      return;
    }
    Map<String, String> parameters = new HashMap<>(deployment.parameters());
    Set<String> closed = new LinkedHashSet<>(deployment.closed());
    Optional<String> credential =
        Optional.ofNullable(parameters.get("litellm_credential_name")).filter(n -> !n.isBlank());
    if (credential.isPresent()) {
      OldCredential named = credentials.get(credential.get());
      if (named == null) {
        leaveOut(deployment, ReportReason.CREDENTIAL_MISSING, "");
        return;
      }
      named.values().forEach(parameters::putIfAbsent);
      closed.addAll(named.closed());
    }
    if (!closed.isEmpty()) {
      leaveOut(deployment, ReportReason.KEY_DOES_NOT_OPEN, String.join(", ", closed));
      return;
    }
    Set<String> missing = resolve(parameters);
    if (!missing.isEmpty()) {
      leaveOut(deployment, ReportReason.VARIABLE_MISSING, String.join(", ", missing));
      return;
    }
    if (!parameters.getOrDefault(BUDGET, "").isBlank()) {
      // LiteLLM stops calling the model when the calls of all keys together have used up this
      // budget.
      if (!allowWider) {
        leaveOut(deployment, ReportReason.LIMIT_NOT_CARRIED, BUDGET_OF_MODEL);
        return;
      }
      report.addRemark(
          ImportedKind.MODEL, named(deployment), ReportReason.WIDER_HERE, BUDGET_OF_MODEL);
    }
    switch (SourceProvider.of(parameters)) {
      case SourceProvider.Found.Nowhere nowhere -> leaveOut(deployment, nowhere.why(), "");
      case SourceProvider.Found.At at -> add(deployment, at.place(), parameters);
    }
  }

  /**
   * Replaces references to variables by the variables' values. Returns the names of variables
   * without a value.
   */
  private Set<String> resolve(Map<String, String> parameters) {
    Set<String> missing = new LinkedHashSet<>();
    parameters.replaceAll(
        (name, text) -> {
          if (!text.startsWith(VARIABLE)) {
            return text;
          }
          String variable = text.substring(VARIABLE.length());
          if (READ.contains(name) && !variables.containsKey(variable)) {
            boolean unused = missing.add(variable);
          }
          return variables.getOrDefault(variable, "");
        });
    return missing;
  }

  private void add(OldDeployment deployment, SourceProvider place, Map<String, String> parameters) {
    Optional<String> key =
        Optional.ofNullable(parameters.get("api_key"))
            .map(String::strip)
            .filter(text -> !text.isEmpty());
    try {
      ModelAlias alias = new ModelAlias(deployment.alias());
      ModelName model = new ModelName(place.model());
      serve(deployment, alias, model, place, key, false);
      if (compatibleEndpoints) {
        place.compatible().ifPresent(other -> serve(deployment, alias, model, other, key, true));
      }
    } catch (InvalidValue e) {
      leaveOut(deployment, ReportReason.invalid(e.field()), e.allowed());
      return;
    }
    List<String> ignored =
        parameters.keySet().stream()
            .filter(name -> !READ.contains(name) && !name.equals(BUDGET))
            .map(ModelTranslation::shortened)
            .sorted()
            .toList();
    if (!ignored.isEmpty()) {
      report.addRemark(
          ImportedKind.MODEL,
          named(deployment),
          ReportReason.NOT_IMPORTED,
          String.join(", ", ignored));
    }
  }

  private static String shortened(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40);
  }

  private void serve(
      OldDeployment deployment,
      ModelAlias alias,
      ModelName model,
      SourceProvider place,
      Optional<String> key,
      boolean compatible) {
    Destination destination =
        new Destination(place.provider().wireName(), place.format(), place.endpoint(), key);
    String end = compatible ? "/compatible" : "";
    PlannedService service =
        services.computeIfAbsent(
            destination,
            d -> new PlannedService(deployment.id() + end, place, key, compatible, Set.of()));
    Set<String> known = ids.computeIfAbsent(destination, d -> new LinkedHashSet<>());
    Stream.concat(Stream.of(deployment.id()), deployment.earlierId().stream())
        .forEach(id -> known.add(id + end));
    Target target = new Target(service.name(), model);
    boolean unused =
        models
            .computeIfAbsent(new Called(place.format(), alias.value()), c -> new LinkedHashSet<>())
            .add(target);
    boolean unusedToo =
        places
            .computeIfAbsent(alias.value(), a -> new LinkedHashSet<>())
            .add(new Place(target, place, compatible));
  }

  private List<PlannedModel> models() {
    List<PlannedModel> planned = new ArrayList<>();
    models.forEach(
        (called, targets) -> {
          List<Target> first = targets.stream().limit(ModelConfig.MOST_TARGETS).toList();
          planned.add(new PlannedModel(new ModelAlias(called.alias()), called.format(), first));
          if (first.size() < targets.size()) {
            report.addRemark(
                ImportedKind.MODEL,
                called.alias(),
                ReportReason.NOT_IMPORTED,
                "the first %d of %d targets were taken".formatted(first.size(), targets.size()));
          }
        });
    return planned;
  }

  private void leaveOut(OldDeployment deployment, ReportReason why, String detail) {
    report.countFound(ImportedKind.MODEL);
    report.addLeftOut(ImportedKind.MODEL, named(deployment), why, detail);
  }

  private static String named(OldDeployment deployment) {
    return deployment.alias() + " (" + deployment.id() + ")";
  }
}
