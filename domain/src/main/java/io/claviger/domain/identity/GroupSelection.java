package io.claviger.domain.identity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Selects the identity provider's groups that become groups in Claviger.
 *
 * @param values the selected groups, as exact values of the groups claim
 * @param prefixes the prefixes of further selected values; an empty prefix selects all groups
 */
public record GroupSelection(Set<String> values, List<String> prefixes) {
  /** No group is synced. */
  public static final GroupSelection NONE = new GroupSelection(Set.of(), List.of());

  public static final GroupSelection ALL = new GroupSelection(Set.of(), List.of(""));

  public GroupSelection {
    values = Set.copyOf(values);
    prefixes = List.copyOf(prefixes);
  }

  /**
   * Reads a selection from a list.
   *
   * @param entries the list, which consists of exact values and of prefixes with {@code *} at their
   *     end
   */
  public static GroupSelection of(List<String> entries) {
    Set<String> values = new HashSet<>();
    List<String> prefixes = new ArrayList<>();
    for (String entry : entries) {
      if (entry.endsWith("*")) {
        prefixes.add(entry.substring(0, entry.length() - 1));
      } else {
        values.add(entry);
      }
    }
    return new GroupSelection(values, prefixes);
  }

  public boolean contains(String value) {
    return values.contains(value) || prefixes.stream().anyMatch(value::startsWith);
  }
}
