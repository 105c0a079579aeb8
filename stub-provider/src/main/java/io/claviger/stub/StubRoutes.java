package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation for a path of any API. Any prefix can precede the path. For example, {@code
 * /v1/embeddings} and {@code /openai/deployments/x/embeddings} call the same operation. {@code
 * /v1/rerank} belongs to Cohere. For the path {@code models}, the request's headers and query
 * determine the API.
 */
final class StubRoutes {
  private static final ApiFormat GEMINI = new Gemini();
  private static final Bedrock BEDROCK = new Bedrock();
  private static final Vertex VERTEX = new Vertex();

  /** The formats, in the order in which the stub checks whether a request belongs to them. */
  private static final List<ApiFormat> FORMATS =
      List.of(BEDROCK, VERTEX, GEMINI, new Anthropic(), new Cohere(), new Ollama(), new OpenAi());

  private final List<String> models;
  private final Map<String, Route> posts = new HashMap<>();
  private final Map<ApiFormat, ObjectRoutes> objects = new HashMap<>();

  /**
   * @param models the models in the lists of models
   */
  StubRoutes(List<String> models) {
    this.models = models;
    for (ApiFormat format : FORMATS) {
      format
          .operations()
          .forEach((path, operation) -> posts.put(path, new Route(format, operation, null)));
      objects.put(format, format.objects());
    }
  }

  @Nullable Route find(
      String method, String path, HttpHeaders headers, Map<String, List<String>> query) {
    Route route =
        switch (method) {
          case "POST" -> {
            Route invoked = BEDROCK.find(path);
            invoked = invoked == null ? VERTEX.find(path) : invoked;
            yield invoked != null ? invoked : path.indexOf(':') < 0 ? post(path) : gemini(path);
          }
          case "GET" -> get(path, looksLike(path, headers, query));
          default -> null;
        };
    return route != null ? route : object(method, path, looksLike(path, headers, query));
  }

  private @Nullable Route object(String method, String path, ApiFormat format) {
    ObjectRoutes routes = objects.get(format);
    ObjectRoutes.Found found = routes == null ? null : routes.find(method, path);
    return found == null ? null : new Route(format, found, null);
  }

  /** Returns the format of the error for a request to an unknown path. */
  ApiFormat looksLike(String path, HttpHeaders headers, Map<String, List<String>> query) {
    return FORMATS.stream()
        .filter(format -> format.isMeant(path, headers, query.keySet()))
        .findFirst()
        .orElseThrow();
  }

  /** Finds the operation of a {@code POST} request by the longest known end of its path. */
  private @Nullable Route post(String path) {
    for (int slash = 0; slash >= 0; slash = path.indexOf('/', slash + 1)) {
      Route route = posts.get(path.substring(slash + 1));
      if (route != null) {
        return route;
      }
    }
    return null;
  }

  private static @Nullable Route gemini(String path) {
    int models = path.lastIndexOf("/models/");
    int verb = path.lastIndexOf(':');
    StubOperation operation = GEMINI.operations().get(path.substring(verb + 1));
    return models < 0 || operation == null
        ? null
        : new Route(GEMINI, operation, decoded(path.substring(models + 8, verb)));
  }

  private @Nullable Route get(String path, ApiFormat format) {
    @Nullable StubOperation usage = OrganizationUsage.find(path);
    if (usage != null) {
      return new Route(format, usage, null);
    }
    for (ApiFormat each : FORMATS) {
      StubResponse own = each.read(path, models);
      if (own != null) {
        return new Route(each, call -> own, null);
      }
    }
    if (path.endsWith("/models")) {
      return new Route(
          format,
          call -> {
            @Nullable StubResponse refused = OrganizationUsage.refusedModels(call);
            return refused != null ? refused : format.models(call, models);
          },
          null);
    }
    int before = path.lastIndexOf("/models/");
    if (before < 0) {
      return null;
    }
    String model = decoded(path.substring(before + 8));
    return new Route(format, call -> format.model(model), model);
  }

  private static String decoded(String component) {
    return QueryStringDecoder.decodeComponent(component);
  }
}
