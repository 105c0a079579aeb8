package io.claviger.domain.formats;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a provider differs from other providers that use the same format: which caps in requests it
 * obeys, and how it treats requests. A cap is a member that limits what a call can use. A cap that
 * the provider does not obey is treated as if the request did not contain it.
 *
 * @param outputField the member for the output maximum of a chat in the {@code openai} format, in
 *     tokens
 * @param facts everything else in which the provider differs from other providers
 */
public record ObeyedCaps(String outputField, Set<Fact> facts) {
  public static final String OLDER_OUTPUT = "max_tokens";
  public static final String NEWER_OUTPUT = "max_completion_tokens";

  /** The caps of a provider about which nothing special is known. */
  public static final ObeyedCaps LEAST = new ObeyedCaps(OLDER_OUTPUT, Set.of());

  /** A property in which a provider differs from other providers. */
  public enum Fact {
    /** {@code max_completion_tokens} is obeyed in chats, in addition to {@code max_tokens}. */
    TAKES_BOTH_OUTPUTS,
    /**
     * With an output maximum of 0, the model writes nothing and only fills the cache
     * (platform.claude.com/docs/en/build-with-claude/prompt-caching). At other providers, 0 might
     * mean that there is no maximum.
     */
    TAKES_NO_OUTPUT,
    /** Models can reason beyond {@code max_tokens}. */
    REASONS_BEYOND,
    /** {@code max_tool_calls} is obeyed in requests of the operation {@code responses}. */
    CAPS_TOOL_CALLS,
    /** A container for code is charged once, even if it runs code several times. */
    CODE_BY_SESSION,
    /** The model can search a file in a conversation even if the request has no tool. */
    SEARCHES_FILES,
    /** A web search is charged by the number of results that the request allows. */
    SEARCHES_BY_RESULTS,
    /**
     * Answers state the cost of the whole call, with all fees
     * (openrouter.ai/docs/use-cases/usage-accounting, docs.x.ai/developers/cost-tracking).
     */
    STATES_COST,
    /**
     * If the model can't read a file itself, the provider reads the file's pages and charges a fee
     * for reading them, unless the request chooses another way
     * (openrouter.ai/docs/features/multimodal/pdfs).
     */
    READS_PAGES,
    /**
     * A page that a tool fetches for the model costs a fee, even in calls in the format {@code
     * anthropic} (api-docs.deepseek.com/quick_start/pricing).
     */
    CHARGES_FETCHES,
    /**
     * A recording of less than ten seconds is charged as if it had ten seconds
     * (console.groq.com/docs/speech-to-text).
     */
    CHARGES_TEN_SECONDS,
    /**
     * The texts and images that a tool reads to make an image are charged in addition to the image.
     */
    CHARGES_READING_FOR_IMAGES,
    /** Answers do not state how often the provider's tools were used. */
    STATES_NO_TOOL_USES
  }

  public ObeyedCaps {
    facts = Set.copyOf(facts);
  }

  public boolean have(Fact fact) {
    return facts.contains(fact);
  }

  /** Whether {@code max_completion_tokens} limits the output of a chat. */
  public boolean takeNewerOutput() {
    return outputField.equals(NEWER_OUTPUT) || have(Fact.TAKES_BOTH_OUTPUTS);
  }

  /** Returns these caps with the added fact that models can reason beyond {@code max_tokens}. */
  public ObeyedCaps withReasoningBeyond() {
    Set<Fact> all = EnumSet.of(Fact.REASONS_BEYOND);
    all.addAll(facts);
    return new ObeyedCaps(outputField, all);
  }
}
