package io.claviger.client.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The APIs of services, each with the environment variables that the API's SDKs read. */
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
      "us-east-1",
      "AWS_REGION",
      "AWS_DEFAULT_REGION") {
    // Without the first variable, AWS's SDKs would send the token to AWS when the program lists
    // models. Without the second variable, a profile of AWS can make the SDKs ignore the URLs.
    @Override
    Map<String, String> variables(String baseUrl, String accessToken, Optional<String> modelName) {
      Map<String, String> variables = super.variables(baseUrl, accessToken, modelName);
      variables.put("AWS_ENDPOINT_URL_BEDROCK", baseUrl);
      variables.put("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
      return variables;
    }
  },
  VERTEX("vertex", "GOOGLE_VERTEX_BASE_URL", "GOOGLE_API_KEY", "VERTEX_MODEL") {
    // Without GOOGLE_GENAI_USE_VERTEXAI, SDKs would send the token to Google's other API. Unless
    // the program itself demands Vertex AI, Google's SDK for Python reads GOOGLE_GEMINI_BASE_URL.
    // Without that variable, the SDK would send the token to Google.
    @Override
    Map<String, String> variables(String baseUrl, String accessToken, Optional<String> modelName) {
      Map<String, String> variables = super.variables(baseUrl, accessToken, modelName);
      variables.put("GOOGLE_GENAI_USE_VERTEXAI", "true");
      variables.put("GOOGLE_GEMINI_BASE_URL", baseUrl);
      return variables;
    }
  },
  OLLAMA("", "OLLAMA_HOST", "OLLAMA_API_KEY", "OLLAMA_MODEL");

  private final String path;
  private final String url;
  private final String token;
  private final String model;

  /**
   * Further variables that SDKs require although they have no effect on calls through Claviger: for
   * Bedrock, the names by which different SDKs look for a region.
   */
  private final List<String> demanded;

  private final String usual;

  SdkFormat(String path, String url, String token, String model) {
    this(path, url, token, model, "");
  }

  /**
   * @param usual the value of the demanded variables if the environment contains none of them
   */
  SdkFormat(String path, String url, String token, String model, String usual, String... demanded) {
    this.path = path;
    this.url = url;
    this.token = token;
    this.model = model;
    this.usual = usual;
    this.demanded = List.of(demanded);
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
   * Whether this format has a base URL that serves all services. At this URL, the model's name
   * decides which service is called.
   */
  boolean isRouted() {
    return !path.isEmpty();
  }

  /**
   * Returns this format's base URL that serves all services. At this URL, the model's name decides
   * which service is called.
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
    return variables;
  }

  /**
   * Adds the further variables that SDKs require. Variables with a value stay as they are, because
   * the program might also need them for something else, such as the region for a service of AWS
   * that it does not call through Claviger.
   */
  void addDemanded(Map<String, String> environment) {
    String value =
        demanded.stream()
            .map(name -> environment.getOrDefault(name, ""))
            .filter(each -> !each.isBlank())
            .findFirst()
            .orElse(usual);
    for (String name : demanded) {
      environment.merge(name, value, (before, added) -> before.isBlank() ? added : before);
    }
  }
}
