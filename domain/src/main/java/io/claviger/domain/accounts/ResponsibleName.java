package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Optional;

/**
 * The name by which a request states who is responsible for a service account. The handle of a
 * person, such as {@code alice}, stands for that person. The name of a group with {@code @} before
 * it, such as {@code @research}, stands for the managers of the group.
 */
public record ResponsibleName(boolean group, Handle handle) {
  /** Whether this name stands for the person or group that is already responsible. */
  public boolean isNameOf(Optional<Responsible> responsible) {
    return responsible.filter(whoever -> whoever.name().equals(toString())).isPresent();
  }

  @Override
  public String toString() {
    return (group ? "@" : "") + handle.value();
  }

  public static ResponsibleName of(String text) {
    boolean group = text.startsWith("@");
    try {
      return new ResponsibleName(group, new Handle(group ? text.substring(1) : text));
    } catch (InvalidValue e) {
      throw new InvalidValue("responsible", "a user's handle, or @ and a group's handle");
    }
  }
}
