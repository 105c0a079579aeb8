package io.claviger.web.authorization;

/** The role of a caller towards Alice's resources. The table has these columns, in this order. */
enum CallerRole {
  /** No access token. */
  ANYONE,
  /** A user whom nothing was shared with. */
  STRANGER,
  /** Reader of the service and of the project, sees the definition. */
  READER,
  /** Writer of the service and of the project, sees the definition. */
  WRITER,
  /** Owner by share of the service, sees the definition, no member of the project. */
  CO_OWNER,
  /** The owning user, alice. */
  OWNER,
  /** An administrator whom nothing was shared with. */
  ADMIN,
  /** The owning user's access token of scope use. */
  USE_TOKEN
}
