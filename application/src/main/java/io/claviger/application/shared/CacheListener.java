package io.claviger.application.shared;

import java.util.Set;
import java.util.UUID;

/**
 * A cache that is notified when any node changes something. The methods of a listener must return
 * quickly.
 */
public interface CacheListener {
  /** Called when objects with the given ids, such as users, instances or projects, were changed. */
  void changed(Set<UUID> subjects);

  /** Called when anything might have been changed, because it is not known what was changed. */
  void everythingChanged();
}
