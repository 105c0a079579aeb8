package io.claviger.domain.groups;

import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.ScalarField;

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
  /** See what each member, and all members together, may call and use up. */
  SEE_LIMITS,
  SET_LIMITS,
  DELETE;

  /**
   * The action that somebody must be allowed to take to change a field. A file may delete what has
   * its name, so setting that name needs the right to delete.
   */
  public static GroupAction toChange(ScalarField<?> field) {
    return field == CommonFields.APPLIED_BY ? DELETE : DESCRIBE;
  }
}
