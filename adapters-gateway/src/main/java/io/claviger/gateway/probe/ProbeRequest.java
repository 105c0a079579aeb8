package io.claviger.gateway.probe;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
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

  static ProbeRequest of(AuthorizedCall authorized) {
    Endpoint endpoint = authorized.endpoint();
    return OF_THEIR_OWN.entrySet().stream()
        .filter(e -> e.getKey().defaultEndpoint().equals(Optional.of(endpoint)))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> models(authorized.standard().format(), endpoint));
  }

  private static ProbeRequest models(WireFormat format, Endpoint endpoint) {
    return page(
        format,
        endpoint,
        switch (format) {
          case OPENAI, OLLAMA -> "";
          case COHERE -> "page_size=1";
          case GEMINI -> "pageSize=1";
          case ANTHROPIC -> "limit=1";
        });
  }

  /** The request for a page of the provider's list of models. */
  static ProbeRequest page(WireFormat format, Endpoint endpoint, String query) {
    String path =
        switch (format) {
          case OPENAI -> "models";
          case OLLAMA -> "api/tags";
          case COHERE, ANTHROPIC -> "v1/models";
          case GEMINI -> VERSION.matcher(endpoint.path()).find() ? "models" : "v1beta/models";
        };
    return new ProbeRequest(path, query);
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
