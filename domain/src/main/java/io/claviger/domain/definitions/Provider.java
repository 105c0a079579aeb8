package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ProviderContent.Trait;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ObeyedCaps.Fact;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider that serves models. Widely used providers are built into the program, and
 * administrators can define further providers.
 */
public final class Provider {
  private static final int MAX_LENGTH = 64;

  /**
   * The end of the names of Alibaba's hosts. Other companies might run their own models at such
   * hosts.
   */
  private static final String ALIBABA = ".aliyuncs.com";

  /** The hosts at which Alibaba itself serves models. */
  private static final Pattern MODEL_STUDIO =
      Pattern.compile("(?:[a-z0-9-]+\\.)*(?:dashscope[a-z0-9-]*|maas)\\.aliyuncs\\.com");

  public static final Provider OPENAI =
      builtIn("openai", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://api.openai.com/v1")
          .limits(LimitHeaders.OPENAI)
          .adds(
              CallerField.CHAT_STORE,
              CallerField.RESPONSE_STORE,
              CallerField.PROMPT_CACHE_KEY,
              CallerField.SAFETY_IDENTIFIER)
          .traits(Trait.STREAMS_ASKED, Trait.NEWER_OUTPUT_FIELD, Trait.HALVES_BATCHES)
          .known(Known.IDS_HAVE_FORM, Known.COUNTS_STATED_OUTPUT)
          .facts(Fact.CAPS_TOOL_CALLS, Fact.CODE_BY_SESSION, Fact.CHARGES_READING_FOR_IMAGES)
          .build();
  public static final Provider AZURE =
      builtIn("azure", WireFormat.OPENAI, "azure-openai", KeyPlacement.header("api-key"))
          .limits(LimitHeaders.AZURE)
          .adds(CallerField.RESPONSE_STORE)
          .traits(
              Trait.STREAMS_ASKED_IF_COUNTED,
              Trait.NEWER_OUTPUT_FIELD,
              Trait.DEPLOYMENTS,
              Trait.HALVES_BATCHES)
          .known(Known.IDS_HAVE_FORM, Known.COUNTS_STATED_OUTPUT)
          .facts(Fact.CAPS_TOOL_CALLS, Fact.CODE_BY_SESSION, Fact.CHARGES_READING_FOR_IMAGES)
          .build();
  public static final Provider ANTHROPIC =
      builtIn("anthropic", WireFormat.ANTHROPIC, "anthropic", KeyPlacement.header("x-api-key"))
          .endpoint("https://api.anthropic.com")
          .limits(LimitHeaders.ANTHROPIC)
          .adds(CallerField.METADATA_USER_ID)
          .traits(Trait.HALVES_BATCHES)
          .known(Known.IDS_HAVE_FORM, Known.FREE_CACHE_READS, Known.MARKS_TOKENS)
          .facts(Fact.CODE_BY_SESSION, Fact.TAKES_NO_OUTPUT)
          .build();
  public static final Provider GOOGLE =
      builtIn("google", WireFormat.GEMINI, "gemini", KeyPlacement.header("x-goog-api-key"))
          .endpoint("https://generativelanguage.googleapis.com")
          .adds(CallerField.CONTENT_STORE)
          .traits(Trait.HALVES_BATCHES)
          .known(Known.IDS_HAVE_FORM, Known.CACHES_COST_THE_SAME_IN_BATCHES)
          .build();
  public static final Provider COHERE =
      builtIn("cohere", WireFormat.COHERE, "cohere", KeyPlacement.BEARER)
          .endpoint("https://api.cohere.com")
          .build();
  public static final Provider MISTRAL =
      builtIn("mistral", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://api.mistral.ai/v1")
          .limits(LimitHeaders.MISTRAL)
          .traits(Trait.HALVES_BATCHES)
          .known(Known.STORES_IMAGES)
          .facts(Fact.STATES_NO_TOOL_USES)
          .build();
  public static final Provider OLLAMA =
      builtIn("ollama", WireFormat.OPENAI, "none", KeyPlacement.NONE)
          .endpoint("http://localhost:11434/v1")
          .traits(Trait.STREAMS_ASKED)
          .build();
  public static final Provider BEDROCK =
      builtIn("bedrock", WireFormat.BEDROCK, "bedrock", KeyPlacement.BEARER)
          .adds(CallerField.RESPONSE_STORE)
          .traits(Trait.STREAMS_ASKED_IF_COUNTED, Trait.HALVES_BATCHES)
          .known(Known.IDS_HAVE_FORM, Known.FREE_CACHE_READS)
          .facts(Fact.TAKES_BOTH_OUTPUTS)
          .build();
  public static final Provider VERTEX =
      builtIn("vertex", WireFormat.VERTEX, "vertex", KeyPlacement.BEARER)
          .known(Known.IDS_HAVE_FORM, Known.FREE_CACHE_READS)
          .build();
  public static final Provider OPENROUTER =
      builtIn("openrouter", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://openrouter.ai/api/v1")
          .traits(Trait.STREAMS_ASKED_IF_COUNTED)
          .known(Known.KEY_PATH)
          .facts(
              Fact.TAKES_BOTH_OUTPUTS, Fact.SEARCHES_BY_RESULTS, Fact.STATES_COST, Fact.READS_PAGES)
          .build();
  public static final Provider VERCEL =
      builtIn("vercel", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://ai-gateway.vercel.sh/v1")
          .known(Known.CREDITS_PATH)
          .build();
  public static final Provider GROQ =
      builtIn("groq", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://api.groq.com/openai/v1")
          .limits(LimitHeaders.GROQ)
          .facts(Fact.TAKES_BOTH_OUTPUTS, Fact.CHARGES_TEN_SECONDS)
          .build();
  public static final Provider TOGETHER =
      builtIn("together", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://api.together.ai/v1")
          .limits(LimitHeaders.TOGETHER)
          .build();
  public static final Provider DEEPSEEK =
      builtIn("deepseek", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://api.deepseek.com")
          .adds(CallerField.USER_ID, CallerField.METADATA_USER_ID)
          .facts(Fact.CHARGES_FETCHES)
          .build();
  public static final Provider XAI =
      builtIn("xai", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .endpoint("https://api.x.ai/v1")
          .adds(CallerField.RESPONSE_STORE)
          .facts(Fact.TAKES_BOTH_OUTPUTS, Fact.SEARCHES_FILES, Fact.STATES_COST)
          .build();
  public static final Provider VLLM =
      builtIn("vllm", WireFormat.OPENAI, "none", KeyPlacement.NONE)
          .endpoint("http://localhost:8000/v1")
          .adds(CallerField.RESPONSE_STORE, CallerField.CACHE_SALT)
          .traits(Trait.STREAMS_ASKED)
          .facts(Fact.TAKES_BOTH_OUTPUTS)
          .build();
  public static final Provider OPENAI_COMPAT =
      builtIn("openai-compat", WireFormat.OPENAI, "openai", KeyPlacement.BEARER)
          .limits(LimitHeaders.OPENAI)
          .build();

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

  /**
   * Facts that the program knows about its built-in providers, because a provider's row in the
   * database can't state them.
   */
  private enum Known {
    /** The provider's ids of stored objects have recognizable prefixes, or are resource names. */
    IDS_HAVE_FORM,
    /**
     * A key can't be checked by requesting the list of models, which needs no key. The path {@code
     * key} needs a key, and returns how much the key may spend.
     */
    KEY_PATH,
    /**
     * A key can't be checked by requesting the list of models, which needs no key. The path {@code
     * credits} needs a key, and returns how much credit is left.
     */
    CREDITS_PATH,
    /**
     * The provider stores each image that a tool makes. The image is then a file in the account.
     */
    STORES_IMAGES,
    /**
     * Input that was read from a cache does not count against the limits per minute
     * (platform.claude.com/docs/en/api/rate-limits). Vertex AI limits only the uncached input of
     * Claude. When a call ends, Amazon Bedrock returns the call's cached input to the limit.
     */
    FREE_CACHE_READS,
    /**
     * In batches, too, input that was read from a cache costs the usual price of such input
     * (ai.google.dev/gemini-api/docs/batch-api).
     */
    CACHES_COST_THE_SAME_IN_BATCHES,
    /**
     * The output maximum of a request counts against the limits per minute, even if the model
     * generates less (OpenAI's guide to rate limits; learn.microsoft.com about quotas of Azure
     * OpenAI). When a call ends, Amazon Bedrock returns the unused part of the maximum to the
     * limit.
     */
    COUNTS_STATED_OUTPUT,
    /**
     * If a call is made with a token that the provider has issued, and not with an API key, the
     * call needs a header that says so. Anthropic's SDKs add this header to each such call.
     */
    MARKS_TOKENS
  }

  private static final Map<String, String> MARK_OF_TOKENS =
      Map.of("anthropic-beta", "oauth-2025-04-20");

  private static final Map<String, Provider> BY_NAME = byName();

  private final String wireName;
  private final ProviderContent content;
  private final KeyPlacement placement;
  private final Set<Known> known;
  private final ObeyedCaps caps;
  private final PaceCounting paceCounting;

  private Provider(
      String wireName,
      ProviderContent content,
      KeyPlacement placement,
      Set<Known> known,
      Set<Fact> facts) {
    this.wireName = wireName;
    this.content = content;
    this.placement = placement;
    this.known = known;
    this.caps =
        new ObeyedCaps(
            content.traits().contains(Trait.NEWER_OUTPUT_FIELD)
                ? ObeyedCaps.NEWER_OUTPUT
                : ObeyedCaps.OLDER_OUTPUT,
            facts);
    this.paceCounting =
        new PaceCounting(
            !known.contains(Known.FREE_CACHE_READS) && !content.limits().areAnthropics(),
            known.contains(Known.COUNTS_STATED_OUTPUT));
  }

  /**
   * @param standard the API standard of the provider's services, unless they name another one
   * @param placement how a key is sent to the provider if no API standard states another way
   */
  private static Builder builtIn(
      String wireName, WireFormat format, String standard, KeyPlacement placement) {
    return new Builder(wireName, format, new Handle(standard), placement);
  }

  /**
   * What the program states about a built-in provider. What a provider need not have is empty
   * unless it is stated.
   */
  private static final class Builder {
    private final String wireName;
    private final WireFormat format;
    private final Handle standard;
    private final KeyPlacement placement;
    private Optional<Endpoint> endpoint = Optional.empty();
    private LimitHeaders limits = LimitHeaders.NONE;
    private Set<CallerField> adds = Set.of();
    private Set<Trait> traits = Set.of();
    private Set<Known> known = Set.of();
    private Set<Fact> facts = Set.of();

    Builder(String wireName, WireFormat format, Handle standard, KeyPlacement placement) {
      this.wireName = wireName;
      this.format = format;
      this.standard = standard;
      this.placement = placement;
    }

    /** The endpoint of the provider's services, unless they name another one. */
    Builder endpoint(String url) {
      endpoint = Optional.of(Endpoint.of(url));
      return this;
    }

    /** The headers in which answers state the account's limits. */
    Builder limits(LimitHeaders headers) {
      limits = headers;
      return this;
    }

    /** The fields that the gateway adds to requests if they are missing. */
    Builder adds(CallerField... fields) {
      adds = Set.of(fields);
      return this;
    }

    /** The properties that are also in the provider's row in the database. */
    Builder traits(Trait... all) {
      traits = Set.of(all);
      return this;
    }

    /** The properties that only the program knows. */
    Builder known(Known... all) {
      known = Set.of(all);
      return this;
    }

    /** How the use of a call at the provider differs from other providers of the same format. */
    Builder facts(Fact... all) {
      facts = Set.of(all);
      return this;
    }

    Provider build() {
      ProviderContent content =
          new ProviderContent(
              format,
              Optional.of(standard),
              endpoint,
              Optional.empty(),
              Optional.empty(),
              limits,
              adds,
              traits);
      return new Provider(wireName, content, placement, known, facts);
    }
  }

  /** The providers that are built into Claviger. */
  public static List<Provider> known() {
    return KNOWN;
  }

  public String wireName() {
    return wireName;
  }

  public Handle defaultStandard() {
    return content.apiStandard().orElseGet(() -> new Handle(content.format().wireName()));
  }

  public Optional<Endpoint> defaultEndpoint() {
    return content.endpoint();
  }

  /** Returns the wire format of the provider's default API standard. */
  public WireFormat defaultFormat() {
    return content.format();
  }

  /**
   * Whether the gateway asks for the usage in streams of {@code chat/completions} and {@code
   * completions}. A stream of these operations contains the usage only if the field {@code
   * stream_options} of the request asks for it. The result is false if it is not known whether the
   * provider accepts this field, because a provider might refuse an unknown field.
   *
   * @param isCounted whether a budget counts the usage
   */
  public boolean streamUsage(boolean isCounted) {
    return content.traits().contains(Trait.STREAMS_ASKED)
        || (isCounted && content.traits().contains(Trait.STREAMS_ASKED_IF_COUNTED));
  }

  /**
   * Returns the fields that the gateway adds to requests if they are missing. The provider is known
   * to accept these fields; other providers might refuse fields that they don't know.
   */
  public Set<CallerField> adds() {
    return content.adds();
  }

  /** Returns how references to objects at the provider are recognized in requests. */
  public ReferenceRecognition recognition() {
    return known.contains(Known.IDS_HAVE_FORM)
        ? ReferenceRecognition.FORMS
        : ReferenceRecognition.PLACES;
  }

  /**
   * Whether the types of the provider's tools are known. If they are known and the key is lent,
   * tools of other types are refused, because they might use objects in the account.
   */
  public boolean knowsTools() {
    return isKnown() && !equals(OPENAI_COMPAT);
  }

  /** Whether the provider stores each image that a tool makes as a file in the account. */
  public boolean storesImages() {
    return known.contains(Known.STORES_IMAGES);
  }

  /**
   * Whether the provider has a tool whose code can print files without a container. xAI's hosts are
   * recognized by their names, even if the service names another provider.
   *
   * @param called the endpoint at which the provider is called
   */
  public boolean printsFiles(Endpoint called) {
    return equals(XAI) || called.host().equals("api.x.ai") || called.host().endsWith(".api.x.ai");
  }

  /**
   * Returns the name of the member that limits the output of a request in the {@code openai}
   * format.
   */
  public String outputField() {
    return caps.outputField();
  }

  /**
   * Returns those caps in requests that the provider is known to obey. A cap is a member that
   * limits what a call can use, such as its output. Other caps are treated as if they limited
   * nothing.
   */
  public ObeyedCaps caps() {
    return caps;
  }

  /**
   * Returns the caps as {@link #caps()} does, for calls to an endpoint. Alibaba's hosts are
   * recognized by their names, even if the service names another provider, because many of
   * Alibaba's models can reason beyond {@code max_tokens}
   * (alibabacloud.com/help/en/model-studio/api-compatibility-upgrade-notice).
   *
   * @param called the endpoint at which the provider is called
   */
  public ObeyedCaps caps(Endpoint called) {
    String host = called.host();
    return host.endsWith(ALIBABA) && MODEL_STUDIO.matcher(host).matches()
        ? caps.withReasoningBeyond()
        : caps;
  }

  /** Whether callers name something other than the provider's model, such as a deployment. */
  public boolean namesDeployments() {
    return content.traits().contains(Trait.DEPLOYMENTS);
  }

  /**
   * Returns the headers in which an answer states the account's limits.
   *
   * @param called the endpoint at which the provider is called. The endpoint's host identifies a
   *     provider for which this class has no constant
   */
  public LimitHeaders limitHeaders(Endpoint called) {
    return LimitHeaders.ofHost(called.host()).orElse(content.limits());
  }

  /**
   * Returns how the tokens of a call count against the limits that the provider sets for the
   * account.
   */
  public PaceCounting paceCounting() {
    return paceCounting;
  }

  /** Whether requests in batches are known to cost half as much as other calls. */
  public boolean halvesBatches() {
    return content.traits().contains(Trait.HALVES_BATCHES);
  }

  /**
   * Whether {@link #halvesBatches} also applies to the price of input that was read from a cache.
   */
  public boolean halvesCachedInput() {
    return !known.contains(Known.CACHES_COST_THE_SAME_IN_BATCHES);
  }

  /**
   * Returns the path below the provider's endpoint with which a key is checked: a request to this
   * path succeeds only with a valid key. Empty if keys are checked by requesting the list of
   * models.
   */
  public Optional<String> keyCheckPath() {
    return known.contains(Known.KEY_PATH)
        ? Optional.of("key")
        : known.contains(Known.CREDITS_PATH) ? Optional.of("credits") : Optional.empty();
  }

  /**
   * The names and values of headers that each call needs in addition to a minted token. A call may
   * have further headers with the same names.
   */
  public Map<String, String> headersWithToken() {
    return known.contains(Known.MARKS_TOKENS) ? MARK_OF_TOKENS : Map.of();
  }

  /** Returns how a key is sent to the provider if no API standard states another way. */
  public KeyPlacement defaultPlacement() {
    return placement;
  }

  /**
   * Returns the content of the provider's row in the database. If the provider has no row, returns
   * the content that the row would have.
   */
  public ProviderContent content() {
    return content;
  }

  /**
   * Returns the provider with the given name and the facts that the program knows. {@code claude}
   * means {@code anthropic}, and {@code gemini} means {@code google}. If the name is unknown, the
   * only assumption is that the provider uses the {@code openai} format, which is the most common
   * format.
   */
  public static Provider of(String name) {
    Provider known = BY_NAME.get(name);
    if (known != null) {
      return known;
    }
    if (!isName(name)) {
      throw new InvalidValue("provider", "one of the providers that GET /v1/providers lists");
    }
    return new Provider(name, OPENAI_COMPAT.content, OPENAI_COMPAT.placement, Set.of(), Set.of());
  }

  /**
   * Returns the provider that an administrator has defined. If the program knows a provider with
   * the same name, the result also has those facts about that provider that no administrator can
   * state. Examples are the form of the provider's ids and the path for checking a key.
   *
   * @throws InvalidValue when no provider can have the given name
   */
  public static Provider of(String name, ProviderContent content) {
    Provider known = of(name);
    if (!known.wireName.equals(name)) {
      throw new InvalidValue("handle", "another name, because this name means " + known.wireName);
    }
    return new Provider(name, content, known.placement, known.known, known.caps.facts());
  }

  /** Whether the program knows a provider with the given name. */
  public boolean isKnown() {
    return BY_NAME.containsKey(wireName);
  }

  /**
   * Returns this provider if the program knows it.
   *
   * @throws InvalidValue when the program does not know the provider
   */
  public Provider demandKnown() {
    if (!isKnown()) {
      throw new InvalidValue("provider", "one of " + KNOWN);
    }
    return this;
  }

  /**
   * Whether the text consists of words of {@code a-z 0-9} with dashes between them. This method
   * does not use a regular expression, because that would be slower.
   */
  private static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.endsWith("-")) {
      return false;
    }
    char before = '-';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isWord = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!isWord && (c != '-' || before == '-')) {
        return false;
      }
      before = c;
    }
    return true;
  }

  /**
   * The known providers, keyed by name. A map is used because a provider is looked up for each row
   * that Claviger reads.
   */
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
   * Returns the provider of a service for which only an API standard was stated. If the endpoint is
   * a provider's default endpoint, the result is this provider. Otherwise the result is {@code
   * openai-compat} for the {@code openai} format, and the format's own provider for other formats.
   */
  public static Provider meantBy(WireFormat format, Optional<Endpoint> given) {
    return KNOWN.stream()
        .filter(p -> p.defaultEndpoint().isPresent() && p.defaultEndpoint().equals(given))
        .findFirst()
        .orElseGet(() -> of(format.api().usualProvider()));
  }

  /** Two providers are equal if they have the same name. */
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
