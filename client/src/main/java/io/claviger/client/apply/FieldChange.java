package io.claviger.client.apply;

import tools.jackson.databind.JsonNode;

/**
 * A field that changes.
 *
 * @param before null where there was nothing
 */
record FieldChange(String field, JsonNode before, JsonNode after) {
  /** The field in the object itself, for a field within a field. */
  String outer() {
    return field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
  }
}
