package io.claviger.domain.formats;

/**
 * Which caps in requests a provider is known to obey, and what it is known to do with requests,
 * where providers of one format differ. A cap that is not obeyed bounds nothing, whatever a request
 * states.
 *
 * @param outputField the member by which a chat in the openai format should state its most output
 * @param newerOutput whether {@code max_completion_tokens} is obeyed, besides {@code max_tokens}
 * @param toolCalls whether {@code max_tool_calls} is obeyed
 * @param codeBySession whether all runs of code in one container are charged once, and not each
 * @param searchesFiles whether it searches the files in a conversation as often as it likes
 */
public record ObeyedCaps(
    String outputField,
    boolean newerOutput,
    boolean toolCalls,
    boolean codeBySession,
    boolean searchesFiles) {
  public static final String OLDER_OUTPUT = "max_tokens";
  public static final String NEWER_OUTPUT = "max_completion_tokens";

  /** What any provider obeys. */
  public static final ObeyedCaps LEAST = new ObeyedCaps(OLDER_OUTPUT, false, false, false, false);
}
