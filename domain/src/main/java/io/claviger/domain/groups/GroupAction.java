package io.claviger.domain.groups;

/** What can be done with a group. Everybody sees its handle, display name and size. */
public enum GroupAction {
  CREATE,
  SEE_MEMBERS,
  /** Change its display name. */
  DESCRIBE,
  /** Add and remove members, and change their roles. */
  KEEP_MEMBERS,
  /** End one's own membership. */
  LEAVE,
  /** See what its members may call and use up, each and together. */
  SEE_LIMITS,
  SET_LIMITS,
  DELETE
}
