package io.claviger.gateway.model;

/** What a value in a request's body means for charges. */
enum UseMeaning {
  NOTHING,
  MODEL,
  /** The name of another model, or a list of such names. */
  OTHER_MODEL,
  OUTPUT,
  /** A value that would be a maximum of output tokens in a top-level member. */
  OUTPUT_ELSEWHERE,
  ANSWERS,
  PROMPT,
  /** A value that might make the provider read content from outside of the body. */
  REFERENCE,
  /** The value of an unlisted member, which might make the provider do anything. */
  UNLISTED,
  UNBOUNDED,
  /** The models that may answer in place of the called model. */
  CHOICES,
  /** The name of a model that may answer in place of the called model. */
  SUBSTITUTE,
  /** A service tier that applies only to a model that answers in place of the called model. */
  SUBSTITUTE_TIER,
  /**
   * A maximum of output tokens that applies only to a model that answers in place of the called
   * model.
   */
  SUBSTITUTE_OUTPUT,
  TOOL_TYPE,
  TOOL_USES,
  OTHER_TOOL,
  /** The list of tools inside a group of tools. */
  INNER_TOOLS,
  INNER_TOOL_TYPE,
  /** A rule by which the provider may edit a long conversation. */
  EDIT_TYPE,
  TOOL_CALLS,
  /** A quality that affects the price per use of a tool. */
  TOOL_QUALITY,
  /** The memory size of a tool's container. */
  TOOL_MEMORY,
  /** The id of a tool's container. */
  TOOL_CONTAINER,
  /** The memory size of the container that a tool in the messages uses. */
  MEMORY_ELSEWHERE,
  /** The service tier. */
  TIER,
  /** A text that the provider speaks. */
  SPOKEN,
  /** The speed of speech. */
  SPEED,
  /** The mode in which a model reasons. */
  REASONING_MODE,
  /** The quality or the size of images, which affects their price. */
  OF_IMAGES,
  BACKGROUND,
  STREAM
}
