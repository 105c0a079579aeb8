package io.claviger.gateway.model;

/** What a value in a request's body says about what the request may use. */
enum UseMeaning {
  NOTHING,
  MODEL,
  /** Another model, or a list of them. */
  OTHER_MODEL,
  OUTPUT,
  /** It would state the most output in the outermost object. */
  OUTPUT_ELSEWHERE,
  ANSWERS,
  PROMPT,
  /** It is not known to be all that the provider reads. */
  REFERENCE,
  /** Nobody knows what the provider does with it. */
  UNLISTED,
  UNBOUNDED,
  CHOICES,
  TOOL_TYPE,
  TOOL_USES,
  OTHER_TOOL,
  /** The tools inside a group of tools. */
  INNER_TOOLS,
  INNER_TOOL_TYPE,
  /** What the provider does with a conversation that has grown long. */
  EDIT_TYPE,
  TOOL_CALLS,
  BACKGROUND,
  STREAM
}
