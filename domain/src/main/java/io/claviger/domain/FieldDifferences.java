package io.claviger.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares two versions of a resource, and collects the JSON names of the fields whose values
 * differ.
 */
public final class FieldDifferences {
  private final List<String> names = new ArrayList<>();

  public FieldDifferences of(String name, Object one, Object other) {
    if (!one.equals(other)) {
      names.add(name);
    }
    return this;
  }

  /**
   * Returns the names of the fields that differ, in the order in which the fields were compared.
   */
  public List<String> names() {
    return List.copyOf(names);
  }
}
