package io.claviger.domain.formats;

/**
 * How a provider differs from other providers that use the same format: which caps in requests it
 * obeys, and how it treats requests. A cap is a member that limits what a call can use. A cap that
 * the provider does not obey is treated as if the request did not contain it.
 *
 * @param outputField the member for the output maximum of a chat in the {@code openai} format, in
 *     tokens
 * @param newerOutput whether {@code max_completion_tokens} is obeyed, in addition to {@code
 *     max_tokens}
 * @param toolCalls whether {@code max_tool_calls} is obeyed
 * @param codeBySession whether all runs of code in one container are charged as one run
 * @param searchesFiles whether the provider might search the files of a conversation any number of
 *     times
 * @param statesToolUses whether answers state how often the provider's tools were used, as far as
 *     the format has members for these numbers
 * @param reasoning whether {@code max_tokens} also limits a model's reasoning
 * @param searchesByResults whether a web search with more results is charged as several searches
 * @param statesCost whether answers state the cost of the whole call, with all fees
 * @param readsPages whether the provider might read each page of a file and charge a fee for
 *     reading it, unless the request chooses another way to read files
 * @param noOutput whether an output maximum of 0 means that the model writes nothing. If {@code
 *     noOutput} is false, 0 might mean that there is no maximum
 * @param chargesFetches whether the provider charges for each page that a tool fetches, in a format
 *     whose inventor charges nothing for such pages
 */
public record ObeyedCaps(
    String outputField,
    boolean newerOutput,
    boolean toolCalls,
    boolean codeBySession,
    boolean searchesFiles,
    boolean statesToolUses,
    boolean reasoning,
    boolean searchesByResults,
    boolean statesCost,
    boolean readsPages,
    boolean noOutput,
    boolean chargesFetches) {
  public static final String OLDER_OUTPUT = "max_tokens";
  public static final String NEWER_OUTPUT = "max_completion_tokens";

  /** The caps of a provider about which nothing special is known. */
  public static final ObeyedCaps LEAST =
      new ObeyedCaps(
          OLDER_OUTPUT, false, false, false, false, true, true, false, false, false, false, false);

  /** Returns these caps for a provider whose models can reason beyond {@code max_tokens}. */
  public ObeyedCaps withoutReasoning() {
    return new ObeyedCaps(
        outputField,
        newerOutput,
        toolCalls,
        codeBySession,
        searchesFiles,
        statesToolUses,
        false,
        searchesByResults,
        statesCost,
        readsPages,
        noOutput,
        chargesFetches);
  }
}
