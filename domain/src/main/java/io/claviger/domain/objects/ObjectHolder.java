package io.claviger.domain.objects;

import java.util.UUID;

/**
 * The holder of a provider object: the user who created it, or the project through which it was
 * created.
 *
 * @param id the id of the user or the project
 */
public record ObjectHolder(Kind kind, UUID id) {
  /** The kind of a holder. */
  public enum Kind {
    USER,
    PROJECT
  }

  public static ObjectHolder user(UUID id) {
    return new ObjectHolder(Kind.USER, id);
  }

  public static ObjectHolder project(UUID id) {
    return new ObjectHolder(Kind.PROJECT, id);
  }
}
