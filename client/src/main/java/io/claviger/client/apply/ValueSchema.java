package io.claviger.client.apply;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Says which values a file may have at some position. */
sealed interface ValueSchema {
  record Text() implements ValueSchema {}

  record Whole() implements ValueSchema {}

  /** A decimal number, written as a number or as a text. The number is never rounded. */
  record Decimal() implements ValueSchema {}

  /** true or false. */
  record Flag() implements ValueSchema {}

  /**
   * An object with only these fields.
   *
   * @param required the names of the required fields
   */
  record Fields(Map<String, ValueSchema> fields, List<String> required) implements ValueSchema {
    Fields(Map<String, ValueSchema> fields) {
      this(fields, List.of());
    }
  }

  /**
   * A value that must be within bounds.
   *
   * @param words the accepted values in words, which complete the phrase "here has to be …"
   */
  record Bounded(ValueSchema value, String words, Predicate<JsonNode> accepts)
      implements ValueSchema {}

  /** A value that the API does not accept as null. */
  record NotNull(ValueSchema value) implements ValueSchema {}

  /** An object whose member names are chosen by people. */
  record Named(ValueSchema values) implements ValueSchema {}

  /** An object whose members the API does not interpret. */
  record AnyObject() implements ValueSchema {}

  record ListOf(ValueSchema items) implements ValueSchema {}

  /** A reference to a secret. The secret itself must not be in the file. */
  record Reference() implements ValueSchema {}
}
