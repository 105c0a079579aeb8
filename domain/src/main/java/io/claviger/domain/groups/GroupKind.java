package io.claviger.domain.groups;

import java.util.Locale;

/** Who decides about a group. */
public enum GroupKind {
  /** Its managers and administrators decide about it. */
  LOCAL,
  /** The identity provider decides about it, so that nothing of it is changed here. */
  SYNCED;

  /** The name in JSON and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
