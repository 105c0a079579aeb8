package io.claviger.domain.usage;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;

/**
 * A model of a call, identified by the provider's name for it. Callers choose the name. A text that
 * can't be a model's name is treated as {@link #OTHER}.
 *
 * @param name the model's name; empty if the model is unknown
 */
public record UsageModel(String name) implements Comparable<UsageModel> {
  public static final UsageModel UNKNOWN = new UsageModel("");
  public static final UsageModel OTHER = new UsageModel("other");

  public static UsageModel called(String name) {
    try {
      return new UsageModel(new ModelName(name).value());
    } catch (InvalidValue e) {
      return OTHER;
    }
  }

  /**
   * Returns the model with the given name: this object if it has that name, so that the name need
   * not be checked again.
   */
  public UsageModel orCalled(String other) {
    return isKnown() && name.equals(other) ? this : called(other);
  }

  public boolean isKnown() {
    return !name.isEmpty();
  }

  /**
   * Written by hand for speed: deep in the stack of a call, the JVM would not inline the generated
   * method.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof UsageModel model && name.equals(model.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public int compareTo(UsageModel other) {
    return name.compareTo(other.name);
  }
}
