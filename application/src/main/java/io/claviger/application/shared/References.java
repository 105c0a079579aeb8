package io.claviger.application.shared;

import java.util.List;

/**
 * The things that use a certain thing, and thereby prevent its deletion.
 *
 * @param count the number of things that use the thing
 * @param visible the references that the asking user can see, as {@code owner/handle}; at most the
 *     first 20
 */
public record References(int count, List<String> visible) {
  public static final References NONE = new References(0, List.of());

  public References {
    visible = List.copyOf(visible);
  }

  /**
   * Returns a sentence that people can read, such as {@code 3 projects use it, among them
   * alice/corpus}.
   */
  public String sentence() {
    String head = count == 1 ? "1 project uses it" : count + " projects use it";
    return visible.isEmpty()
        ? head + "."
        : head + ", among them " + String.join(", ", visible) + ".";
  }
}
