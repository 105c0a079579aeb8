package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A provider of services. Those that many use are known; administrators define others. */
public final class Provider {
  public static final Provider OPENAI =
      new Provider(
          "openai",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://api.openai.com/v1",
          LimitHeaders.OPENAI,
          Trait.IDS_HAVE_FORM,
          Trait.STREAMS_ASKED,
          Trait.NEWER_OUTPUT_FIELD,
          Trait.TAKES_STORE_IN_CHATS,
          Trait.TAKES_STORE_IN_RESPONSES,
          Trait.TAKES_CACHE_KEY,
          Trait.TAKES_SAFETY_IDENTIFIER,
          Trait.HALVES_BATCHES);
  public static final Provider AZURE =
      new Provider(
          "azure",
          WireFormat.OPENAI,
          "azure-openai",
          KeyPlacement.header("api-key"),
          "",
          LimitHeaders.AZURE,
          Trait.IDS_HAVE_FORM,
          Trait.STREAMS_ASKED_IF_COUNTED,
          Trait.NEWER_OUTPUT_FIELD,
          Trait.TAKES_STORE_IN_RESPONSES,
          Trait.DEPLOYMENTS,
          Trait.HALVES_BATCHES);
  public static final Provider ANTHROPIC =
      new Provider(
          "anthropic",
          WireFormat.ANTHROPIC,
          "anthropic",
          KeyPlacement.header("x-api-key"),
          "https://api.anthropic.com",
          LimitHeaders.ANTHROPIC,
          Trait.IDS_HAVE_FORM,
          Trait.TAKES_USER_ID,
          Trait.HALVES_BATCHES);
  public static final Provider GOOGLE =
      new Provider(
          "google",
          WireFormat.GEMINI,
          "gemini",
          KeyPlacement.header("x-goog-api-key"),
          "https://generativelanguage.googleapis.com",
          LimitHeaders.NONE,
          Trait.IDS_HAVE_FORM,
          Trait.HALVES_BATCHES);
  public static final Provider COHERE =
      new Provider(
          "cohere",
          WireFormat.COHERE,
          "cohere",
          KeyPlacement.BEARER,
          "https://api.cohere.com",
          LimitHeaders.NONE);
  public static final Provider MISTRAL =
      new Provider(
          "mistral",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://api.mistral.ai/v1",
          LimitHeaders.MISTRAL,
          Trait.HALVES_BATCHES);
  public static final Provider OLLAMA =
      new Provider(
          "ollama",
          WireFormat.OPENAI,
          "none",
          KeyPlacement.NONE,
          "http://localhost:11434/v1",
          LimitHeaders.NONE,
          Trait.STREAMS_ASKED);
  public static final Provider BEDROCK =
      new Provider(
          "bedrock",
          WireFormat.BEDROCK,
          "bedrock",
          KeyPlacement.BEARER,
          "",
          LimitHeaders.NONE,
          Trait.IDS_HAVE_FORM,
          Trait.STREAMS_ASKED_IF_COUNTED,
          Trait.TAKES_STORE_IN_RESPONSES,
          Trait.HALVES_BATCHES);
  public static final Provider VERTEX =
      new Provider(
          "vertex",
          WireFormat.VERTEX,
          "vertex",
          KeyPlacement.BEARER,
          "",
          LimitHeaders.NONE,
          Trait.IDS_HAVE_FORM);
  public static final Provider OPENROUTER =
      new Provider(
          "openrouter",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://openrouter.ai/api/v1",
          LimitHeaders.NONE,
          Trait.STREAMS_ASKED_IF_COUNTED,
          Trait.KEY_PATH);
  public static final Provider VERCEL =
      new Provider(
          "vercel",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://ai-gateway.vercel.sh/v1",
          LimitHeaders.NONE,
          Trait.CREDITS_PATH);
  public static final Provider GROQ =
      new Provider(
          "groq",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://api.groq.com/openai/v1",
          LimitHeaders.GROQ);
  public static final Provider TOGETHER =
      new Provider(
          "together",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://api.together.ai/v1",
          LimitHeaders.TOGETHER);
  public static final Provider DEEPSEEK =
      new Provider(
          "deepseek",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://api.deepseek.com",
          LimitHeaders.NONE);
  public static final Provider XAI =
      new Provider(
          "xai",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "https://api.x.ai/v1",
          LimitHeaders.NONE);
  public static final Provider VLLM =
      new Provider(
          "vllm",
          WireFormat.OPENAI,
          "none",
          KeyPlacement.NONE,
          "http://localhost:8000/v1",
          LimitHeaders.NONE,
          Trait.STREAMS_ASKED);
  public static final Provider OPENAI_COMPAT =
      new Provider(
          "openai-compat",
          WireFormat.OPENAI,
          "openai",
          KeyPlacement.BEARER,
          "",
          LimitHeaders.OPENAI);

  private static final List<Provider> KNOWN =
      List.of(
          OPENAI,
          AZURE,
          ANTHROPIC,
          GOOGLE,
          COHERE,
          MISTRAL,
          OLLAMA,
          BEDROCK,
          VERTEX,
          OPENROUTER,
          VERCEL,
          GROQ,
          TOGETHER,
          DEEPSEEK,
          XAI,
          VLLM,
          OPENAI_COMPAT);

  /** Properties that only few providers have. */
  private enum Trait {
    /** The ids of what is stored have prefixes, or are names of resources. */
    IDS_HAVE_FORM,
    /** Streams are asked for their usage, since the provider takes the field. */
    STREAMS_ASKED,
    /**
     * Streams are asked for their usage only if a budget counts it, because some versions of the
     * API may not take the field.
     */
    STREAMS_ASKED_IF_COUNTED,
    /** The newer models refuse {@code max_tokens}. */
    NEWER_OUTPUT_FIELD,
    /** Callers name deployments, which have names of their own, and not the provider's models. */
    DEPLOYMENTS,
    /**
     * The list of models needs no key. The path {@code key} does; it says what the key may spend.
     */
    KEY_PATH,
    /** The list of models needs no key. The path {@code credits} does; it says how much is left. */
    CREDITS_PATH,
    /** Requests of batches cost half of what calls cost. */
    HALVES_BATCHES,
    /** Chat completions take {@code store}, and some accounts store them unless it is false. */
    TAKES_STORE_IN_CHATS(CallerField.CHAT_STORE),
    /** Responses take {@code store}, and are stored unless it is false. */
    TAKES_STORE_IN_RESPONSES(CallerField.RESPONSE_STORE),
    TAKES_CACHE_KEY(CallerField.PROMPT_CACHE_KEY),
    TAKES_SAFETY_IDENTIFIER(CallerField.SAFETY_IDENTIFIER),
    TAKES_USER_ID(CallerField.METADATA_USER_ID);

    private final Set<CallerField> adds;

    Trait(CallerField... adds) {
      this.adds = Set.of(adds);
    }
  }

  private static final Map<String, Provider> BY_NAME = byName();

  private final String wireName;
  private final Handle apiStandard;
  private final KeyPlacement placement;
  private final Optional<Endpoint> endpoint;
  private final WireFormat format;
  private final LimitHeaders limits;
  private final Set<Trait> traits;
  private final Set<CallerField> adds;

  private Provider(
      String wireName,
      WireFormat format,
      String apiStandard,
      KeyPlacement placement,
      String endpoint,
      LimitHeaders limits,
      Trait... traits) {
    this.format = format;
    this.limits = limits;
    this.traits = Set.of(traits);
    this.adds =
        Arrays.stream(traits)
            .flatMap(trait -> trait.adds.stream())
            .collect(Collectors.toUnmodifiableSet());
    this.wireName = wireName;
    this.apiStandard = new Handle(apiStandard);
    this.placement = placement;
    this.endpoint = endpoint.isEmpty() ? Optional.empty() : Optional.of(Endpoint.of(endpoint));
  }

  /** The providers that are known without being defined. */
  public static List<Provider> known() {
    return KNOWN;
  }

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
    return format;
  }

  /**
   * Whether streams of {@code chat/completions} and {@code completions} are asked for their usage,
   * which they state if, and only if, {@code stream_options} asks for it. False also if that is not
   * known, because a provider may refuse a field that it does not know.
   *
   * @param isCounted whether a budget counts the usage
   */
  public boolean streamUsage(boolean isCounted) {
    return traits.contains(Trait.STREAMS_ASKED)
        || (isCounted && traits.contains(Trait.STREAMS_ASKED_IF_COUNTED));
  }

  /**
   * The fields that the gateway adds to requests that lack them, because the provider is known to
   * take them. Other providers may refuse a field that they do not know.
   */
  public Set<CallerField> adds() {
    return adds;
  }

  /** How references to what the provider stores are recognised. */
  public ReferenceRecognition recognition() {
    return traits.contains(Trait.IDS_HAVE_FORM)
        ? ReferenceRecognition.FORMS
        : ReferenceRecognition.PLACES;
  }

  /** The member of a request that bounds the answer, in the openai format. */
  public String outputField() {
    return traits.contains(Trait.NEWER_OUTPUT_FIELD) ? "max_completion_tokens" : "max_tokens";
  }

  /** Whether callers name something other than the provider's model. */
  public boolean namesDeployments() {
    return traits.contains(Trait.DEPLOYMENTS);
  }

  /**
   * The headers that state the limits of the account.
   *
   * @param called where the provider is called; a provider without an entry here is known by it
   */
  public LimitHeaders limitHeaders(Endpoint called) {
    return LimitHeaders.ofHost(called.host()).orElse(limits);
  }

  /** Whether the requests of batches are known to cost half of what calls cost. */
  public boolean halvesBatches() {
    return traits.contains(Trait.HALVES_BATCHES);
  }

  /**
   * The path below the provider's endpoint that is answered only for a valid key; empty if the list
   * of models is answered only for a valid key.
   */
  public Optional<String> keyCheckPath() {
    return traits.contains(Trait.KEY_PATH)
        ? Optional.of("key")
        : traits.contains(Trait.CREDITS_PATH) ? Optional.of("credits") : Optional.empty();
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
    for (Provider provider : KNOWN) {
      names.put(provider.wireName, provider);
    }
    names.put("claude", ANTHROPIC);
    names.put("gemini", GOOGLE);
    return Map.copyOf(names);
  }

  /**
   * Returns the provider of a service that names only an API standard. If the given endpoint is the
   * default of a provider, it is that provider. Otherwise it is {@code openai-compat} for the
   * openai format and the format's own provider for the others.
   */
  public static Provider meantBy(WireFormat format, Optional<Endpoint> given) {
    return KNOWN.stream()
        .filter(p -> p.endpoint.isPresent() && p.endpoint.equals(given))
        .findFirst()
        .orElseGet(() -> of(format.api().usualProvider()));
  }

  /** A provider is known by its name. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Provider that && wireName.equals(that.wireName);
  }

  @Override
  public int hashCode() {
    return wireName.hashCode();
  }

  @Override
  public String toString() {
    return wireName;
  }
}
