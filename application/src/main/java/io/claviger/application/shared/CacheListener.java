package io.claviger.application.shared;

import java.util.Set;
import java.util.UUID;

/**
 * A cache that is notified when any node changes something. The methods of a listener must return
 * quickly.
 */
public interface CacheListener {
  /** Called when objects with these ids were changed, such as users, instances or projects. */
  void changed(Set<UUID> subjects);

  /** Called when it is unknown what was changed, so that anything might have been changed. */
  void everythingChanged();
}
