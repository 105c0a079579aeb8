package io.claviger.client.apply;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names variables for secrets, each once, so that no key is sent to another service. */
final class VariableNames {
  private final Set<String> given = new HashSet<>();

  /**
   * Names a variable.
   *
   * @param ref the ref of the service
   * @param secret the field, or the name of a header
   */
  String of(String ref, String secret) {
    String name = (ref + "_" + secret).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    String free = name;
    for (int n = 2; !given.add(free); n++) {
      free = name + "_" + n;
    }
    return free;
  }
}
