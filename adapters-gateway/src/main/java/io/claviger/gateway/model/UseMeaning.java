package io.claviger.gateway.model;

/**
 * What a value in the body of a request says about the things for which the provider may charge.
 */
enum UseMeaning {
  NOTHING,
  MODEL,
  /** The name of another model, or a list of such names. */
  OTHER_MODEL,
  OUTPUT,
  /**
   * A value that would be a maximum of output tokens if it were in a member of the outermost
   * object.
   */
  OUTPUT_ELSEWHERE,
  ANSWERS,
  PROMPT,
  /** A value that may make the provider read more than the body contains. */
  REFERENCE,
  /**
   * The value of a member that is not listed. A member that is not listed may cause the provider to
   * do anything.
   */
  UNLISTED,
  UNBOUNDED,
  CHOICES,
  TOOL_TYPE,
  TOOL_USES,
  OTHER_TOOL,
  /** The value lists the tools inside a group of tools. */
  INNER_TOOLS,
  INNER_TOOL_TYPE,
  /** The rules by which the provider may edit a conversation that has grown long. */
  EDIT_TYPE,
  TOOL_CALLS,
  /** A quality on which the price for each use of a tool depends. */
  TOOL_QUALITY,
  /** The size of the memory of a container in which a tool runs. */
  TOOL_MEMORY,
  /** The service tier. */
  TIER,
  /** The value is text that the provider speaks. */
  SPOKEN,
  /** The speed at which the text is spoken. */
  SPEED,
  /** A quality on which the price of an image depends. */
  IMAGE_QUALITY,
  IMAGE_SIZE,
  BACKGROUND,
  STREAM
}
