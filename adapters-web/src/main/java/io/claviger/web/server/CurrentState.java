package io.claviger.web.server;

import io.claviger.application.shared.Precondition;
import io.claviger.web.json.StoredRepresentation;
import java.util.OptionalLong;

/**
 * What a write finds in place, as the caller sees it.
 *
 * @param answer the record that GET renders; of what is not there, the fields that its path fixes
 * @param version empty when there is nothing, or nothing that the caller can see
 */
public record CurrentState(Object answer, OptionalLong version) {
  public static CurrentState of(Object answer, long version) {
    return new CurrentState(answer, OptionalLong.of(version));
  }

  public static CurrentState nothing(Object fixedByPath) {
    return new CurrentState(fixedByPath, OptionalLong.empty());
  }

  /**
   * What read-only fields are held against, unless the write will be refused as outdated anyway.
   */
  StoredRepresentation shown(Precondition precondition) {
    return precondition.holds(version)
        ? StoredRepresentation.of(answer)
        : StoredRepresentation.OUTDATED;
  }
}
