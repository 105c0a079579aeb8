package io.claviger.stub;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds the tools that a request in any of the APIs offers to the model. */
final class OfferedTools {
  private OfferedTools() {}

  /**
   * Returns a map from the tools' names. Each value says whether the tool accepts a text instead of
   * JSON.
   */
  static Map<String, Boolean> of(JsonNode root) {
    Map<String, Boolean> tools = new HashMap<>();
    for (JsonNode tool : root.path("tools")) {
      boolean freeform = tool.path("type").asString("").equals("custom") && tool.has("format");
      add(tools, tool, freeform);
      add(tools, tool.path("function"), false);
      tool.path("functionDeclarations").forEach(each -> add(tools, each, false));
      tool.path("function_declarations").forEach(each -> add(tools, each, false));
    }
    for (JsonNode tool : root.path("toolConfig").path("tools")) {
      add(tools, tool.path("toolSpec"), false);
    }
    return tools;
  }

  private static void add(Map<String, Boolean> tools, JsonNode tool, boolean freeform) {
    if (tool.path("name").isString()) {
      tools.put(tool.path("name").asString(), freeform);
    }
  }
}
