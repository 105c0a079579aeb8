package io.claviger.domain.fields;

import io.claviger.domain.Field;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a write does to a resource's scalar fields. If a field is not in the map, the write does not
 * contain it.
 */
public record FieldWrites(Map<ScalarField<?>, Field<?>> writes) {
  /** A write in which every field is absent. */
  public static final FieldWrites NONE = new FieldWrites(Map.of());

  public FieldWrites {
    writes = Collections.unmodifiableMap(new LinkedHashMap<>(writes));
  }

  @SuppressWarnings("unchecked") // A field is only written with values of its type.
  public <V> Field<V> get(ScalarField<V> field) {
    return (Field<V>) writes.getOrDefault(field, Field.absent());
  }

  /** Returns a copy of these writes with one more field. */
  public <V> FieldWrites with(ScalarField<V> field, Field<? extends V> write) {
    Map<ScalarField<?>, Field<?>> more = new LinkedHashMap<>(writes);
    more.put(field, write);
    return new FieldWrites(more);
  }

  /**
   * Turns these writes into a replacement: each of the given fields that is absent gets its
   * default.
   */
  public FieldWrites replacing(Collection<ScalarField<?>> fields) {
    Map<ScalarField<?>, Field<?>> more = new LinkedHashMap<>(writes);
    for (ScalarField<?> field : fields) {
      if (get(field).isAbsent()) {
        field.whenNew().ifPresent(value -> more.put(field, Field.of(value)));
      }
    }
    return new FieldWrites(more);
  }

  /**
   * Returns the values that the given fields have after the write. Absent fields keep their values,
   * and null removes a value.
   */
  public FieldValues over(FieldValues values, Collection<ScalarField<?>> fields) {
    FieldValues result = values;
    for (ScalarField<?> field : fields) {
      Field<?> write = get(field);
      if (!write.isAbsent()) {
        result = result.withOptional(field, write.given());
      }
    }
    return result;
  }
}
