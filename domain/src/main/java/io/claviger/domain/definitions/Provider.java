package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who serves. The registry: adding a provider is one line here. */
public enum Provider {
  OPENAI("openai", "https://api.openai.com/v1"),
  AZURE("azure-openai", ""),
  ANTHROPIC("anthropic", "https://api.anthropic.com"),
  GOOGLE("gemini", "https://generativelanguage.googleapis.com"),
  COHERE("cohere", "https://api.cohere.com"),
  MISTRAL("openai", "https://api.mistral.ai/v1"),
  OLLAMA("none", "http://localhost:11434/v1"),
  BEDROCK("openai", ""),
  OPENROUTER("openai", "https://openrouter.ai/api/v1"),
  VERCEL("openai", "https://ai-gateway.vercel.sh/v1"),
  OPENAI_COMPAT("openai", "");

  private final Handle apiStandard;
  private final Optional<Endpoint> endpoint;

  Provider(String apiStandard, String endpoint) {
    this.apiStandard = new Handle(apiStandard);
    this.endpoint = endpoint.isEmpty() ? Optional.empty() : Optional.of(Endpoint.of(endpoint));
  }

  /** As it stands in JSON: {@code openai-compat}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Handle defaultStandard() {
    return apiStandard;
  }

  public Optional<Endpoint> defaultEndpoint() {
    return endpoint;
  }

  /** The provider of a name; {@code claude} is read as anthropic and {@code gemini} as google. */
  public static Provider of(String name) {
    String canonical =
        name.equals("claude") ? "anthropic" : name.equals("gemini") ? "google" : name;
    return Arrays.stream(values())
        .filter(p -> p.wireName().equals(canonical))
        .findFirst()
        .orElseThrow(
            () -> new InvalidValue("provider", "one of those that GET /v1/providers lists"));
  }

  /**
   * The provider meant where only an API standard was given: the one whose default endpoint is
   * given, else {@code openai-compat} for the openai format and the format's own provider for the
   * others.
   */
  public static Provider meantBy(WireFormat format, Optional<Endpoint> given) {
    return Arrays.stream(values())
        .filter(p -> p.endpoint.isPresent() && p.endpoint.equals(given))
        .findFirst()
        .orElseGet(
            () ->
                switch (format) {
                  case OPENAI -> OPENAI_COMPAT;
                  case COHERE -> COHERE;
                  case GEMINI -> GOOGLE;
                  case ANTHROPIC -> ANTHROPIC;
                });
  }
}
