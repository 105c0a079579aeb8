package io.claviger.client.apply;

import tools.jackson.databind.JsonNode;

/**
 * A field whose value is changed by a step of a plan.
 *
 * @param before the former value; null if there was none
 */
record FieldChange(String field, JsonNode before, JsonNode after) {
  /**
   * Returns the name of the outermost field that contains the changed field, or of the changed
   * field itself if no other field contains it.
   */
  String outer() {
    return field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
  }
}
