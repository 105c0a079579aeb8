package io.claviger.gateway.model;

/** What a value in a request's body says about what the request may use. */
enum UseMeaning {
  NOTHING,
  MODEL,
  OUTPUT,
  /** A reader that ignores case may take it for the most output. */
  ALMOST_OUTPUT,
  ANSWERS,
  PROMPT,
  REFERENCE,
  /** An object that says where media are. */
  SOURCE,
  UNBOUNDED,
  CHOICES,
  TYPE,
  TOOL_TYPE,
  TOOL_USES,
  OTHER_TOOL,
  TOOL_CALLS,
  BACKGROUND,
  STREAM,
  ENCRYPTED
}
