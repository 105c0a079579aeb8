package io.claviger.client.apply;

import tools.jackson.databind.JsonNode;

/**
 * A field whose value is changed by a step of a plan.
 *
 * @param before the former value; null if there was none
 */
record FieldChange(String field, JsonNode before, JsonNode after) {
  /** Returns the name of the outer field if the field is nested. */
  String outer() {
    return field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
  }
}
