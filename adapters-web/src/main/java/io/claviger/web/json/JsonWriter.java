package io.claviger.web.json;

import java.io.OutputStream;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes records as JSON. Names are written in snake case, fields in the record's order, and
 * missing values as null. Buffers are not reused, because they might contain a new access token.
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

  /**
   * Returns a generator that writes records in the same form as {@link #bytes}. The caller must
   * close the generator.
   */
  public static JsonGenerator generator(OutputStream out) {
    return MAPPER.createGenerator(out);
  }

  /**
   * Returns the text of a value that was parsed from a body. Numbers are returned as they were
   * written.
   *
   * @throws IllegalArgumentException if the value contains a part that can't be used
   */
  static String text(Json json) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = MAPPER.createGenerator(text)) {
      write(json, generator);
    }
    return text.toString();
  }

  private static void write(Json json, JsonGenerator to) {
    switch (json) {
      case Json.Members members -> {
        to.writeStartObject();
        members
            .byName()
            .forEach(
                (name, value) -> {
                  to.writeName(name);
                  write(value, to);
                });
        to.writeEndObject();
      }
      case Json.Items items -> {
        to.writeStartArray();
        items.items().forEach(item -> write(item, to));
        to.writeEndArray();
      }
      case Json.Text text -> to.writeString(text.value());
      case Json.Numeral number -> to.writeNumber(number.text());
      case Json.Flag flag -> to.writeBoolean(flag.value());
      case Json.Null none -> to.writeNull();
      case Json.Unusable unusable -> throw new IllegalArgumentException("not a value");
      case Json.Hidden hidden ->
          throw new IllegalArgumentException("the value is a secret, which is never written");
    }
  }

  static JsonNode tree(Object answer) {
    return MAPPER.valueToTree(answer);
  }
}
