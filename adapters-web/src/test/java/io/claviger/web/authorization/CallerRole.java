package io.claviger.web.authorization;

/** Who asks: what they are to alice's things. Columns of the table, in this order. */
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
