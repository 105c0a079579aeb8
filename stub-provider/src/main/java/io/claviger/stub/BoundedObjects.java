package io.claviger.stub;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects that can be found by id, in the order of their creation. If there are too many objects,
 * the oldest objects are removed.
 */
final class BoundedObjects {
  private final Map<String, StoredObject> objects = new LinkedHashMap<>();
  private final int most;
  private final long mostBytes;
  private long bytes;

  BoundedObjects(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  StoredObject add(StoredObject object) {
    remove(object.id());
    objects.put(object.id(), object);
    bytes += object.weight();
    Iterator<StoredObject> oldest = objects.values().iterator();
    while (objects.size() > most || (bytes > mostBytes && objects.size() > 1)) {
      bytes -= oldest.next().weight();
      oldest.remove();
    }
    return object;
  }

  @Nullable StoredObject get(String id) {
    return objects.get(id);
  }

  boolean remove(String id) {
    StoredObject removed = objects.remove(id);
    if (removed != null) {
      bytes = Math.max(0, bytes - removed.weight());
    }
    return removed != null;
  }

  Collection<StoredObject> all() {
    return List.copyOf(objects.values());
  }

  Collection<String> ids() {
    return List.copyOf(objects.keySet());
  }
}
