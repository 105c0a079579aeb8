package io.claviger.domain;

import java.util.ArrayList;
import java.util.List;

/** The names, as in JSON, of the fields in which two versions of something differ. */
public final class FieldDifferences {
  private final List<String> names = new ArrayList<>();

  /** Looks at one field. */
  public FieldDifferences of(String name, Object one, Object other) {
    if (!one.equals(other)) {
      names.add(name);
    }
    return this;
  }

  /** In the order in which they were looked at. */
  public List<String> names() {
    return List.copyOf(names);
  }
}
