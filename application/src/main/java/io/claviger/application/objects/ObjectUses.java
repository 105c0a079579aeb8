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
 * Collects the objects that were used since the last flush. Each object is written once, however
 * often it was used. Safe for use by several threads.
 */
public final class ObjectUses {
  /**
   * The greatest number of objects that wait to be written. Uses of further objects are not
   * recorded.
   */
  static final int MOST = 20_000;

  private static final int TOGETHER = 1_000;

  private final StoredObjectStore store;
  private final Set<UsedObject> waiting = ConcurrentHashMap.newKeySet();

  public ObjectUses(StoredObjectStore store) {
    this.store = store;
  }

  /** Records a use. Never blocks. */
  void note(Instance.Id service, ObjectName name) {
    if (waiting.size() < MOST) {
      boolean unused = waiting.add(new UsedObject(service, name));
    }
  }

  /**
   * Writes the uses that were collected so far.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached;
   *     uses that are not written wait for the next call
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
