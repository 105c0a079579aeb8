package io.claviger.domain.fields;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The values of a resource's scalar fields. Fields that have no value, and optional fields whose
 * text is empty, are left out.
 */
public record FieldValues(Map<ScalarField<?>, Object> values) {
  public static final FieldValues NONE = new FieldValues(Map.of());

  /**
   * @throws ClassCastException when a value does not have its field's type
   */
  public FieldValues {
    Map<ScalarField<?>, Object> copy = new LinkedHashMap<>(values);
    copy.entrySet().removeIf(entry -> isNothing(entry.getKey(), entry.getValue()));
    values = Collections.unmodifiableMap(copy);
  }

  private static boolean isNothing(ScalarField<?> field, Object value) {
    return field.plain(value).equals("") && field.isNullable();
  }

  /** Returns the default values that the given fields have in a new resource. */
  public static FieldValues defaults(List<ScalarField<?>> fields) {
    Map<ScalarField<?>, Object> values = new LinkedHashMap<>();
    fields.forEach(field -> field.whenNew().ifPresent(value -> values.put(field, value)));
    return new FieldValues(values);
  }

  @SuppressWarnings("unchecked") // The constructor checked that the value has the field's type.
  public <V> Optional<V> get(ScalarField<V> field) {
    return Optional.ofNullable((V) values.get(field));
  }

  /**
   * Returns the value of a field that always has a value.
   *
   * @throws java.util.NoSuchElementException when the field has no value
   */
  public <V> V require(ScalarField<V> field) {
    return get(field).orElseThrow();
  }

  /** Returns a field's value in its written form: a String, an Integer or a Boolean. */
  public Optional<Object> plain(ScalarField<?> field) {
    return Optional.ofNullable(values.get(field)).map(field::plain);
  }

  /**
   * Returns the values of the given fields as texts, keyed by the fields' names. Fields without a
   * value are left out.
   */
  public Map<String, String> texts(Collection<ScalarField<?>> fields) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (ScalarField<?> field : fields) {
      plain(field)
          .map(FieldValues::text)
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> texts.put(field.name(), text));
    }
    return texts;
  }

  private static String text(Object plain) {
    return switch (plain) {
      case List<?> items -> items.stream().map(String::valueOf).collect(Collectors.joining(", "));
      case Map<?, ?> pairs -> String.join(", ", ScalarForm.Pairs.list(pairs));
      default -> plain.toString();
    };
  }

  /** Returns a copy in which one field has another value. */
  public <V> FieldValues with(ScalarField<V> field, V value) {
    return withOptional(field, Optional.of(value));
  }

  /** Returns a copy in which one field has another value or no value. */
  public FieldValues withOptional(ScalarField<?> field, Optional<?> value) {
    Map<ScalarField<?>, Object> changed = new LinkedHashMap<>(values);
    if (value.isPresent()) {
      changed.put(field, value.get());
    } else {
      changed.remove(field);
    }
    return new FieldValues(changed);
  }

  /** Returns a copy that also has the given values of other fields. */
  public FieldValues and(FieldValues others) {
    Map<ScalarField<?>, Object> all = new LinkedHashMap<>(values);
    all.putAll(others.values);
    return new FieldValues(all);
  }

  public FieldValues only(Collection<ScalarField<?>> fields) {
    Map<ScalarField<?>, Object> some = new LinkedHashMap<>(values);
    boolean unused = some.keySet().retainAll(fields);
    return new FieldValues(some);
  }

  /** Returns those of the given fields that have other values here than in {@code other}. */
  public List<ScalarField<?>> differingFrom(FieldValues other, Collection<ScalarField<?>> fields) {
    return fields.stream().filter(field -> !get(field).equals(other.get(field))).toList();
  }

  /**
   * Checks that every required field has a value.
   *
   * @throws IllegalArgumentException when a required field has no value
   */
  public void requireComplete(Collection<ScalarField<?>> fields) {
    for (ScalarField<?> field : fields) {
      if (!field.isNullable() && !values.containsKey(field)) {
        throw new IllegalArgumentException("no value for " + field);
      }
    }
  }
}
