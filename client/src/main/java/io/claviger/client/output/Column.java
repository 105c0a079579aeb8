package io.claviger.client.output;

import io.claviger.client.json.JsonTrees;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A column of a table.
 *
 * @param number whether it is aligned to the right
 */
public record Column(String head, boolean number, Function<JsonNode, String> text) {
  public static Column of(String head, String field) {
    return new Column(head, false, item -> JsonTrees.optional(item, field).orElse("-"));
  }

  public static Column of(String head, Function<JsonNode, String> text) {
    return new Column(head, false, text);
  }

  public static Column number(String head, String field) {
    return new Column(head, true, item -> JsonTrees.optional(item, field).orElse("-"));
  }
}
