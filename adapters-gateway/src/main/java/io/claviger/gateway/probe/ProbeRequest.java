package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ProviderApi.ListRequest;
import io.claviger.domain.standards.CallableStandard;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.Optional;

/**
 * A request without a body that Claviger makes to a provider for its own purposes.
 *
 * @param method the HTTP method; not used if the key is sent in a form
 * @param path the path below the endpoint
 * @param query the query; without the key, which is added later if it is sent in the query
 * @param headers the headers that the API requires
 */
record ProbeRequest(HttpMethod method, String path, String query, Map<String, String> headers) {
  private ProbeRequest(CallableStandard standard, String path, String query) {
    this(HttpMethod.GET, path, query, standard.format().api().requiredHeaders());
  }

  /**
   * Returns the cheapest request that succeeds only with a valid key. The request is for the list
   * of models, unless that list is readable without a key.
   */
  static ProbeRequest of(AuthorizedCall authorized) {
    Endpoint endpoint = authorized.endpoint();
    CallableStandard standard = authorized.standard();
    return Provider.known().stream()
        .filter(provider -> provider.defaultEndpoint().equals(Optional.of(endpoint)))
        .flatMap(provider -> provider.keyCheckPath().stream())
        .findFirst()
        .or(() -> standard.format().api().keyCheckPath())
        .map(path -> new ProbeRequest(standard, path, ""))
        .orElseGet(
            () -> page(standard, endpoint, standard.format().api().modelList().paging().query(1)));
  }

  /**
   * Returns the request for a page of the provider's list of models.
   *
   * @param query the query for the page; empty if lists in the format have no pages
   */
  static ProbeRequest page(CallableStandard standard, Endpoint endpoint, String query) {
    ListRequest request =
        standard
            .format()
            .api()
            .listRequest(query, endpoint.path(), standard.operations(), standard.queryParameters());
    return new ProbeRequest(standard, request.path(), request.query());
  }

  /**
   * Returns the request as a caller would send it. If the key is sent in a form field, the request
   * is a form.
   */
  HttpRequest request(AuthorizedCall authorized) {
    boolean form = authorized.hasKeyInForm();
    HttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            form && method.equals(HttpMethod.GET) ? HttpMethod.POST : method,
            "/" + path,
            Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set(HttpHeaderNames.ACCEPT, "application/json")
        .set(HttpHeaderNames.USER_AGENT, "claviger-check");
    if (form) {
      request.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if (!form && method.equals(HttpMethod.POST)) {
      request.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    }
    headers.forEach(request.headers()::set);
    return request;
  }
}
