package io.claviger.gateway.model;

/** The meaning of a value in a request's body for the use of the request. */
enum UseMeaning {
  NOTHING,
  MODEL,
  /** Another model, or a list of models. */
  OTHER_MODEL,
  OUTPUT,
  /** A value that would be a maximum of output tokens if it were in the outermost object. */
  OUTPUT_ELSEWHERE,
  ANSWERS,
  PROMPT,
  /** A value that may make the provider read more than the body. */
  REFERENCE,
  /** A member that is not listed. Such a member may let the provider do anything. */
  UNLISTED,
  UNBOUNDED,
  CHOICES,
  TOOL_TYPE,
  TOOL_USES,
  OTHER_TOOL,
  /** The tools inside a group of tools. */
  INNER_TOOLS,
  INNER_TOOL_TYPE,
  /** How the provider may edit a conversation that has grown long. */
  EDIT_TYPE,
  TOOL_CALLS,
  /** A quality on which the price of a use of a tool depends. */
  TOOL_QUALITY,
  /** The memory size of a container in which a tool runs. */
  TOOL_MEMORY,
  /** The service tier. */
  TIER,
  /** Text that is spoken. */
  SPOKEN,
  /** How fast the text is spoken. */
  SPEED,
  /** A quality that affects the price of an image. */
  IMAGE_QUALITY,
  IMAGE_SIZE,
  BACKGROUND,
  STREAM
}
