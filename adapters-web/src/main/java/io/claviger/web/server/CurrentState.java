package io.claviger.web.server;

import io.claviger.application.shared.Precondition;
import io.claviger.web.json.StoredRepresentation;
import java.util.OptionalLong;

/**
 * The stored state of the object that a write goes to, as the caller sees it.
 *
 * @param answer the record that GET renders; if there is no such object, the fields that its path
 *     determines
 * @param version the version of the object; empty if it does not exist, or the caller can't see it
 */
public record CurrentState(Object answer, OptionalLong version) {
  public static CurrentState of(Object answer, long version) {
    return new CurrentState(answer, OptionalLong.of(version));
  }

  public static CurrentState nothing(Object fixedByPath) {
    return new CurrentState(fixedByPath, OptionalLong.empty());
  }

  /**
   * Returns the values with which read-only fields are compared. If the precondition fails, these
   * fields are not compared, since the write is refused anyway.
   */
  StoredRepresentation shown(Precondition precondition) {
    return precondition.holds(version)
        ? StoredRepresentation.of(answer)
        : StoredRepresentation.OUTDATED;
  }
}
