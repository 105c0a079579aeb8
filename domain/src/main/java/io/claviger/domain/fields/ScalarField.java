package io.claviger.domain.fields;

import java.util.Optional;

/**
 * A single-valued field of a resource. A resource's list of fields determines the resource's
 * database columns, its JSON, its inputs and read-only values in the console, and which differences
 * between two versions are found. Two fields are equal if they are the same object.
 *
 * @param <V> the type of the value
 */
public final class ScalarField<V> {
  private final String name;
  private final ScalarForm<V> form;
  private final boolean nullable;
  private final Optional<V> whenNew;
  private final FieldWords words;

  private ScalarField(
      String name, ScalarForm<V> form, boolean nullable, Optional<V> whenNew, FieldWords words) {
    this.name = name;
    this.form = form;
    this.nullable = nullable;
    this.whenNew = whenNew;
    this.words = words;
  }

  /** Makes a field that may have no value. Null clears it. */
  public static <V> ScalarField<V> optional(String name, ScalarForm<V> form, FieldWords words) {
    return new ScalarField<>(name, form, true, Optional.empty(), words);
  }

  /**
   * Makes a field that always has a value. In a new resource, the field has the given default
   * value.
   */
  public static <V> ScalarField<V> withDefault(
      String name, ScalarForm<V> form, V whenNew, FieldWords words) {
    return new ScalarField<>(name, form, false, Optional.of(whenNew), words);
  }

  /**
   * Makes a field that always has a value but has no default. For a new resource, the write must
   * state the value, or the value follows from other fields.
   */
  public static <V> ScalarField<V> required(String name, ScalarForm<V> form, FieldWords words) {
    return new ScalarField<>(name, form, false, Optional.empty(), words);
  }

  /** Returns the field's name in JSON, in forms, in the audit trail and in the database. */
  public String name() {
    return name;
  }

  /** Returns the written form of the field's values. */
  public ScalarForm<V> form() {
    return form;
  }

  /** Whether the field may have no value. */
  public boolean isNullable() {
    return nullable;
  }

  /** Returns the default value that the field has in a new resource. */
  public Optional<V> whenNew() {
    return whenNew;
  }

  /** Returns the words that people see for the field. */
  public FieldWords words() {
    return words;
  }

  /**
   * Returns the value in its written form: a String, a List of Strings, an Integer or a Boolean.
   *
   * @throws ClassCastException when the value is not a value of this field
   */
  @SuppressWarnings("unchecked") // The form's function checks the type.
  public Object plain(Object value) {
    return form.plain((V) value);
  }

  @Override
  public String toString() {
    return name;
  }
}
