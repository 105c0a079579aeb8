package io.claviger.web.json;

import java.util.List;
import java.util.Map;

/** A JSON value of a request body. Printing one shows nothing of it. */
public sealed interface Json {
  /** Members in the order given. Of a name given twice, the first; the second is on record. */
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
   * @param text as it was written; never longer than {@link BodyParser#LONGEST_NUMBER}
   * @param whole without fraction and exponent
   */
  record Numeral(String text, boolean whole) implements Json {
    @Override
    public String toString() {
      return "a number";
    }
  }

  record Flag(boolean value) implements Json {}

  record Null() implements Json {}

  /** What stood here can't be used, and the fault is on record already. */
  record Unusable() implements Json {}

  /** A string that nobody may read. */
  record Hidden(HiddenText text) implements Json {}
}
