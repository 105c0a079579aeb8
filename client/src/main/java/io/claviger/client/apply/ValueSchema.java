package io.claviger.client.apply;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Which values are accepted at a place in a file. */
sealed interface ValueSchema {
  record Text() implements ValueSchema {}

  record Whole() implements ValueSchema {}

  /** A decimal number, which is written as a number or as a text. The number is never rounded. */
  record Decimal() implements ValueSchema {}

  /** true or false. */
  record Flag() implements ValueSchema {}

  /**
   * An object that may have only these fields.
   *
   * @param required the names of the fields that must be present
   */
  record Fields(Map<String, ValueSchema> fields, List<String> required) implements ValueSchema {
    Fields(Map<String, ValueSchema> fields) {
      this(fields, List.of());
    }
  }

  /**
   * A value that has to be within certain bounds.
   *
   * @param words the accepted values in words, such that the words complete "here has to be …"
   */
  record Bounded(ValueSchema value, String words, Predicate<JsonNode> accepts)
      implements ValueSchema {}

  /** An object whose members have names that people choose. */
  record Named(ValueSchema values) implements ValueSchema {}

  /** An object with members that the API does not interpret. */
  record AnyObject() implements ValueSchema {}

  record ListOf(ValueSchema items) implements ValueSchema {}

  /** A reference to a secret. The secret itself must not be in the file. */
  record Reference() implements ValueSchema {}
}
