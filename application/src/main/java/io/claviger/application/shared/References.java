package io.claviger.application.shared;

import java.util.List;

/**
 * The projects that use a resource, and so prevent its deletion.
 *
 * @param count the number of these projects
 * @param visible the {@code owner/handle} of up to 20 of these projects that the asking user can
 *     see
 */
public record References(int count, List<String> visible) {
  public static final References NONE = new References(0, List.of());

  public References {
    visible = List.copyOf(visible);
  }

  /**
   * Returns a human-readable sentence, such as {@code 3 projects use it, among them alice/corpus}.
   */
  public String sentence() {
    String head = count == 1 ? "1 project uses it" : count + " projects use it";
    return visible.isEmpty()
        ? head + "."
        : head + ", among them " + String.join(", ", visible) + ".";
  }
}
