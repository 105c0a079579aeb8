package io.claviger.imports.litellm.rules;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.WireFormat;
import io.claviger.imports.shared.ReportReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where LiteLLM calls a model, expressed as a service of Claviger.
 *
 * @param standard the service's API standard
 * @param model the provider's name for the model
 */
public record SourceProvider(
    Provider provider, WireFormat format, Handle standard, Endpoint endpoint, String model) {
  /** LiteLLM's names for servers that its list of prices does not contain. */
  private static final Map<String, Provider> SERVERS =
      Map.of(
          "custom_openai", Provider.OPENAI_COMPAT,
          "openai_like", Provider.OPENAI_COMPAT,
          "vllm", Provider.VLLM);

  /**
   * The providers that are not imported by their names. LiteLLM calls Bedrock and Vertex AI with
   * other credentials, and Ollama in another format. LiteLLM has no {@code openai-compat}.
   */
  private static final Set<Provider> NOT_IMPORTED =
      Set.of(Provider.OLLAMA, Provider.BEDROCK, Provider.VERTEX, Provider.OPENAI_COMPAT);

  /** The prefixes of model names that LiteLLM knows without a provider's name. */
  private static final Map<Provider, List<String>> BEGINNINGS =
      Map.of(
          Provider.OPENAI,
          List.of(
              "gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-", "dall-e", "whisper", "tts-"),
          Provider.ANTHROPIC,
          List.of("claude"),
          Provider.COHERE,
          List.of("command", "embed-", "rerank-"));

  /** The providers' endpoints for calls in OpenAI's format, with the key as a bearer token. */
  private static final Map<Provider, String> COMPATIBLE =
      Map.of(
          Provider.ANTHROPIC, "https://api.anthropic.com/v1",
          Provider.GOOGLE, "https://generativelanguage.googleapis.com/v1beta/openai",
          Provider.COHERE, "https://api.cohere.ai/compatibility/v1");

  private static final Set<String> OTHER_CREDENTIALS =
      Set.of(
          "aws_access_key_id",
          "aws_secret_access_key",
          "aws_role_name",
          "aws_profile_name",
          "aws_web_identity_token",
          "vertex_credentials",
          "vertex_project",
          "azure_ad_token",
          "client_secret",
          "tenant_id");

  /** Where a model is called, or the reason why Claviger can't call it. */
  public sealed interface Found {
    record At(SourceProvider place) implements Found {}

    record Nowhere(ReportReason why) implements Found {}
  }

  /**
   * @param parameters the model's parameters, with variables replaced by their values
   */
  public static Found of(Map<String, String> parameters) {
    String name = parameters.getOrDefault("model", "");
    Optional<String> base =
        Optional.ofNullable(parameters.get("api_base"))
            .or(() -> Optional.ofNullable(parameters.get("base_url")))
            .filter(text -> !text.isBlank());
    if (parameters.keySet().stream().anyMatch(OTHER_CREDENTIALS::contains)) {
      return new Found.Nowhere(ReportReason.CREDENTIAL_KIND);
    }
    Optional<String> prefix = prefix(name, parameters.get("custom_llm_provider"));
    Optional<Provider> provider =
        prefix.isPresent() ? named(prefix.get()) : withoutPrefix(name, base);
    String model = prefix.map(p -> without(name, p)).orElse(name);
    if (model.isBlank() || model.contains("*")) {
      return new Found.Nowhere(ReportReason.WILDCARD_MODEL);
    }
    if (provider.isEmpty()) {
      return new Found.Nowhere(ReportReason.PROVIDER_UNKNOWN);
    }
    try {
      return at(provider.get(), base, model)
          .<Found>map(Found.At::new)
          .orElseGet(() -> new Found.Nowhere(ReportReason.ENDPOINT_MISSING));
    } catch (InvalidValue e) {
      return new Found.Nowhere(ReportReason.INVALID_ENDPOINT);
    }
  }

  private static Optional<String> prefix(String name, @Nullable String given) {
    if (given != null && !given.isBlank()) {
      return Optional.of(given);
    }
    int slash = name.indexOf('/');
    return slash <= 0 ? Optional.empty() : Optional.of(name.substring(0, slash));
  }

  /**
   * Returns the provider to which LiteLLM gives a name. The name precedes a slash in models' names.
   */
  private static Optional<Provider> named(String name) {
    return Optional.ofNullable(SERVERS.get(name))
        .or(
            () ->
                LiteLlmProvider.builtIn(name).filter(provider -> !NOT_IMPORTED.contains(provider)));
  }

  private static String without(String name, String prefix) {
    return name.startsWith(prefix + "/") ? name.substring(prefix.length() + 1) : name;
  }

  private static Optional<Provider> withoutPrefix(String name, Optional<String> base) {
    return BEGINNINGS.entrySet().stream()
        .filter(known -> known.getValue().stream().anyMatch(name::startsWith))
        .map(Map.Entry::getKey)
        .findAny()
        .or(() -> base.map(url -> Provider.OPENAI_COMPAT));
  }

  private static Optional<SourceProvider> at(Provider named, Optional<String> base, String model) {
    Optional<Endpoint> given = base.map(url -> endpoint(named, url));
    boolean elsewhere =
        named.equals(Provider.OPENAI)
            && given.filter(at -> !Optional.of(at).equals(named.defaultEndpoint())).isPresent();
    Provider provider = elsewhere ? Provider.OPENAI_COMPAT : named;
    return given
        .or(() -> named.equals(Provider.VLLM) ? Optional.empty() : named.defaultEndpoint())
        .map(
            at ->
                new SourceProvider(
                    provider, provider.defaultFormat(), provider.defaultStandard(), at, model));
  }

  /**
   * Returns the endpoint. For Azure, LiteLLM states the resource's address, and OpenAI's paths
   * begin with {@code openai/v1} at this address.
   */
  private static Endpoint endpoint(Provider provider, String url) {
    Endpoint given = Endpoint.of(url);
    return provider.equals(Provider.AZURE) && given.path().isEmpty()
        ? Endpoint.of(given.url() + "/openai/v1")
        : given;
  }

  /**
   * Returns the same model at its provider's endpoint for OpenAI's format. Empty if the provider
   * has no such second endpoint, or if the model's address is not the provider's own.
   */
  public Optional<SourceProvider> compatible() {
    return Optional.ofNullable(COMPATIBLE.get(provider))
        .filter(url -> provider.defaultEndpoint().equals(Optional.of(endpoint)))
        .map(
            url ->
                new SourceProvider(
                    provider,
                    Provider.OPENAI_COMPAT.defaultFormat(),
                    Provider.OPENAI_COMPAT.defaultStandard(),
                    Endpoint.of(url),
                    model));
  }
}
