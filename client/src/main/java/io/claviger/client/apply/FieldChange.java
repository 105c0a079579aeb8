package io.claviger.client.apply;

import tools.jackson.databind.JsonNode;

/**
 * A field that changes.
 *
 * @param before the former value; null if there was none
 */
record FieldChange(String field, JsonNode before, JsonNode after) {
  /** For a field within a field, the name of the outer field. */
  String outer() {
    return field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
  }
}
