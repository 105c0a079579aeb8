package io.claviger.application.gateway;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was granted last on facts that are remembered. The next call is mostly of the same kind, and
 * is granted the same until a share that it rests on expires.
 */
final class RememberedGrant {
  private static final int LONGEST = 300;

  private record Remembered(String method, String path, CallGrant grant) {}

  private volatile @Nullable Remembered last;

  /**
   * @return null when another kind of call was granted last, or what was granted has expired
   */
  @Nullable CallGrant find(String method, String path, Instant now) {
    Remembered kept = last;
    return kept != null
            && kept.method().equals(method)
            && kept.path().equals(path)
            && kept.grant().way().holdsAt(now)
        ? kept.grant()
        : null;
  }

  /** A long path is not worth the memory. */
  void keep(String method, String path, CallGrant grant) {
    if (method.length() + path.length() <= LONGEST) {
      last = new Remembered(method, path, grant);
    }
  }
}
