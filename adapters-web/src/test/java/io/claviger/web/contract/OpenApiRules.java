package io.claviger.web.contract;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What makes a document a sound OpenAPI 3.1 one, as far as this contract uses the language: known
 * fields only, references that lead somewhere of the right kind, operations told apart, path
 * parameters declared, schemas that are JSON Schema 2020-12, examples that fit them.
 */
final class OpenApiRules {
  /** The kinds of object that can be referred to, and where they stand in the components. */
  private static final Map<String, String> HOMES =
      Map.of(
          "parameter", "parameters",
          "header", "headers",
          "requestBody", "requestBodies",
          "response", "responses",
          "example", "examples",
          "securityScheme", "securitySchemes",
          "schema", "schemas");

  private static final Map<String, Set<String>> FIELDS =
      Map.ofEntries(
          entry(
              "document",
              Set.of("openapi", "info", "servers", "security", "tags", "paths", "components")),
          entry("info", Set.of("title", "version", "summary", "description", "license", "contact")),
          entry("license", Set.of("name", "identifier")),
          entry("server", Set.of("url", "description")),
          entry("tag", Set.of("name", "description")),
          entry("pathItem", with(OpenApiDocument.METHODS, "parameters", "summary", "description")),
          entry(
              "operation",
              Set.of(
                  "operationId",
                  "tags",
                  "summary",
                  "description",
                  "parameters",
                  "requestBody",
                  "responses",
                  "security",
                  "deprecated")),
          entry(
              "parameter",
              Set.of("name", "in", "required", "description", "schema", "example", "examples")),
          entry("header", Set.of("required", "description", "schema", "example", "examples")),
          entry("requestBody", Set.of("required", "description", "content")),
          entry("response", Set.of("description", "headers", "content")),
          entry("mediaType", Set.of("schema", "example", "examples")),
          entry("example", Set.of("summary", "description", "value")),
          entry("components", Set.copyOf(HOMES.values())),
          entry("securityScheme", Set.of("type", "scheme", "bearerFormat", "description")));

  private static final Map<String, List<String>> REQUIRED =
      Map.ofEntries(
          entry("document", List.of("openapi", "info", "paths")),
          entry("info", List.of("title", "version", "license")),
          entry("license", List.of("name", "identifier")),
          entry("server", List.of("url")),
          entry("tag", List.of("name")),
          entry("operation", List.of("operationId", "responses")),
          entry("parameter", List.of("name", "in", "schema")),
          entry("header", List.of("schema")),
          entry("requestBody", List.of("content")),
          entry("response", List.of("description")),
          entry("securityScheme", List.of("type")));

  private static final Pattern IN_BRACES = Pattern.compile("\\{([^/}]*)\\}");

  private final OpenApiDocument document;
  private final Schemas schemas;
  private final List<String> faults = new ArrayList<>();

  private OpenApiRules(OpenApiDocument document) {
    this.document = document;
    this.schemas = new Schemas(document.components());
  }

  /** Everything that is wrong with a document, each with a pointer; empty when it is sound. */
  static List<String> faults(OpenApiDocument document) {
    OpenApiRules rules = new OpenApiRules(document);
    rules.document();
    return List.copyOf(rules.faults);
  }

  private void document() {
    JsonNode root = document.root();
    known("document", "", root);
    if (!root.path("openapi").asString("").matches("3\\.1\\.\\d+")) {
      faults.add("/openapi: must be 3.1");
    }
    known("info", "/info", root.path("info"));
    if (root.path("info").has("license")) {
      known("license", "/info/license", root.path("info").path("license"));
    }
    list("server", "/servers", root.path("servers"));
    list("tag", "/tags", root.path("tags"));
    security("/security", root.path("security"));
    references("", root);
    // Whatever follows asks what references point to.
    if (faults.isEmpty()) {
      map("pathItem", "/paths", root.path("paths"));
      JsonNode components = root.path("components");
      known("components", "/components", components);
      HOMES.forEach((kind, home) -> map(kind, "/components/" + home, components.path(home)));
      identities();
      ambiguities();
      defaults("", root);
    }
  }

  /** Two paths are ambiguous if a request could fit both, and neither is the more concrete one. */
  private void ambiguities() {
    List<String> paths = List.copyOf(document.root().path("paths").propertyNames());
    for (int i = 0; i < paths.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (areAmbiguous(paths.get(i), paths.get(j))) {
          faults.add("/paths: " + paths.get(i) + " is ambiguous with " + paths.get(j));
        }
      }
    }
  }

  private static boolean areAmbiguous(String one, String other) {
    String[] some = one.split("/", -1);
    String[] others = other.split("/", -1);
    int concreteness = 0;
    for (int i = 0; i < Math.min(some.length, others.length); i++) {
      boolean open = some[i].startsWith("{");
      boolean otherOpen = others[i].startsWith("{");
      if (!open && !otherOpen && !some[i].equals(others[i])) {
        return false;
      }
      concreteness += (open ? 1 : 0) - (otherOpen ? 1 : 0);
    }
    return some.length == others.length && concreteness == 0;
  }

  /** A default is an example too: generated clients send it. */
  private void defaults(String at, JsonNode node) {
    if (node.isObject() && node.has("default") && !at.endsWith("/properties")) {
      fits(node, at + "/default", node.path("default"));
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        defaults(at + "/" + i, node.path(i));
      }
    } else {
      node.forEachEntry((name, child) -> defaults(at + "/" + name, child));
    }
  }

  private void visit(String kind, String at, JsonNode node) {
    if (kind.equals("schema")) {
      Schemas.faultsOfSchema(node).forEach(fault -> faults.add(at + fault));
      return;
    }
    if (node.has("$ref")) {
      String home = "#/components/" + HOMES.get(kind) + "/";
      if (node.size() > 1 || !node.path("$ref").asString().startsWith(home)) {
        faults.add(at + ": must be a bare reference into " + home);
      }
      return;
    }
    known(kind, at, node);
    switch (kind) {
      case "pathItem" -> {
        list("parameter", at + "/parameters", node.path("parameters"));
        OpenApiDocument.METHODS.stream()
            .filter(node::has)
            .forEach(m -> visit("operation", at + "/" + m, node.path(m)));
      }
      case "operation" -> operation(at, node);
      case "requestBody" -> map("mediaType", at + "/content", node.path("content"));
      case "response" -> {
        map("header", at + "/headers", node.path("headers"));
        map("mediaType", at + "/content", node.path("content"));
      }
      case "parameter", "header", "mediaType" -> withExamples(kind, at, node);
      default -> {}
    }
  }

  private void operation(String at, JsonNode operation) {
    list("parameter", at + "/parameters", operation.path("parameters"));
    if (operation.has("requestBody")) {
      visit("requestBody", at + "/requestBody", operation.path("requestBody"));
    }
    map("response", at + "/responses", operation.path("responses"));
    operation.path("responses").propertyNames().stream()
        .filter(status -> !status.matches("[1-5]\\d\\d"))
        .forEach(status -> faults.add(at + "/responses/" + status + ": is no status"));
    security(at + "/security", operation.path("security"));
  }

  private void withExamples(String kind, String at, JsonNode node) {
    if (kind.equals("parameter")
        && node.path("in").asString("").equals("path")
        && !node.path("required").asBoolean(false)) {
      faults.add(at + ": a path parameter is required");
    }
    JsonNode schema = node.path("schema");
    map("example", at + "/examples", node.path("examples"));
    if (schema.isMissingNode()) {
      return;
    }
    visit("schema", at + "/schema", schema);
    if (node.has("example")) {
      fits(schema, at + "/example", node.path("example"));
    }
    node.path("examples")
        .forEachEntry(
            (name, example) ->
                fits(schema, at + "/examples/" + name, document.resolved(example).path("value")));
  }

  private void fits(JsonNode schema, String at, JsonNode example) {
    schemas.faults(schema, example).forEach(fault -> faults.add(at + fault));
  }

  private void references(String at, JsonNode node) {
    JsonNode ref = node.path("$ref");
    if (ref.isString() && document.target(ref.asString()).isMissingNode()) {
      faults.add(at + ": " + ref.asString() + " leads nowhere");
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        references(at + "/" + i, node.path(i));
      }
    } else {
      node.forEachEntry((name, child) -> references(at + "/" + name, child));
    }
  }

  private void identities() {
    Set<String> ids = new HashSet<>();
    Set<String> routes = new HashSet<>();
    for (Operation operation : document.operations()) {
      if (!ids.add(operation.id())) {
        faults.add(operation.route() + ": operationId " + operation.id() + " is taken");
      }
      if (!routes.add(operation.route())) {
        faults.add(operation.route() + ": is there twice");
      }
      Set<String> declared = new TreeSet<>();
      for (JsonNode parameter : document.parameters(operation)) {
        String name = parameter.path("name").asString();
        if (parameter.path("in").asString().equals("path") && !declared.add(name)) {
          faults.add(operation.route() + ": declares " + name + " twice");
        }
      }
      Set<String> named = new TreeSet<>();
      Matcher braces = IN_BRACES.matcher(operation.path());
      while (braces.find()) {
        named.add(braces.group(1));
      }
      if (!declared.equals(named)) {
        faults.add(operation.route() + ": names " + named + " and declares " + declared);
      }
    }
  }

  private void security(String at, JsonNode requirements) {
    for (JsonNode requirement : requirements) {
      for (String scheme : requirement.propertyNames()) {
        if (!document.components().path("securitySchemes").has(scheme)) {
          faults.add(at + ": there is no scheme " + scheme);
        }
      }
    }
  }

  private void known(String kind, String at, JsonNode node) {
    if (!node.isObject()) {
      faults.add(at + ": must be an object");
      return;
    }
    Set<String> fields = FIELDS.getOrDefault(kind, Set.of());
    for (String name : node.propertyNames()) {
      if (!fields.contains(name)) {
        faults.add(at + ": has no field " + name);
      }
    }
    for (String name : REQUIRED.getOrDefault(kind, List.of())) {
      if (!node.has(name)) {
        faults.add(at + ": needs " + name);
      }
    }
  }

  private void map(String kind, String at, JsonNode nodes) {
    nodes.forEachEntry((name, node) -> visit(kind, at + "/" + name, node));
  }

  private void list(String kind, String at, JsonNode nodes) {
    for (int i = 0; i < nodes.size(); i++) {
      visit(kind, at + "/" + i, nodes.path(i));
    }
  }

  private static Set<String> with(Set<String> some, String... others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(others));
    return Set.copyOf(all);
  }
}
