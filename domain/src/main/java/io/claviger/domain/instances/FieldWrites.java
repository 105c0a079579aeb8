package io.claviger.domain.instances;

import io.claviger.domain.Field;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a write says of an instance's own fields ({@link InstanceField#own}). A field that is not
 * there is absent.
 */
public record FieldWrites(Map<InstanceField, Field<?>> writes) {
  /** A write in which every field is absent. */
  public static final FieldWrites NONE = new FieldWrites(Map.of());

  public FieldWrites {
    Map<InstanceField, Field<?>> copy = new EnumMap<>(InstanceField.class);
    copy.putAll(writes);
    writes = Collections.unmodifiableMap(copy);
  }

  /** The same with another field. */
  public FieldWrites with(InstanceField field, Field<?> write) {
    Map<InstanceField, Field<?>> more = new EnumMap<>(InstanceField.class);
    more.putAll(writes);
    more.put(field, write);
    return new FieldWrites(more);
  }

  /** The values after the write: absent fields keep the present value, null removes it. */
  FieldValues over(FieldValues values) {
    FieldValues result = values;
    for (Map.Entry<InstanceField, Field<?>> write : writes.entrySet()) {
      if (!write.getValue().isAbsent()) {
        result = result.with(write.getKey(), write.getValue().given());
      }
    }
    return result;
  }
}
