package io.claviger.web.json;

import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes records as JSON: names in snake case, fields in the order of the record, null for missing
 * values. Buffers are not recycled, because a new access token passes through them.
 */
public final class JsonWriter {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private JsonWriter() {}

  public static byte[] bytes(Object answer) {
    return MAPPER.writeValueAsBytes(answer);
  }

  static JsonNode tree(Object answer) {
    return MAPPER.valueToTree(answer);
  }
}
