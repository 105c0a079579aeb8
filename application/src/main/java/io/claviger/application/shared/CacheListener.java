package io.claviger.application.shared;

import java.util.Set;
import java.util.UUID;

/** A cache that is notified of changes on any node. The methods of a listener return quickly. */
public interface CacheListener {
  /** Called when these users, instances, projects or other objects with these ids were changed. */
  void changed(Set<UUID> subjects);

  /**
   * Called when it is unknown which things have been changed, so that everything may have been
   * changed.
   */
  void everythingChanged();
}
