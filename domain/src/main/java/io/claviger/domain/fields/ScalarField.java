package io.claviger.domain.fields;

import java.util.Optional;

/**
 * A field of a resource that has one value. Columns, JSON, the inputs and facts of the console, and
 * differences follow from a resource's list of fields. Two fields are equal if they are the same
 * object.
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

  /** A field that may have no value. Null clears it. */
  public static <V> ScalarField<V> optional(String name, ScalarForm<V> form, FieldWords words) {
    return new ScalarField<>(name, form, true, Optional.empty(), words);
  }

  /** A field that always has a value; in a new resource it is the given default. */
  public static <V> ScalarField<V> withDefault(
      String name, ScalarForm<V> form, V whenNew, FieldWords words) {
    return new ScalarField<>(name, form, false, Optional.of(whenNew), words);
  }

  /** A field that always has a value. It is given or follows from other fields. */
  public static <V> ScalarField<V> required(String name, ScalarForm<V> form, FieldWords words) {
    return new ScalarField<>(name, form, false, Optional.empty(), words);
  }

  /** The name in JSON, in forms, in the audit trail, and of the column. */
  public String name() {
    return name;
  }

  /** The written form of its values. */
  public ScalarForm<V> form() {
    return form;
  }

  /** Whether it may have no value. */
  public boolean isNullable() {
    return nullable;
  }

  /** The value in a new resource, unless one is given. */
  public Optional<V> whenNew() {
    return whenNew;
  }

  /** The words with which people see it. */
  public FieldWords words() {
    return words;
  }

  /**
   * The value in its written form: a String, a List of them, an Integer or a Boolean.
   *
   * @throws ClassCastException when it is not a value of this field
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
