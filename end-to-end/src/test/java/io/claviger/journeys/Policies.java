package io.claviger.journeys;

import java.util.Map;

/** Which keys a service may use. */
final class Policies {
  static final Map<String, Boolean> CENTRAL = policy(true, false, false);
  static final Map<String, Boolean> USER = policy(false, true, false);
  static final Map<String, Boolean> BOTH = policy(true, true, false);
  static final Map<String, Boolean> FALLING_BACK = policy(true, true, true);

  private Policies() {}

  private static Map<String, Boolean> policy(boolean central, boolean user, boolean fallback) {
    return Map.of("central_key", central, "user_keys", user, "fallback_to_central", fallback);
  }
}
