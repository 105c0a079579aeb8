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
 * The cheapest call that a provider answers only to a valid key: its list of models, where that is
 * not for everybody.
 *
 * @param path below the endpoint
 * @param query the key's part aside
 */
record ProbeRequest(String path, String query) {
  /** These show their models to anybody, so that an answer would say nothing of the key. */
  private static final Map<Provider, ProbeRequest> OF_THEIR_OWN =
      Map.of(
          // What the key may spend.
          Provider.OPENROUTER, new ProbeRequest("key", ""),
          // What is left to spend.
          Provider.VERCEL, new ProbeRequest("credits", ""));

  private static final Pattern VERSION = Pattern.compile("/v\\d[a-z0-9]*(?:/|$)");
  private static final String ANTHROPIC_VERSION = "2023-06-01";

  static ProbeRequest of(AuthorizedCall passage) {
    Endpoint endpoint = passage.endpoint();
    return OF_THEIR_OWN.entrySet().stream()
        .filter(e -> e.getKey().defaultEndpoint().equals(Optional.of(endpoint)))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> models(passage.standard().format(), endpoint));
  }

  private static ProbeRequest models(WireFormat format, Endpoint endpoint) {
    return switch (format) {
      case OPENAI -> new ProbeRequest("models", "");
      case COHERE -> new ProbeRequest("v1/models", "page_size=1");
      case GEMINI ->
          new ProbeRequest(
              VERSION.matcher(endpoint.path()).find() ? "models" : "v1beta/models", "pageSize=1");
      case ANTHROPIC -> new ProbeRequest("v1/models", "limit=1");
    };
  }

  /** The request, as a caller's would be. A key that travels in a form needs one to travel in. */
  HttpRequest request(AuthorizedCall passage) {
    boolean form = RequestHead.keyInForm(passage);
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
    if (passage.standard().format() == WireFormat.ANTHROPIC) {
      request.headers().set("anthropic-version", ANTHROPIC_VERSION);
    }
    return request;
  }
}
