package io.claviger.application.gateway;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * Estimates the bytes that objects take on a 64-bit JVM with compressed references. A shared object
 * counts once. It knows this project's values and the JDK types in them.
 */
final class ObjectSizes {
  private static final int HEADER = 12;
  private static final int REFERENCE = 4;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /** An object that was counted before adds nothing. */
  long add(Object object) {
    return object instanceof Enum || !seen.add(object) ? 0 : sizeOf(object);
  }

  private long sizeOf(Object object) {
    return switch (object) {
      case String text -> 24 + array(text.length(), text.chars().anyMatch(c -> c > 0xff) ? 2 : 1);
      case Optional<?> optional -> 16 + optional.map(this::add).orElse(0L);
      case UUID id -> 32;
      case Instant time -> 24;
      case Integer number -> 16;
      case Long number -> 24;
      case OptionalInt number -> 24;
      case Duration time -> 24;
      // An EnumMap and the wrapper that refuses changes.
      case Map<?, ?> map ->
          80 + array(map.size(), REFERENCE) + map.values().stream().mapToLong(this::add).sum();
      case Collection<?> values ->
          24
              + array(values.size(), values instanceof Set ? 2 * REFERENCE : REFERENCE)
              + values.stream().mapToLong(this::add).sum();
      default ->
          object.getClass().isArray()
              ? array(Array.getLength(object), 1)
              : fields(object, object.getClass());
    };
  }

  private long fields(Object object, Class<?> type) {
    if (!type.getName().startsWith("io.claviger.")) {
      throw new IllegalArgumentException("it is not known how large " + type + " is");
    }
    long own = HEADER;
    long reached = 0;
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        Class<?> of = field.getType();
        own += of == long.class ? 8 : of == boolean.class ? 1 : REFERENCE;
        reached += of.isPrimitive() ? 0 : value(field, object).map(this::add).orElse(0L);
      }
    }
    return aligned(own) + reached;
  }

  private static Optional<Object> value(Field field, Object object) {
    try {
      field.setAccessible(true);
      return Optional.ofNullable(field.get(object));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static long array(long length, int each) {
    return aligned(16 + length * each);
  }

  private static long aligned(long bytes) {
    return (bytes + 7) / 8 * 8;
  }
}
