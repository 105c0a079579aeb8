package io.claviger.testkit;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies records, and changes one component in the copy. */
public final class RecordCopy {
  private RecordCopy() {}

  /**
   * Returns a copy of the record in which the component with the given name has the given value.
   *
   * @throws IllegalArgumentException if the record has no such component
   */
  public static <R extends Record> R with(R original, String component, Object value) {
    RecordComponent[] components = original.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    boolean found = false;
    try {
      for (int i = 0; i < components.length; i++) {
        boolean changed = components[i].getName().equals(component);
        components[i].getAccessor().setAccessible(true);
        values[i] = changed ? value : components[i].getAccessor().invoke(original);
        found |= changed;
      }
      if (!found) {
        throw new IllegalArgumentException(original.getClass() + " has no " + component);
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      @SuppressWarnings("unchecked") // the record's own class
      Constructor<R> constructor =
          (Constructor<R>) original.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
