package io.claviger.domain;

import java.util.Optional;

/**
 * A field of a write, in one of three states: absent, {@code null}, or a value. The kind of write
 * decides what happens to an absent field: a replacement uses the default, and a merge (RFC 7396)
 * keeps the stored value.
 */
public sealed interface Field<T> {
  record Absent<T>() implements Field<T> {}

  record Null<T>() implements Field<T> {}

  record Given<T>(T value) implements Field<T> {}

  static <T> Field<T> absent() {
    return new Absent<>();
  }

  static <T> Field<T> ofNull() {
    return new Null<>();
  }

  static <T> Field<T> of(T value) {
    return new Given<>(value);
  }

  /** Returns a field with the given value, or a null field if the argument is empty. */
  static <T> Field<T> ofNullable(Optional<T> value) {
    return value.<Field<T>>map(Field::of).orElseGet(Field::ofNull);
  }

  /** Returns a field with the given value, or an absent field if the argument is empty. */
  static <T> Field<T> from(Optional<T> value) {
    return value.<Field<T>>map(Field::of).orElseGet(Field::absent);
  }

  default boolean isAbsent() {
    return this instanceof Absent;
  }

  /** Returns the value; empty if the field is absent or null. */
  default Optional<T> given() {
    return this instanceof Given<T> given ? Optional.of(given.value()) : Optional.empty();
  }

  /**
   * Returns the value of the field, or the argument if the field is absent. Use this method only
   * for fields that can't be null.
   */
  default T or(T whenAbsent) {
    return given().orElse(whenAbsent);
  }

  default Optional<T> or(Optional<T> whenAbsent) {
    return isAbsent() ? whenAbsent : given();
  }
}
