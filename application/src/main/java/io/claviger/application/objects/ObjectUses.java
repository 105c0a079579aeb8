package io.claviger.application.objects;

import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.objects.port.StoredObjectStore.UsedObject;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectName;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Collects which objects were used since the last flush. A flush writes each object once, no matter
 * how often it was used. Safe for use by several threads.
 */
public final class ObjectUses {
  /**
   * The maximum number of objects whose use waits to be written. While this many objects wait, uses
   * of further objects are not recorded.
   */
  static final int MOST = 20_000;

  private static final int TOGETHER = 1_000;

  private final StoredObjectStore store;
  private final Set<UsedObject> waiting = ConcurrentHashMap.newKeySet();

  public ObjectUses(StoredObjectStore store) {
    this.store = store;
  }

  /** Records that an object was used. Never blocks. */
  void note(Instance.Id service, ObjectName name) {
    if (waiting.size() < MOST) {
      boolean unused = waiting.add(new UsedObject(service, name));
    }
  }

  /**
   * Writes to the database the uses that were collected so far.
   *
   * @throws io.claviger.application.shared.StoreUnavailable if the database can't be reached; the
   *     next call writes the remaining uses
   */
  public void flush() {
    Iterator<UsedObject> all = List.copyOf(waiting).iterator();
    while (all.hasNext()) {
      Set<UsedObject> some = new HashSet<>();
      while (all.hasNext() && some.size() < TOGETHER) {
        some.add(all.next());
      }
      store.used(Collections.unmodifiableSet(some));
      boolean unused = waiting.removeAll(some);
    }
  }
}
