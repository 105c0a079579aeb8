package io.claviger.bootstrap.prices;

import io.claviger.domain.definitions.Provider;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A provider in LiteLLM's list, its counterpart in Claviger, and LiteLLM's naming of its models.
 * LiteLLM puts its name for the provider before most models' names. Callers never send this prefix.
 *
 * @param prefix LiteLLM's name for the provider, followed by a slash
 */
record LiteLlmProvider(Provider provider, String prefix) {
  /** The providers for which LiteLLM and Claviger use different names. */
  private static final Map<String, Provider> OTHERWISE =
      Map.of(
          "gemini", Provider.GOOGLE,
          "together_ai", Provider.TOGETHER,
          "vercel_ai_gateway", Provider.VERCEL,
          "vertex_ai", Provider.VERTEX,
          "hosted_vllm", Provider.VLLM);

  /** LiteLLM's additional names for providers that LiteLLM lists several times, once per API. */
  private static final Map<String, String> SAME =
      Map.of(
          "text-completion-openai", "openai",
          "azure_text", "azure",
          "cohere_chat", "cohere",
          "ollama_chat", "ollama",
          "bedrock_converse", "bedrock");

  /**
   * The prefix of LiteLLM's names for Vertex AI. There is a separate name for each publisher of
   * models.
   */
  private static final String OF_PUBLISHER = "vertex_ai-";

  private static final Map<String, Provider> BY_NAME =
      Provider.known().stream()
          .filter(provider -> !OTHERWISE.containsValue(provider))
          .collect(Collectors.toUnmodifiableMap(Provider::wireName, Function.identity()));

  /**
   * Returns the providers to which LiteLLM's name for a provider refers: the built-in provider to
   * which LiteLLM gives this name, and all providers that administrators defined with this name in
   * price lists.
   *
   * @param defined the providers that administrators defined, keyed by their names in price lists
   */
  static List<LiteLlmProvider> of(String name, Map<String, List<Provider>> defined) {
    String main = name.startsWith(OF_PUBLISHER) ? "vertex_ai" : SAME.getOrDefault(name, name);
    Provider known = OTHERWISE.getOrDefault(main, BY_NAME.get(main));
    return Stream.of(
            Stream.ofNullable(known),
            defined.getOrDefault(main, List.of()).stream(),
            defined.getOrDefault(name, List.of()).stream())
        .flatMap(each -> each)
        .distinct()
        .map(provider -> new LiteLlmProvider(provider, main + "/"))
        .toList();
  }

  /** Returns a model's name in the form in which callers send it: without LiteLLM's prefix. */
  String called(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
