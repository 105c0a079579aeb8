package io.claviger.web.json;

import java.util.List;
import java.util.Map;

/** A JSON value in the body of a request. The method {@code toString} does not show the value. */
public sealed interface Json {
  /**
   * Members of an object, in the order of the body. If two members have the same name, the first
   * member is kept. The parser has recorded the second member as a fault.
   */
  record Members(Map<String, Json> byName) implements Json {
    @Override
    public String toString() {
      return "an object";
    }
  }

  record Items(List<Json> items) implements Json {
    @Override
    public String toString() {
      return "an array";
    }
  }

  record Text(String value) implements Json {
    @Override
    public String toString() {
      return "a string";
    }
  }

  /**
   * A number.
   *
   * @param text the number as it was written, with at most {@link BodyParser#LONGEST_NUMBER}
   *     characters
   * @param whole whether the number contains neither a fraction nor an exponent
   */
  record Numeral(String text, boolean whole) implements Json {
    @Override
    public String toString() {
      return "a number";
    }
  }

  record Flag(boolean value) implements Json {}

  record Null() implements Json {}

  /** A value that can't be used. The parser has already recorded the reason as a fault. */
  record Unusable() implements Json {}

  /** A secret string, which can't be read as text. */
  record Hidden(HiddenText text) implements Json {}
}
