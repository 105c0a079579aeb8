package io.claviger.web.contract;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.DateTimeFormat;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges values by the schemas of one document: JSON Schema 2020-12, formats asserted. An instant
 * has to be in UTC. The contract says so in words only, because the Python client that is generated
 * from a pattern applies it to an object that is no text any more.
 */
final class Schemas {
  /** The components stand beside each schema, so that its references find them. */
  private static final Dialect WITH_COMPONENTS =
      Dialect.builder(Dialects.getDraft202012())
          .keyword(new NonValidationKeyword("components"))
          .keyword(new NonValidationKeyword("x-in-files"))
          .format(new UtcInstant())
          .build();

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          WITH_COMPONENTS,
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      .formatAssertionsEnabled(true)
                      .locale(Locale.ENGLISH)
                      .build()));

  private final JsonNode components;
  private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

  Schemas(JsonNode components) {
    this.components = components;
  }

  /**
   * What is wrong with a value, each as {@code pointer: message}; empty when it fits.
   *
   * @param schema a schema object of the document; it may refer to the document's components
   */
  List<String> faults(JsonNode schema, JsonNode value) {
    return compiled.computeIfAbsent(schema, this::compile).validate(value).stream()
        .map(e -> e.getInstanceLocation() + ": " + e.getMessage())
        .toList();
  }

  /** What is wrong with a schema itself, by the meta-schema of JSON Schema 2020-12. */
  static List<String> faultsOfSchema(JsonNode schema) {
    return REGISTRY
        .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
        .validate(schema)
        .stream()
        .map(e -> e.getInstanceLocation() + ": " + e.getMessage())
        .toList();
  }

  private Schema compile(JsonNode schema) {
    ObjectNode root = ((ObjectNode) schema).deepCopy();
    root.set("components", components);
    return REGISTRY.getSchema(root);
  }

  private static final class UtcInstant extends DateTimeFormat {
    @Override
    public boolean matches(ExecutionContext context, String value) {
      return value.endsWith("Z") && super.matches(context, value);
    }
  }
}
