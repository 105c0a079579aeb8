package io.claviger.domain.models;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import java.util.Set;

/** The name by which callers call a model of the catalogue: one line of 1 to 256 characters. */
public record ModelAlias(String value) {
  private static final int MAX_LENGTH = 256;
  private static final int ROOM_FOR_NUMBER = 11;

  public ModelAlias {
    try {
      ModelName unused = new ModelName(value);
    } catch (InvalidValue e) {
      throw new InvalidValue("name", e.allowed());
    }
  }

  /**
   * Returns an alias that equals the name by which the provider knows a model. If this name is
   * taken, appends {@code ~2}, {@code ~3} and so on.
   */
  public static ModelAlias of(ModelName model, Set<ModelAlias> taken) {
    ModelAlias alias = new ModelAlias(model.value());
    for (int n = 2; taken.contains(alias); n++) {
      alias = new ModelAlias(shortened(model.value()) + "~" + n);
    }
    return alias;
  }

  /** Shortens a name so that a number can be appended, without splitting a surrogate pair. */
  private static String shortened(String name) {
    int end = Math.min(name.length(), MAX_LENGTH - ROOM_FOR_NUMBER);
    return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end);
  }

  @Override
  public String toString() {
    return value;
  }
}
