package io.claviger.domain.usage;

import java.util.Set;

/** The operations that count the tokens of a text without using any. */
public final class TokenCounting {
  private static final Set<String> NAMES =
      Set.of(
          "count_tokens", "countTokens", "count-tokens", "input_tokens", "tokenize", "detokenize");

  /** Anthropic's, on Vertex AI: the name stands where that of a model would. */
  private static final String RAW = "/count-tokens:rawPredict";

  private TokenCounting() {}

  /**
   * Whether the answers of an operation state numbers of tokens that nobody has used.
   *
   * @param path the path of a call, below the service
   */
  public static boolean is(String path) {
    int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1;
    return NAMES.contains(path.substring(last)) || path.endsWith(RAW);
  }
}
