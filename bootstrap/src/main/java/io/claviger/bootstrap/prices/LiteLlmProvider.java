package io.claviger.bootstrap.prices;

import io.claviger.domain.definitions.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A provider of LiteLLM, its counterpart in Claviger, and the names of its models in LiteLLM.
 * LiteLLM puts its own name of the provider before most model names. Callers never send that
 * prefix.
 *
 * @param prefix LiteLLM's name of the provider, and a slash
 */
record LiteLlmProvider(Provider provider, String prefix) {
  /** Providers that have other names in LiteLLM than in Claviger. */
  private static final Map<String, Provider> OTHERWISE =
      Map.of(
          "gemini", Provider.GOOGLE,
          "together_ai", Provider.TOGETHER,
          "vercel_ai_gateway", Provider.VERCEL,
          "vertex_ai", Provider.VERTEX,
          "hosted_vllm", Provider.VLLM);

  /** Other names that LiteLLM has for APIs of the same provider. */
  private static final Map<String, String> SAME =
      Map.of(
          "text-completion-openai", "openai",
          "azure_text", "azure",
          "cohere_chat", "cohere",
          "ollama_chat", "ollama",
          "bedrock_converse", "bedrock");

  /**
   * The beginning of LiteLLM's names for Vertex AI. LiteLLM has one name for each publisher of
   * models.
   */
  private static final String OF_PUBLISHER = "vertex_ai-";

  private static final Map<String, Provider> BY_NAME =
      Provider.known().stream()
          .filter(provider -> !OTHERWISE.containsValue(provider))
          .collect(Collectors.toUnmodifiableMap(Provider::wireName, Function.identity()));

  /**
   * @param defined providers that administrators defined, by the names that they stated for price
   *     lists
   */
  static Optional<LiteLlmProvider> of(String name, Map<String, Provider> defined) {
    String main = name.startsWith(OF_PUBLISHER) ? "vertex_ai" : SAME.getOrDefault(name, name);
    Provider known = OTHERWISE.getOrDefault(main, BY_NAME.get(main));
    return Optional.ofNullable(defined.getOrDefault(main, known))
        .map(provider -> new LiteLlmProvider(provider, main + "/"));
  }

  /** Returns the name of a model as callers send it. */
  String called(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
