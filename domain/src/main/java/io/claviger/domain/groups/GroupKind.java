package io.claviger.domain.groups;

import java.util.Locale;

/** Who decides about a group. */
public enum GroupKind {
  /** The group's managers and administrators decide about the group. */
  LOCAL,
  /** The identity provider decides about the group, so it can't be changed here. */
  SYNCED;

  /** The name in JSON and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
