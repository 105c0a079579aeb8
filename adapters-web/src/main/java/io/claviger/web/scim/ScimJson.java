package io.claviger.web.scim;

import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the JSON of SCIM. */
final class ScimJson {
  static final String MEDIA_TYPE = "application/scim+json";
  private static final int DEEPEST = 16;
  private static final int LONGEST_NAME = 256;

  /** The maximum number of parts in a body. Parts are values, names and brackets. */
  private static final int MOST_TOKENS = 200_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNameLength(LONGEST_NAME)
                          .maxTokenCount(MOST_TOKENS)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .build();

  private ScimJson() {}

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * Parses a body.
   *
   * @throws ProblemException if the body is not a JSON object, has more parts than {@link
   *     #MOST_TOKENS}, or is nested too deeply
   */
  static ObjectNode parse(byte[] utf8) {
    try {
      if (MAPPER.readTree(utf8) instanceof ObjectNode object) {
        return object;
      }
      throw problem("invalidSyntax", "Send a JSON object.");
    } catch (StreamConstraintsException e) {
      throw problem(
          "invalidSyntax",
          "A body has at most %d levels of nesting and %,d parts. Split the change."
              .formatted(DEEPEST, MOST_TOKENS));
    } catch (JacksonException e) {
      throw problem("invalidSyntax", "The body is not JSON in UTF-8, or names a field twice.");
    }
  }

  /** Returns an attribute. Names of attributes are case-insensitive. */
  static Optional<JsonNode> attribute(JsonNode node, String name) {
    for (Map.Entry<String, JsonNode> one : node.properties()) {
      if (one.getKey().equalsIgnoreCase(name)) {
        return Optional.of(one.getValue()).filter(value -> !value.isNull());
      }
    }
    return Optional.empty();
  }

  /**
   * Returns an attribute that must be a text. An empty text counts as absent.
   *
   * @throws ProblemException if the attribute is not a text
   */
  static Optional<String> text(JsonNode node, String name) {
    Optional<JsonNode> value = attribute(node, name);
    if (value.filter(one -> !one.isString()).isPresent()) {
      throw problem("invalidValue", name + " is a text.");
    }
    return value.map(JsonNode::asString).filter(text -> !text.isBlank());
  }

  /** Returns an exception with one of SCIM's error codes. */
  static ProblemException problem(String type, String detail) {
    return new ProblemException(new Problem(400, type, detail));
  }
}
