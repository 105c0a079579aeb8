package io.claviger.domain.instances;

import io.claviger.domain.accounts.Handle;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The values of an instance's own fields ({@link InstanceField#own}). A field without a value is
 * left out, and so is an empty text of a field that may be without one.
 */
public record FieldValues(Map<InstanceField, Object> values) {
  /**
   * @throws ClassCastException when a value is not one of its field
   */
  public FieldValues {
    Map<InstanceField, Object> copy = new EnumMap<>(InstanceField.class);
    copy.putAll(values);
    copy.entrySet().removeIf(entry -> entry.getKey().isNothing(entry.getValue()));
    values = Collections.unmodifiableMap(copy);
  }

  /** What a new instance has unless something else is given. */
  public static FieldValues defaults(Handle handle) {
    Map<InstanceField, Object> values = new EnumMap<>(InstanceField.class);
    InstanceField.own().forEach(f -> f.whenNew(handle).ifPresent(v -> values.put(f, v)));
    return new FieldValues(values);
  }

  @SuppressWarnings("unchecked") // The constructor checked that it is a value of this field.
  public <V> Optional<V> get(InstanceField field) {
    return Optional.ofNullable((V) values.get(field));
  }

  /** The same with another value of one field. */
  public FieldValues with(InstanceField field, Object value) {
    return with(field, Optional.of(value));
  }

  /** The same with another value of one field, or with none. */
  public FieldValues with(InstanceField field, Optional<?> value) {
    Map<InstanceField, Object> changed = new EnumMap<>(InstanceField.class);
    changed.putAll(values);
    if (value.isPresent()) {
      changed.put(field, value.get());
    } else {
      changed.remove(field);
    }
    return new FieldValues(changed);
  }
}
