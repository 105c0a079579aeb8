package io.claviger.imports.litellm.rules;

import io.claviger.domain.definitions.Provider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A provider in LiteLLM's list of prices, its counterpart in Claviger, and LiteLLM's naming of its
 * models. LiteLLM puts its name for the provider before most models' names. Callers never send this
 * prefix.
 *
 * @param prefix LiteLLM's name for the provider, followed by a slash
 */
public record LiteLlmProvider(Provider provider, String prefix) {
  /**
   * LiteLLM's names for providers that it names differently from Claviger, or that it lists several
   * times, once per API. The first of a provider's names is in the prefix.
   */
  private static final Map<Provider, List<String>> NAMES =
      Map.of(
          Provider.OPENAI, List.of("openai", "text-completion-openai"),
          Provider.AZURE, List.of("azure", "azure_text"),
          Provider.GOOGLE, List.of("gemini"),
          Provider.COHERE, List.of("cohere", "cohere_chat"),
          Provider.OLLAMA, List.of("ollama", "ollama_chat"),
          Provider.BEDROCK, List.of("bedrock", "bedrock_converse"),
          Provider.VERTEX, List.of("vertex_ai"),
          Provider.VERCEL, List.of("vercel_ai_gateway"),
          Provider.TOGETHER, List.of("together_ai"),
          Provider.VLLM, List.of("hosted_vllm"));

  /**
   * The prefix of LiteLLM's names for Vertex AI. There is a separate name for each publisher of
   * models.
   */
  private static final String OF_PUBLISHER = "vertex_ai-";

  private static final Map<String, Provider> BY_NAME = byName();

  private static Map<String, Provider> byName() {
    Map<String, Provider> all = new HashMap<>();
    for (Provider provider : Provider.known()) {
      for (String name : names(provider)) {
        all.put(name, provider);
      }
    }
    return Map.copyOf(all);
  }

  private static List<String> names(Provider provider) {
    return NAMES.getOrDefault(provider, List.of(provider.wireName()));
  }

  /** Returns the built-in provider to which LiteLLM gives the name. */
  static Optional<Provider> builtIn(String name) {
    return Optional.ofNullable(name.startsWith(OF_PUBLISHER) ? Provider.VERTEX : BY_NAME.get(name));
  }

  /**
   * Returns the providers to which LiteLLM's name for a provider refers: the built-in provider to
   * which LiteLLM gives this name, and all providers that administrators defined with this name in
   * price lists.
   *
   * @param defined the providers that administrators defined, keyed by their names in price lists
   */
  public static List<LiteLlmProvider> of(String name, Map<String, List<Provider>> defined) {
    Optional<Provider> builtIn = builtIn(name);
    String main = builtIn.map(provider -> names(provider).getFirst()).orElse(name);
    return Stream.of(
            builtIn.stream(),
            defined.getOrDefault(main, List.of()).stream(),
            defined.getOrDefault(name, List.of()).stream())
        .flatMap(each -> each)
        .distinct()
        .map(provider -> new LiteLlmProvider(provider, main + "/"))
        .toList();
  }

  /** Returns a model's name in the form in which callers send it: without LiteLLM's prefix. */
  public String called(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
