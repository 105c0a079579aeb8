package io.claviger.domain.projects;

import io.claviger.domain.WireNamed;

/** Whether a bound project can use its instance. */
public enum InstanceAccess implements WireNamed {
  OK,
  /** The project's owner can no longer use the instance. */
  REVOKED,
  DISABLED;

  public static InstanceAccess of(boolean ownerMayUse, boolean enabled) {
    if (!ownerMayUse) {
      return REVOKED;
    }
    return enabled ? OK : DISABLED;
  }
}
