package io.claviger.gateway.strangers;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the values of a request mean by their places, as a grammar says it. Names are folded, since
 * some readers ignore case and underscores.
 */
final class Places {
  enum Meaning {
    /** Words of people and programs, in which an id is only text. */
    TEXT,
    /** An id that the provider looks up. */
    REFERENCE,
    /** Neither, or a place that the grammar does not know. */
    OTHER
  }

  static final String ELEMENT = "[]";
  private static final String ANY = "*";

  private final Map<String, Places> below = new HashMap<>();
  private Meaning meaning = Meaning.OTHER;
  private boolean free;

  /** Learns the places of a piece of a request. */
  void learn(JsonNode piece) {
    if (piece.isObject()) {
      piece.properties().forEach(e -> child(folded(e.getKey())).learn(e.getValue()));
    } else if (piece.isArray()) {
      piece.forEach(each -> child(ELEMENT).learn(each));
    } else if (piece.isString()) {
      String value = piece.asString();
      if (value.startsWith("$ref") || value.startsWith("$item")) {
        meaning = Meaning.REFERENCE;
      } else if (value.equals("$text") || value.equals("$name")) {
        meaning = Meaning.TEXT;
      }
      free |= value.equals("$free");
    }
  }

  private Places child(String name) {
    return below.computeIfAbsent(name, n -> new Places());
  }

  /** What a value of this path means. The path has folded names. */
  Meaning at(Iterable<String> path) {
    Places here = this;
    String last = "";
    String before = "";
    for (String name : path) {
      before = last;
      last = name;
      @Nullable Places next = here == null ? null : here.below.get(name);
      if (next == null && here != null) {
        next = name.equals(ELEMENT) ? null : here.below.get(ANY);
      }
      if (next != null && next.free) {
        return Meaning.TEXT;
      }
      here = next == null ? NOTHING : next;
    }
    boolean names = last.equals("type") || (last.equals(ELEMENT) && before.equals("include"));
    return names && here.meaning == Meaning.OTHER ? Meaning.TEXT : here.meaning;
  }

  private static final Places NOTHING = new Places();

  static String folded(String name) {
    return name.equals(ANY)
        ? ANY
        : name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(".", "");
  }
}
