package io.claviger.web.scim;

import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.exceptions.ScimException;
import io.claviger.web.problems.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The operations of a PATCH request, in their order. An operation without a path is split into one
 * operation for each attribute in the operation's value. Attributes that Claviger does not store
 * are ignored.
 */
record ScimPatch(List<Operation> operations) {
  /** The maximum number of operations in a request. */
  static final int MOST = 1_000;

  private static final Set<String> OPS = Set.of("add", "replace", "remove");

  /**
   * One operation.
   *
   * @param op {@code add}, {@code replace} or {@code remove}
   * @param path the path of the changed attribute, without the name of the schema
   */
  record Operation(String op, Path path, Optional<JsonNode> value) {
    /** The name of the attribute, in lower case. */
    String attribute() {
      return path.getElement(0).getAttribute().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads the body of a PATCH request.
   *
   * @param schema the schema of the resource; its name can precede the names of attributes
   * @param kept the names of the attributes that Claviger stores, in lower case
   * @throws ProblemException if the body is not a patch
   */
  static ScimPatch of(JsonNode body, String schema, Set<String> kept) {
    JsonNode given =
        ScimJson.attribute(body, "Operations")
            .filter(JsonNode::isArray)
            .orElseThrow(() -> ScimJson.problem("invalidSyntax", "Operations must be a list."));
    if (given.size() > MOST) {
      throw ScimJson.problem(
          "tooMany", "A request has at most %,d operations. Split it.".formatted(MOST));
    }
    List<Operation> operations = new ArrayList<>();
    for (JsonNode one : given) {
      read(one, schema, operations);
    }
    return new ScimPatch(
        operations.stream().filter(operation -> kept.contains(operation.attribute())).toList());
  }

  private static void read(JsonNode one, String schema, List<Operation> into) {
    String op = ScimJson.text(one, "op").orElse("").toLowerCase(Locale.ROOT);
    if (!OPS.contains(op)) {
      throw ScimJson.problem("invalidSyntax", "op is add, replace or remove.");
    }
    Optional<JsonNode> value = ScimJson.attribute(one, "value");
    Optional<String> path = ScimJson.text(one, "path");
    if (path.isPresent()) {
      add(op, path.get(), schema, value, into);
      return;
    }
    if (op.equals("remove")) {
      throw ScimJson.problem("noTarget", "An operation 'remove' needs a path.");
    }
    JsonNode object =
        value
            .filter(JsonNode::isObject)
            .orElseThrow(
                () ->
                    ScimJson.problem(
                        "invalidValue", "Without a path, the value must be an object."));
    for (Map.Entry<String, JsonNode> attribute : object.properties()) {
      add(op, attribute.getKey(), schema, Optional.of(attribute.getValue()), into);
    }
  }

  private static void add(
      String op, String text, String schema, Optional<JsonNode> value, List<Operation> into) {
    if (text.length() > ScimFilter.LONGEST) {
      throw ScimJson.problem("invalidPath", "A path has at most 1,000 characters.");
    }
    boolean prefixed =
        text.length() > schema.length() + 1
            && text.charAt(schema.length()) == ':'
            && text.regionMatches(true, 0, schema, 0, schema.length());
    String attribute = prefixed ? text.substring(schema.length() + 1) : text;
    if (attribute.regionMatches(true, 0, "urn:", 0, 4)) {
      return; // an attribute of another schema; Claviger stores no attributes of other schemas
    }
    Path path =
        parsed(attribute)
            .filter(found -> found.size() == 1 || found.size() == 2)
            .orElseThrow(() -> ScimJson.problem("invalidPath", "There is no such attribute."));
    into.add(new Operation(op, path, value.filter(one -> !one.isNull())));
  }

  /**
   * Parses a path. If the library throws any exception, the text is not a path, and the result is
   * empty.
   */
  private static Optional<Path> parsed(String text) {
    try {
      return Optional.of(Path.fromString(text));
    } catch (ScimException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
