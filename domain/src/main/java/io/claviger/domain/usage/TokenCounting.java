package io.claviger.domain.usage;

import java.util.Set;

/** Operations that count the tokens of a text. Counting uses no tokens. */
public final class TokenCounting {
  private static final Set<String> NAMES =
      Set.of(
          "count_tokens", "countTokens", "count-tokens", "input_tokens", "tokenize", "detokenize");

  /**
   * The name of Anthropic's operation on Vertex AI. In the path, this name stands where other
   * operations' paths contain the name of a model.
   */
  private static final String RAW = "/count-tokens:rawPredict";

  private TokenCounting() {}

  /**
   * Whether an operation only counts tokens. The numbers in the answer of such an operation do not
   * count as usage.
   *
   * @param path the path of a call, without the part that names the service
   */
  public static boolean is(String path) {
    int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1;
    return NAMES.contains(path.substring(last)) || path.endsWith(RAW);
  }
}
