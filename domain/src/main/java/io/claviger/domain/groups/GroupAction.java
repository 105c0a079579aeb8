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
  /** See what its members may call and use up, each and together. */
  SEE_LIMITS,
  SET_LIMITS,
  DELETE;

  /**
   * What somebody must be allowed to do to change a field. A file may delete what bears its name,
   * so setting that name takes the right to delete.
   */
  public static GroupAction toChange(ScalarField<?> field) {
    return field == CommonFields.APPLIED_BY ? DELETE : DESCRIBE;
  }
}
