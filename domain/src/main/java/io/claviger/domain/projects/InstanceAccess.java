package io.claviger.domain.projects;

import java.util.Locale;

/** Whether a bound project can use its instance. */
public enum InstanceAccess {
  OK,
  /** The project's owner can't use the instance any more. */
  REVOKED,
  DISABLED;

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
