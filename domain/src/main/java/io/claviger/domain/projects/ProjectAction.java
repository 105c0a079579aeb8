package io.claviger.domain.projects;

public enum ProjectAction {
  SEE,
  /** Call the service through the project. */
  USE,
  /** See and use the objects that members store at the provider through the project. */
  SEE_STORED,
  /** Change the project's description. */
  DESCRIBE,
  /** Choose the instance that the project uses. */
  BIND,
  SEE_MEMBERS,
  /** Add and remove members. */
  SHARE,
  /** End one's own membership. */
  LEAVE,
  DELETE
}
