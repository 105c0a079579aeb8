package io.claviger.client.apply;

import tools.jackson.databind.JsonNode;

/**
 * A field whose value a step changes.
 *
 * @param before the former value; null if the field had no value
 */
record FieldChange(String field, JsonNode before, JsonNode after) {
  /** If the field is inside another field, returns the name of the outer field. */
  String outer() {
    return field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
  }
}
