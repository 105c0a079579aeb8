package io.claviger.domain.formats;

/**
 * Which caps in requests a provider is known to obey, where providers of one format differ. A cap
 * that is not obeyed bounds nothing, whatever a request states.
 *
 * @param outputField the member by which a chat in the openai format should state its most output
 * @param newerOutput whether {@code max_completion_tokens} is obeyed, besides {@code max_tokens}
 * @param toolCalls whether {@code max_tool_calls} is obeyed
 */
public record ObeyedCaps(String outputField, boolean newerOutput, boolean toolCalls) {
  public static final String OLDER_OUTPUT = "max_tokens";
  public static final String NEWER_OUTPUT = "max_completion_tokens";

  /** What any provider obeys. */
  public static final ObeyedCaps LEAST = new ObeyedCaps(OLDER_OUTPUT, false, false);
}
