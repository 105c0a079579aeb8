package io.claviger.web.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** An OpenAPI document as a tree, with the few questions that one asks of it. */
public final class OpenApiDocument {
  /** The fields of a path item that are methods. */
  static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Read once, because it is long. */
  private static final OpenApiDocument OF_SERVER = read();

  private final JsonNode root;

  /** The segments of each path template. */
  private final Map<String, List<String>> segments;

  private OpenApiDocument(JsonNode root) {
    this.root = root;
    this.segments =
        root.path("paths").propertyNames().stream()
            .collect(Collectors.toMap(path -> path, OpenApiDocument::segments));
  }

  /** The contract of this server, as it is served. */
  public static OpenApiDocument ofServer() {
    return OF_SERVER;
  }

  private static OpenApiDocument read() {
    try (InputStream in = OpenApiDocument.class.getResourceAsStream("/openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("openapi.yaml is not on the class path");
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OpenApiDocument of(String yaml) {
    return new OpenApiDocument(YAML.readTree(yaml));
  }

  public JsonNode root() {
    return root;
  }

  JsonNode components() {
    return root.path("components");
  }

  /** The node itself, or what it refers to; for everything but schemas, whose {@code $ref} adds. */
  JsonNode resolved(JsonNode node) {
    JsonNode at = node;
    while (at.has("$ref")) {
      at = target(at.path("$ref").asString());
    }
    return at;
  }

  /** What a reference within the document points to; missing when there is nothing. */
  JsonNode target(String ref) {
    return ref.startsWith("#/") ? root.at(ref.substring(1)) : root.path("no such place");
  }

  List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    root.path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (field, operation) -> {
                      if (METHODS.contains(field)) {
                        all.add(
                            new Operation(
                                field.toUpperCase(Locale.ROOT),
                                path,
                                operation.path("operationId").asString()));
                      }
                    }));
    return List.copyOf(all);
  }

  /** The methods that a path template has. */
  Set<String> methods(String path) {
    return Set.copyOf(
        operations().stream().filter(o -> o.path().equals(path)).map(Operation::method).toList());
  }

  /** The operation's object; missing when there is none. */
  JsonNode operation(String path, String method) {
    return root.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
  }

  /** The parameters of an operation and of its path, resolved. */
  List<JsonNode> parameters(Operation operation) {
    JsonNode item = root.path("paths").path(operation.path());
    return Stream.concat(
            item.path("parameters").valueStream(),
            operation(operation.path(), operation.method()).path("parameters").valueStream())
        .map(this::resolved)
        .toList();
  }

  /** The template that a requested path fits: of several the most concrete. */
  Optional<String> template(String requested) {
    List<String> given = segments(requested);
    return segments.entrySet().stream()
        .filter(path -> fits(path.getValue(), given))
        .max(
            Comparator.comparingLong(
                path -> path.getValue().stream().filter(s -> !open(s)).count()))
        .map(Map.Entry::getKey);
  }

  private static boolean fits(List<String> wanted, List<String> given) {
    if (wanted.size() != given.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      boolean same =
          open(wanted.get(i)) ? !given.get(i).isEmpty() : wanted.get(i).equals(given.get(i));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static List<String> segments(String path) {
    return Arrays.asList(path.split("/", -1));
  }

  private static boolean open(String segment) {
    return segment.startsWith("{");
  }
}
