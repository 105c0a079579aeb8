package io.claviger.domain.policy;

import io.claviger.domain.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * The setting that decides which keys a service may use. The constructor accepts any combination,
 * so that a policy can be checked after a write was merged into it. {@link #faults} reports invalid
 * combinations.
 *
 * @param centralKey whether the service's own key or the deployment key may be used
 * @param userKeys whether the caller's own key for the service may be used
 * @param fallbackToCentral whether callers without a key of their own may use the central key
 */
public record KeyPolicy(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {
  public static final KeyPolicy DEFAULT = new KeyPolicy(true, false, false);

  /**
   * Checks that at least one kind of key is allowed, and that the fallback is on only if both kinds
   * are allowed.
   */
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
              "A fallback needs both central_key and user_keys to be true."));
    }
    return List.copyOf(faults);
  }
}
