package io.claviger.domain.objects;

import io.claviger.domain.InvalidValue;
import java.util.Locale;

/** The handling of the objects of somebody who may no longer use a service. */
public enum OnEnd {
  /**
   * The objects stay. Only the owner of the service can use them until the service is lent to their
   * holder again.
   */
  KEEP,
  /** The objects end, and Claviger deletes them at the provider. */
  DELETE;

  /**
   * @throws InvalidValue if the text is none of the values; the exception names them
   */
  public static OnEnd of(String text) {
    return switch (text) {
      case "keep" -> KEEP;
      case "delete" -> DELETE;
      default -> throw new InvalidValue("on_end", "keep or delete");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
