package io.claviger.domain.groups;

import io.claviger.domain.WireNamed;

/** The kind of a group, which says who decides about the group's members and name. */
public enum GroupKind implements WireNamed {
  /** The group's managers and the administrators decide about the group. */
  LOCAL,
  /** The identity provider decides about the group. The group can't be changed in Claviger. */
  SYNCED
}
