package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.DesiredResource;
import io.claviger.client.apply.RequestSender.ApiRequest;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads from the server the resources to which a file refers. If the API can list resources of a
 * kind, this class reads the list instead of each single resource.
 */
final class ActualStateReader {
  private final RequestSender requests;
  private final String user;
  private final DesiredState desired;
  private final Map<ResourceKey, ObjectNode> resources = new ConcurrentHashMap<>();

  private ActualStateReader(RequestSender requests, String user, DesiredState desired) {
    this.requests = requests;
    this.user = user;
    this.desired = desired;
  }

  /**
   * Reads the state.
   *
   * @param prune whether to read also the resources that the file does not mention and that the
   *     user may delete
   * @param faults the receiver of the faults. There is a fault for each model of the file that
   *     can't be identified because the server has several models of its name
   */
  static ActualState read(
      RequestSender requests, String user, DesiredState desired, boolean prune, FileFaults faults) {
    ActualStateReader reading = new ActualStateReader(requests, user, desired);
    reading.readTopLevel(prune);
    reading.readUnlisted();
    reading.demandFormats(faults);
    reading.readParts();
    reading.readLimits();
    Map<ResourceKey, ObjectNode> resources = Map.copyOf(reading.resources);
    EndpointReader endpoints = new EndpointReader(requests, desired, resources);
    return new ActualState(
        resources,
        endpoints.ofDefinitions(),
        endpoints.ofProviders(),
        reading.lendsForOthers() && reading.isAdministrator());
  }

  private void readTopLevel(boolean prune) {
    boolean all = prune && isAdministrator();
    List<ApiRequest<Boolean>> lists = new ArrayList<>();
    for (String owner : owners(ResourceKind.DEFINITION, prune, all)) {
      lists.add(
          list(
              ResourceKind.DEFINITION,
              Api.query("/v1/llm-definitions", Map.of("owner", Optional.of(owner)))));
    }
    for (String owner : owners(ResourceKind.SERVICE, prune, all)) {
      String path = Api.path("v1", "llm-services", owner.equals(EntryNames.SYSTEM) ? owner : user);
      lists.add(list(ResourceKind.SERVICE, Api.query(path, Map.of("owner", Optional.of(owner)))));
    }
    if (!owners(ResourceKind.PROJECT, prune, false).isEmpty()) {
      lists.add(list(ResourceKind.PROJECT, Api.path("v1", "projects", user)));
    }
    if (has(ResourceKind.PROVIDER)) {
      lists.add(list(ResourceKind.PROVIDER, "/v1/providers"));
    }
    if (all || has(ResourceKind.GROUP)) {
      lists.add(list(ResourceKind.GROUP, "/v1/groups"));
    }
    if (all || has(ResourceKind.MODEL)) {
      lists.add(models());
    }
    for (String provider : providersWithPrices()) {
      lists.add(
          list(
              ResourceKind.PRICE,
              Api.query("/v1/prices", Map.of("provider", Optional.of(provider)))));
    }
    List<Boolean> unused = requests.sendAll(lists);
  }

  /**
   * Reads other people's definitions, services and projects that the file names and that no list
   * contained, one by one. The lists have what the user can use, but administrators may also change
   * things that they can't use.
   */
  private void readUnlisted() {
    readSingly(
        key ->
            key.kind().isOwned()
                && !key.name().startsWith(user + "/")
                && !key.isOfSystem()
                && !resources.containsKey(key));
  }

  /** Whether somebody else's service has a share that depends on a co-owner. */
  private boolean lendsForOthers() {
    return resources.entrySet().stream()
        .filter(each -> each.getKey().kind() == ResourceKind.SERVICE_SHARE)
        .filter(each -> each.getValue().hasNonNull("depends_on"))
        .anyMatch(each -> !desired.mayDelete(each.getKey().parent()));
  }

  private boolean isAdministrator() {
    return requests.send(api -> api.get("/v1/me")).path("administrator").asBoolean(false);
  }

  private boolean has(ResourceKind kind) {
    return desired.resources().keySet().stream().anyMatch(key -> key.kind() == kind);
  }

  private Set<String> owners(ResourceKind kind, boolean own, boolean system) {
    Set<String> owners =
        desired.resources().keySet().stream()
            .filter(key -> key.kind() == kind)
            .map(key -> key.name().substring(0, key.name().indexOf('/')))
            .collect(Collectors.toCollection(TreeSet::new));
    if (own) {
      owners.add(user);
    }
    if (system) {
      owners.add(EntryNames.SYSTEM);
    }
    return owners;
  }

  private Set<String> providersWithPrices() {
    return desired.resources().keySet().stream()
        .filter(key -> key.kind() == ResourceKind.PRICE)
        .map(key -> key.name().substring(0, key.name().indexOf(' ')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private ApiRequest<Boolean> list(ResourceKind kind, String path) {
    return api -> {
      api.all(path).forEach(each -> keep(kind, (ObjectNode) each));
      return true;
    };
  }

  private ApiRequest<Boolean> models() {
    return api -> {
      EntryNames.models(api.all("/v1/model-configs"), desired.resources().keySet())
          .forEach((key, model) -> resources.put(key, (ObjectNode) model));
      return true;
    };
  }

  /** Adds a fault for each name in the file that several models have on the server. */
  private void demandFormats(FileFaults faults) {
    Map<String, List<String>> formats = new TreeMap<>();
    resources.keySet().stream()
        .filter(key -> key.kind() == ResourceKind.MODEL)
        .sorted(WriteOrder.OF_KEYS)
        .forEach(key -> formats.computeIfAbsent(key.name(), n -> new ArrayList<>()).add(key.of()));
    formats.forEach(
        (name, all) -> {
          DesiredResource entry = desired.resources().get(ResourceKey.of(ResourceKind.MODEL, name));
          if (entry != null && all.size() > 1) {
            faults.add(
                entry.position(),
                "the server has several models of this name; say which: "
                    + all.stream()
                        .map("`format: %s`"::formatted)
                        .collect(Collectors.joining(" or ")));
          }
        });
  }

  private void keep(ResourceKind kind, ObjectNode resource) {
    String name =
        kind == ResourceKind.PRICE
            ? EntryNames.priced(
                JsonTrees.text(resource, "provider"),
                JsonTrees.text(resource, "model"),
                JsonTrees.text(resource, "valid_from"))
            : JsonTrees.text(resource, kind.nameField());
    resources.put(ResourceKey.of(kind, name), resource);
  }

  private void readParts() {
    List<ApiRequest<Boolean>> lists = new ArrayList<>();
    for (ResourceKey list : desired.complete()) {
      if (resources.containsKey(list.parent())) {
        lists.add(
            api -> {
              for (JsonNode each : api.all(ResourcePaths.list(list))) {
                ResourceKey part = new ResourceKey(list.kind(), list.of(), partName(list, each));
                resources.put(part, (ObjectNode) each);
              }
              return true;
            });
      }
    }
    List<Boolean> unused = requests.sendAll(lists);
  }

  private static String partName(ResourceKey list, JsonNode part) {
    String name = JsonTrees.text(part, list.kind().nameField());
    return list.kind() == ResourceKind.SHARED_OBJECT
        ? EntryNames.object(JsonTrees.text(part, "kind"), name)
        : name;
  }

  /**
   * Reads the limits of users and groups one by one, because the API does not list them. A group or
   * user that does not exist has no limits.
   */
  private void readLimits() {
    readSingly(key -> key.kind().isLimits());
  }

  private static boolean isNamed(JsonNode resource, ResourceKey key) {
    return JsonTrees.text(resource, key.kind().nameField()).equals(key.name());
  }

  private void readSingly(Predicate<ResourceKey> wanted) {
    List<ApiRequest<Boolean>> reads = new ArrayList<>();
    desired.resources().keySet().stream()
        .filter(wanted)
        .forEach(
            key ->
                reads.add(
                    api -> {
                      api.find(ResourcePaths.of(key, Optional.empty()))
                          // A former reference leads to a service with another name.
                          .filter(found -> !key.kind().isOwned() || isNamed(found, key))
                          .ifPresent(found -> resources.put(key, (ObjectNode) found));
                      return true;
                    }));
    List<Boolean> unused = requests.sendAll(reads);
  }

  /**
   * Reads the endpoints to which the keys of new services would be sent if the file states no
   * endpoints for these services.
   */
  private static final class EndpointReader {
    private final RequestSender requests;
    private final DesiredState desired;
    private final Map<ResourceKey, ObjectNode> resources;

    /**
     * @param resources the resources that already exist on the server
     */
    EndpointReader(
        RequestSender requests, DesiredState desired, Map<ResourceKey, ObjectNode> resources) {
      this.requests = requests;
      this.desired = desired;
      this.resources = resources;
    }

    /**
     * Returns the endpoints of the definitions from which the file registers services with keys.
     */
    Map<String, String> ofDefinitions() {
      List<String> refs =
          desired.resources().values().stream()
              .filter(entry -> entry.key().kind() == ResourceKind.SERVICE)
              .filter(entry -> !entry.secrets().equals(DesiredState.ServiceSecrets.NONE))
              .filter(
                  entry -> !entry.fields().has("endpoint") && !resources.containsKey(entry.key()))
              .flatMap(entry -> JsonTrees.optional(entry.fields(), "definition").stream())
              .distinct()
              .toList();
      Map<String, String> endpoints = new HashMap<>();
      List<Optional<JsonNode>> found =
          requests.sendAll(
              refs.stream()
                  .<ApiRequest<Optional<JsonNode>>>map(
                      ref ->
                          api ->
                              api.find(
                                  ResourcePaths.of(
                                      ResourceKey.of(ResourceKind.DEFINITION, ref),
                                      Optional.empty())))
                  .toList());
      for (Optional<JsonNode> definition : found) {
        definition.ifPresent(
            each -> endpoints.put(JsonTrees.text(each, "ref"), JsonTrees.text(each, "endpoint")));
      }
      return Map.copyOf(endpoints);
    }

    Map<String, String> ofProviders() {
      boolean needed =
          desired.resources().values().stream()
              .anyMatch(
                  entry ->
                      !entry.secrets().equals(DesiredState.ServiceSecrets.NONE)
                          && !entry.fields().has("endpoint"));
      return needed ? requests.send(this::ofProviders) : Map.of();
    }

    private Map<String, String> ofProviders(Api api) {
      Map<String, String> endpoints = new HashMap<>();
      for (JsonNode provider : api.all("/v1/providers")) {
        JsonTrees.optional(provider, "endpoint")
            // An endpoint that still contains placeholders for settings is not an address.
            .filter(url -> url.indexOf('{') < 0)
            .ifPresent(url -> endpoints.put(JsonTrees.text(provider, "name"), url));
      }
      return Map.copyOf(endpoints);
    }
  }
}
