package io.claviger.client.apply;

import io.claviger.client.apply.RequestSender.ApiRequest;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads the resources to export from a server. */
final class ExportReader {
  private ExportReader() {}

  /**
   * Reads the resources to export.
   *
   * @param user the user who runs the export
   * @param owner the owner whose resources are read
   * @param users whether to read the limits of all users too
   */
  static ExportedState read(RequestSender requests, String user, String owner, boolean users) {
    boolean system = owner.equals(EntryNames.SYSTEM);
    Map<ResourceKind, String> lists = new LinkedHashMap<>();
    Map<String, Optional<String>> ofOwner = Map.of("owner", Optional.of(owner));
    if (system) {
      lists.put(ResourceKind.PROVIDER, "/v1/providers");
    }
    lists.put(ResourceKind.DEFINITION, Api.query("/v1/llm-definitions", ofOwner));
    lists.put(
        ResourceKind.SERVICE,
        Api.query(Api.path("v1", "llm-services", system ? owner : user), ofOwner));
    if (system) {
      lists.put(ResourceKind.GROUP, "/v1/groups");
      lists.put(ResourceKind.MODEL, "/v1/model-configs");
      lists.put(ResourceKind.PRICE, "/v1/prices");
    } else {
      lists.put(ResourceKind.PROJECT, Api.path("v1", "projects", user));
    }
    Map<ResourceKey, JsonNode> resources = new TreeMap<>(WriteOrder.OF_KEYS);
    lists.forEach(
        (kind, path) -> {
          List<JsonNode> found = requests.send(api -> api.all(path));
          if (kind == ResourceKind.MODEL) {
            resources.putAll(EntryNames.models(found, Set.of()));
          } else {
            found.stream()
                .filter(resource -> isExported(kind, resource, owner))
                .forEach(resource -> resources.put(key(kind, resource), resource));
          }
        });
    List<ResourceKey> keys = resources.keySet().stream().toList();
    return new ExportedState(
        resources, parts(requests, resources), limits(requests, limited(keys, requests, users)));
  }

  /** Returns the users and groups whose limits are read: all users, and the exported groups. */
  private static List<ResourceKey> limited(
      List<ResourceKey> keys, RequestSender requests, boolean users) {
    List<ResourceKey> limited = new ArrayList<>();
    keys.stream()
        .filter(key -> key.kind() == ResourceKind.GROUP)
        .forEach(
            group -> {
              limited.add(ResourceKey.of(ResourceKind.GROUP_LIMITS, group.name()));
              limited.add(ResourceKey.of(ResourceKind.GROUP_POOLED_LIMITS, group.name()));
            });
    if (users) {
      limited.addAll(requests.send(ExportReader::users));
    }
    return limited;
  }

  /** Keeps only the users' handles in memory, because there might be very many users. */
  private static List<ResourceKey> users(Api api) {
    List<ResourceKey> users = new ArrayList<>();
    for (List<JsonNode> page : api.pages("/v1/users")) {
      page.forEach(
          user ->
              users.add(ResourceKey.of(ResourceKind.USER_LIMITS, JsonTrees.text(user, "handle"))));
    }
    return users;
  }

  private static Map<ResourceKey, JsonNode> limits(
      RequestSender requests, List<ResourceKey> limited) {
    List<Optional<JsonNode>> found =
        requests.sendAll(
            limited.stream()
                .<ApiRequest<Optional<JsonNode>>>map(
                    key -> api -> api.find(ResourcePaths.of(key, Optional.empty())))
                .toList());
    Map<ResourceKey, JsonNode> limits = new TreeMap<>(WriteOrder.OF_KEYS);
    for (int n = 0; n < limited.size(); n++) {
      ResourceKey key = limited.get(n);
      found.get(n).ifPresent(each -> limits.put(key, each));
    }
    return limits;
  }

  /**
   * Whether a resource is exported. The API's lists also contain resources that are not exported:
   * projects of other owners, groups managed by the identity provider, and the providers that every
   * server has.
   */
  private static boolean isExported(ResourceKind kind, JsonNode resource, String owner) {
    return switch (kind) {
      case PROVIDER -> resource.path("defined").asBoolean(false);
      case PROJECT -> resource.path("owner").asString("").equals(owner);
      case GROUP -> !resource.path("kind").asString("").equals("synced");
      default -> true;
    };
  }

  private static ResourceKey key(ResourceKind kind, JsonNode resource) {
    return ResourceKey.of(
        kind,
        kind == ResourceKind.PRICE
            ? EntryNames.priced(
                JsonTrees.text(resource, "provider"),
                JsonTrees.text(resource, "model"),
                JsonTrees.text(resource, "valid_from"))
            : JsonTrees.text(resource, kind.nameField()));
  }

  /** Whether a service can have shares. A service that everybody may use can't have shares. */
  private static boolean hasShares(ResourceKey service, JsonNode resource) {
    return !service.isOfSystem() || resource.path("audience").asString("").equals("shared");
  }

  private static Map<ResourceKey, List<JsonNode>> parts(
      RequestSender requests, Map<ResourceKey, JsonNode> resources) {
    List<ResourceKey> lists = new ArrayList<>();
    resources.forEach(
        (key, resource) ->
            key.kind().parts().stream()
                .filter(part -> part != ResourceKind.SERVICE_SHARE || hasShares(key, resource))
                .map(key::listOf)
                .forEach(lists::add));
    List<List<JsonNode>> found =
        requests.sendAll(
            lists.stream()
                .<ApiRequest<List<JsonNode>>>map(list -> api -> api.all(ResourcePaths.list(list)))
                .toList());
    Map<ResourceKey, List<JsonNode>> parts = new LinkedHashMap<>();
    for (int n = 0; n < lists.size(); n++) {
      parts.put(lists.get(n), found.get(n));
    }
    return parts;
  }
}
