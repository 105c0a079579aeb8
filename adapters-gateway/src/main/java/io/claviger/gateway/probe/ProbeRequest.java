package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.relay.RequestHead;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cheapest call that a provider answers only for a valid key: its list of models, unless
 * anybody may read that.
 *
 * @param path below the endpoint
 * @param query without the key
 */
record ProbeRequest(String path, String query) {
  /** These show their models to anybody, so an answer would not tell whether the key is valid. */
  private static final Map<Provider, ProbeRequest> OF_THEIR_OWN =
      Map.of(
          // What the key may spend.
          Provider.OPENROUTER, new ProbeRequest("key", ""),
          // What is left to spend.
          Provider.VERCEL, new ProbeRequest("credits", ""));

  private static final Pattern VERSION = Pattern.compile("/v\\d[a-z0-9]*(?:/|$)");
  private static final String ANTHROPIC_VERSION = "2023-06-01";
  private static final String AZURE_MODELS = "openai/models";
  private static final Pattern AZURE_BASE = Pattern.compile("/openai/?$");

  /** The newest of Azure's versions that is no preview. */
  private static final String AZURE_VERSION = "api-version=2024-10-21";

  static ProbeRequest of(AuthorizedCall authorized) {
    Endpoint endpoint = authorized.endpoint();
    return OF_THEIR_OWN.entrySet().stream()
        .filter(e -> e.getKey().defaultEndpoint().equals(Optional.of(endpoint)))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> models(authorized.standard(), endpoint));
  }

  private static ProbeRequest models(CallableStandard standard, Endpoint endpoint) {
    return page(
        standard,
        endpoint,
        switch (standard.format()) {
          case OPENAI, OLLAMA -> "";
          case COHERE -> "page_size=1";
          case GEMINI -> "pageSize=1";
          case ANTHROPIC -> "limit=1";
        });
  }

  /**
   * The request for a page of the provider's list of models.
   *
   * @param query the query of the page; empty in the formats openai and ollama, whose lists have
   *     none
   */
  static ProbeRequest page(CallableStandard standard, Endpoint endpoint, String query) {
    return switch (standard.format()) {
      case OPENAI -> openAi(standard, endpoint);
      case OLLAMA -> new ProbeRequest("api/tags", "");
      case COHERE, ANTHROPIC -> new ProbeRequest("v1/models", query);
      case GEMINI ->
          new ProbeRequest(
              VERSION.matcher(endpoint.path()).find() ? "models" : "v1beta/models", query);
    };
  }

  /**
   * A standard that has Azure's paths may be used with the resource's URL, below which all paths
   * begin with {@code openai/}, or with one that ends with that. Before {@code openai/v1}, Azure
   * answers only if a version is in the query.
   */
  private static ProbeRequest openAi(CallableStandard standard, Endpoint endpoint) {
    if (standard.operation("GET", AZURE_MODELS).isEmpty()
        || VERSION.matcher(endpoint.path()).find()) {
      return new ProbeRequest("models", "");
    }
    boolean below = AZURE_BASE.matcher(endpoint.path()).find();
    return new ProbeRequest(
        below ? "models" : AZURE_MODELS,
        standard.queryParameters().contains("api-version") ? AZURE_VERSION : "");
  }

  /** The request, as a caller would send it. It is a form where the key is a field of a form. */
  HttpRequest request(AuthorizedCall authorized) {
    boolean form = RequestHead.keyInForm(authorized);
    HttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            form ? HttpMethod.POST : HttpMethod.GET,
            "/" + path,
            Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set(HttpHeaderNames.ACCEPT, "application/json")
        .set(HttpHeaderNames.USER_AGENT, "claviger-check");
    if (form) {
      request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if (authorized.standard().format() == WireFormat.ANTHROPIC) {
      request.headers().set("anthropic-version", ANTHROPIC_VERSION);
    }
    return request;
  }
}
