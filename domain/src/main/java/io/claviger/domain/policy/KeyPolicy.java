package io.claviger.domain.policy;

import io.claviger.domain.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * Which keys a service may use. Any three booleans can be built, so that a merge can be judged as a
 * whole; {@link #faults} says whether they make sense together.
 *
 * @param centralKey the service's own key, or the deployment's
 * @param userKeys the caller's own key for the service
 * @param fallbackToCentral the central key for callers who have no own one
 */
public record KeyPolicy(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {
  public static final KeyPolicy DEFAULT = new KeyPolicy(true, false, false);

  /** At least one of the two kinds of key, and a fallback only where both are. */
  public List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    if (!centralKey && !userKeys) {
      faults.add(
          new Fault("/key_policy", "no_key_allowed", "Turn on central_key, user_keys or both."));
    }
    if (fallbackToCentral && !(centralKey && userKeys)) {
      faults.add(
          new Fault(
              "/key_policy/fallback_to_central",
              "fallback_without_both",
              "A fallback needs both central_key and user_keys on."));
    }
    return List.copyOf(faults);
  }
}
