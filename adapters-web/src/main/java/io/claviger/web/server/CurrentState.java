package io.claviger.web.server;

import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.web.json.StoredRepresentation;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The stored state of the written object, as the caller sees it.
 *
 * @param answer the record that {@code GET} renders; if the object does not exist, a record with
 *     the fields whose values are in its path
 * @param version the object's version; empty if the object does not exist, or if the caller can't
 *     see it
 */
public record CurrentState(Object answer, OptionalLong version) {
  public static CurrentState of(Object answer, long version) {
    return new CurrentState(answer, OptionalLong.of(version));
  }

  /**
   * Returns the state of an object that was looked up.
   *
   * @param found the object; empty if it does not exist or the caller can't see it
   * @param json a function that returns the record that GET would write as JSON
   * @param fixedByPath the fields that are given by the path; used if no object was found
   */
  public static <T> CurrentState of(
      Outcome<T> found, Function<T, ?> json, ToLongFunction<T> version, Object fixedByPath) {
    return found
        .asOptional()
        .map(one -> of(json.apply(one), version.applyAsLong(one)))
        .orElseGet(() -> nothing(fixedByPath));
  }

  public static CurrentState nothing(Object fixedByPath) {
    return new CurrentState(fixedByPath, OptionalLong.empty());
  }

  /**
   * Returns the values that a write's read-only fields must have. If the precondition fails, no
   * field is compared, because the write is refused anyway.
   */
  StoredRepresentation shown(Precondition precondition) {
    return precondition.holds(version)
        ? StoredRepresentation.of(answer)
        : StoredRepresentation.OUTDATED;
  }
}
