package io.claviger.application.gateway;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last grant for a cached entry. The next call is usually of the same kind and gets the same
 * grant, until a share that it depends on expires.
 */
final class RememberedGrant {
  private static final int LONGEST = 300;

  private record Remembered(String method, String path, CallGrant grant) {}

  private volatile @Nullable Remembered last;

  /**
   * @return null when another kind of call was granted last, or when the grant has expired
   */
  @Nullable CallGrant find(String method, String path, Instant now) {
    Remembered kept = last;
    return kept != null
            && kept.method().equals(method)
            && kept.path().equals(path)
            && kept.grant().access().holdsAt(now)
        ? kept.grant()
        : null;
  }

  /** Keeps a grant, unless its path is too long to be worth the memory. */
  void keep(String method, String path, CallGrant grant) {
    if (method.length() + path.length() <= LONGEST) {
      last = new Remembered(method, path, grant);
    }
  }
}
