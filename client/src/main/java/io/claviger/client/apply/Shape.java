package io.claviger.client.apply;

import java.util.Map;

/** What may stand at a place of a file. */
sealed interface Shape {
  /** A text. */
  record Text() implements Shape {}

  /** A whole number. */
  record Whole() implements Shape {}

  /** A decimal number, as a number or as a text. It is never rounded. */
  record Decimal() implements Shape {}

  /** true or false. */
  record Flag() implements Shape {}

  /** An object with these fields and no others. */
  record Fields(Map<String, Shape> fields) implements Shape {}

  /** An object with names that people choose. */
  record Named(Shape values) implements Shape {}

  /** A list. */
  record ListOf(Shape items) implements Shape {}

  /** Where a secret is to be found. The secret itself may not stand there. */
  record Reference() implements Shape {}
}
