package io.claviger.application.shared;

import java.util.Set;
import java.util.UUID;

/** A cache that is notified of changes on any node. Its methods return soon. */
public interface CacheListener {
  /** Called when these users, instances, projects or other objects with these ids were changed. */
  void changed(Set<UUID> subjects);

  /** Called when anything may have been changed. */
  void everythingChanged();
}
