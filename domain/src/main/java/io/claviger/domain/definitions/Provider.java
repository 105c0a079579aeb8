package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The registry of providers. A new provider needs one line here. */
public enum Provider {
  OPENAI("openai", KeyPlacement.BEARER, "https://api.openai.com/v1", StreamUsage.ASKED),
  AZURE("azure-openai", KeyPlacement.header("api-key"), "", StreamUsage.ASKED_IF_COUNTED),
  ANTHROPIC("anthropic", KeyPlacement.header("x-api-key"), "https://api.anthropic.com"),
  GOOGLE(
      "gemini", KeyPlacement.header("x-goog-api-key"), "https://generativelanguage.googleapis.com"),
  COHERE("cohere", KeyPlacement.BEARER, "https://api.cohere.com"),
  MISTRAL("openai", KeyPlacement.BEARER, "https://api.mistral.ai/v1"),
  OLLAMA("none", KeyPlacement.NONE, "http://localhost:11434/v1", StreamUsage.ASKED),
  BEDROCK("openai", KeyPlacement.BEARER, "", StreamUsage.ASKED_IF_COUNTED),
  OPENROUTER(
      "openai", KeyPlacement.BEARER, "https://openrouter.ai/api/v1", StreamUsage.ASKED_IF_COUNTED),
  VERCEL("openai", KeyPlacement.BEARER, "https://ai-gateway.vercel.sh/v1"),
  OPENAI_COMPAT("openai", KeyPlacement.BEARER, "");

  /** Whether streams are asked for their usage. */
  private enum StreamUsage {
    /** They state it unasked, or it is not known whether the provider takes the field. */
    UNASKED,
    /** The provider takes the field, though perhaps not in each version of its API. */
    ASKED_IF_COUNTED,
    ASKED
  }

  private static final Map<String, Provider> BY_NAME = byName();

  private final String wireName;
  private final Handle apiStandard;
  private final KeyPlacement placement;
  private final Optional<Endpoint> endpoint;
  private final StreamUsage streamUsage;

  Provider(String apiStandard, KeyPlacement placement, String endpoint) {
    this(apiStandard, placement, endpoint, StreamUsage.UNASKED);
  }

  Provider(String apiStandard, KeyPlacement placement, String endpoint, StreamUsage streamUsage) {
    this.streamUsage = streamUsage;
    this.wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.apiStandard = new Handle(apiStandard);
    this.placement = placement;
    this.endpoint = endpoint.isEmpty() ? Optional.empty() : Optional.of(Endpoint.of(endpoint));
  }

  /** The name in JSON, such as {@code openai-compat}. */
  public String wireName() {
    return wireName;
  }

  public Handle defaultStandard() {
    return apiStandard;
  }

  public Optional<Endpoint> defaultEndpoint() {
    return endpoint;
  }

  /** The format that the provider's default API standard speaks. */
  public WireFormat defaultFormat() {
    return switch (this) {
      case ANTHROPIC -> WireFormat.ANTHROPIC;
      case GOOGLE -> WireFormat.GEMINI;
      case COHERE -> WireFormat.COHERE;
      case OPENAI, AZURE, MISTRAL, OLLAMA, BEDROCK, OPENROUTER, VERCEL, OPENAI_COMPAT ->
          WireFormat.OPENAI;
    };
  }

  /**
   * Whether streams of {@code chat/completions} and {@code completions} are asked for their usage,
   * which they state if, and only if, {@code stream_options} asks for it. False also where that is
   * not known, because a provider may refuse a field that it does not know.
   *
   * @param isCounted whether a budget counts the usage
   */
  public boolean streamUsage(boolean isCounted) {
    return streamUsage == StreamUsage.ASKED
        || (isCounted && streamUsage == StreamUsage.ASKED_IF_COUNTED);
  }

  /** How a key is sent to the provider unless an API standard says otherwise. */
  public KeyPlacement defaultPlacement() {
    return placement;
  }

  /** Finds a provider by name. {@code claude} is read as anthropic and {@code gemini} as google. */
  public static Provider of(String name) {
    Provider known = BY_NAME.get(name);
    if (known == null) {
      throw new InvalidValue("provider", "one of those that GET /v1/providers lists");
    }
    return known;
  }

  /** A map instead of a search, because every row that is read needs a lookup. */
  private static Map<String, Provider> byName() {
    Map<String, Provider> names = new HashMap<>();
    for (Provider provider : values()) {
      names.put(provider.wireName, provider);
    }
    names.put("claude", ANTHROPIC);
    names.put("gemini", GOOGLE);
    return Map.copyOf(names);
  }

  /**
   * The provider that is meant when only an API standard is given. If the given endpoint is a
   * provider's default, that provider is meant. Otherwise it is {@code openai-compat} for the
   * openai format and the format's own provider for the others.
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
                  case OLLAMA -> OLLAMA;
                });
  }
}
