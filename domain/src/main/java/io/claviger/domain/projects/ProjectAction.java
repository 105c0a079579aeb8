package io.claviger.domain.projects;

/** What can be done with a project, as far as permission tells it apart. */
public enum ProjectAction {
  SEE,
  /** Call through it. */
  USE,
  /** Change its description. */
  DESCRIBE,
  /** Say which instance it uses. */
  BIND,
  SEE_MEMBERS,
  /** Give and end membership. */
  SHARE,
  /** End one's own membership. */
  LEAVE,
  DELETE
}
