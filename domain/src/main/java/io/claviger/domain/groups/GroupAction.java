package io.claviger.domain.groups;

import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.ScalarField;

/**
 * The actions that can be taken on a group. Everybody sees a group's handle, display name and size.
 */
public enum GroupAction {
  CREATE,
  SEE_MEMBERS,
  /** Change the group's display name. */
  DESCRIBE,
  /** Add and remove members, and change their roles. */
  KEEP_MEMBERS,
  /** End one's own membership. */
  LEAVE,
  /**
   * See the limits that apply to each member, and the limits that apply to all members together.
   */
  SEE_LIMITS,
  SET_LIMITS,
  DELETE;

  /**
   * Returns the action that somebody must be allowed to take in order to change a field. Whoever
   * changes which file applies the group needs the right to delete the group, because applying a
   * file can delete resources that have the file's name.
   */
  public static GroupAction toChange(ScalarField<?> field) {
    return field == CommonFields.APPLIED_BY ? DELETE : DESCRIBE;
  }
}
