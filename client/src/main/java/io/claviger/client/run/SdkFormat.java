package io.claviger.client.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The APIs that services speak, and the variables that the SDKs of each read from the environment.
 */
enum SdkFormat {
  OPENAI("openai/v1", "OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"),
  ANTHROPIC("anthropic", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_MODEL"),
  GEMINI("gemini", "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY", "GEMINI_MODEL"),
  COHERE("cohere", "CO_API_URL", "CO_API_KEY", "CO_MODEL"),
  BEDROCK(
      "bedrock",
      "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
      "AWS_BEARER_TOKEN_BEDROCK",
      "BEDROCK_MODEL",
      "AWS_REGION"),
  OLLAMA("", "OLLAMA_HOST", "OLLAMA_API_KEY", "OLLAMA_MODEL");

  private static final String ANY_REGION = "us-east-1";

  private final String path;
  private final String url;
  private final String token;
  private final String model;

  /** The variable with a region, which AWS's SDKs demand though the URL decides; may be empty. */
  private final String region;

  SdkFormat(String path, String url, String token, String model) {
    this(path, url, token, model, "");
  }

  SdkFormat(String path, String url, String token, String model, String region) {
    this.path = path;
    this.url = url;
    this.token = token;
    this.model = model;
    this.region = region;
  }

  static Optional<SdkFormat> of(String name) {
    for (SdkFormat format : values()) {
      if (format.handle().equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  String handle() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether the gateway has a base URL of this format on which the model's name leads to a service.
   */
  boolean isRouted() {
    return !path.isEmpty();
  }

  /**
   * Returns the base URL of this format on which the model's name leads to a service.
   *
   * @param gateway the URL of the gateway, which ends in {@code /gateway}
   */
  String routed(String gateway) {
    return gateway + "/" + path;
  }

  Map<String, String> variables(String baseUrl, String accessToken, Optional<String> modelName) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(url, baseUrl);
    variables.put(token, accessToken);
    modelName.ifPresent(name -> variables.put(model, name));
    if (!region.isEmpty()) {
      variables.put(region, ANY_REGION);
    }
    return variables;
  }
}
