package io.claviger.bootstrap.prices;

import io.claviger.domain.definitions.Provider;
import java.util.Map;
import java.util.Optional;

/**
 * Which provider of Claviger a provider of LiteLLM is, and which names its models have there.
 * LiteLLM puts its own name of the provider before most model names. Callers never send that
 * prefix.
 */
enum LiteLlmProvider {
  OPENAI(Provider.OPENAI, "openai/"),
  AZURE(Provider.AZURE, "azure/"),
  ANTHROPIC(Provider.ANTHROPIC, "anthropic/"),
  GEMINI(Provider.GOOGLE, "gemini/"),
  COHERE(Provider.COHERE, "cohere/"),
  MISTRAL(Provider.MISTRAL, "mistral/"),
  OLLAMA(Provider.OLLAMA, "ollama/"),
  BEDROCK(Provider.BEDROCK, "bedrock/"),
  OPENROUTER(Provider.OPENROUTER, "openrouter/"),
  VERCEL(Provider.VERCEL, "vercel_ai_gateway/");

  private static final Map<String, LiteLlmProvider> BY_NAME =
      Map.ofEntries(
          Map.entry("openai", OPENAI),
          Map.entry("text-completion-openai", OPENAI),
          Map.entry("azure", AZURE),
          Map.entry("azure_text", AZURE),
          Map.entry("anthropic", ANTHROPIC),
          Map.entry("gemini", GEMINI),
          Map.entry("cohere", COHERE),
          Map.entry("cohere_chat", COHERE),
          Map.entry("mistral", MISTRAL),
          Map.entry("ollama", OLLAMA),
          Map.entry("ollama_chat", OLLAMA),
          Map.entry("bedrock", BEDROCK),
          Map.entry("bedrock_converse", BEDROCK),
          Map.entry("openrouter", OPENROUTER),
          Map.entry("vercel_ai_gateway", VERCEL));

  private final Provider provider;
  private final String prefix;

  LiteLlmProvider(Provider provider, String prefix) {
    this.provider = provider;
    this.prefix = prefix;
  }

  static Optional<LiteLlmProvider> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  Provider provider() {
    return provider;
  }

  /** The name of a model as callers send it. */
  String called(String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
