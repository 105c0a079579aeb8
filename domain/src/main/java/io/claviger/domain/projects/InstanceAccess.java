package io.claviger.domain.projects;

import java.util.Locale;

/** How a bound project stands towards its instance. */
public enum InstanceAccess {
  OK,
  /** The project's owner can't use it any more. */
  REVOKED,
  DISABLED;

  /** As it stands in JSON. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static InstanceAccess of(boolean ownerMayUse, boolean enabled) {
    if (!ownerMayUse) {
      return REVOKED;
    }
    return enabled ? OK : DISABLED;
  }
}
