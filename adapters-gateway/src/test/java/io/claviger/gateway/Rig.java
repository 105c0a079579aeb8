package io.claviger.gateway;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.Transport;
import io.claviger.stub.StubProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A gateway before a stub provider, and a caller before the gateway. */
public final class Rig implements AutoCloseable {
  public static final String TOKEN = "clv_good";
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  public final StubProvider stub = StubProvider.start();
  public final TestAuthorizer authorizer = new TestAuthorizer();
  public final RecordedEvents events = new RecordedEvents();
  public final Gateway gateway;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Rig() {
    this(settings -> settings);
  }

  public Rig(UnaryOperator<GatewaySettings> adjusted) {
    this(adjusted, Transport.best());
  }

  public Rig(UnaryOperator<GatewaySettings> adjusted, Transport transport) {
    GatewaySettings settings = adjusted.apply(GatewaySettings.on("127.0.0.1", 0));
    gateway = Gateway.start(settings, authorizer, events, transport);
    lend(WireFormat.OPENAI);
  }

  /** Permits calls with the good token to the stub's API of this format. */
  public TestService lend(WireFormat format) {
    TestService lent = at(format);
    authorizer.grant(TOKEN, lent);
    return lent;
  }

  public void lend(TestService lent) {
    authorizer.grant(TOKEN, lent);
  }

  public TestService at(WireFormat format) {
    return TestService.at(stub.baseUrl() + (format == WireFormat.OPENAI ? "/v1" : ""), format);
  }

  public String url(String pathBelowService) {
    return origin() + "/gateway/services/alice/my-openai/" + pathBelowService;
  }

  public String origin() {
    return "http://127.0.0.1:" + gateway.address().getPort();
  }

  /** A call with the good token as a bearer. */
  public HttpResponse<String> post(String pathBelowService, String json, String... headers) {
    return send(request(pathBelowService, headers).POST(BodyPublishers.ofString(json)).build());
  }

  public HttpResponse<String> get(String pathBelowService, String... headers) {
    return send(request(pathBelowService, headers).build());
  }

  public HttpRequest.Builder request(String pathBelowService, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(pathBelowService)))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + TOKEN)
            .header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request;
  }

  public HttpResponse<String> send(HttpRequest request) {
    return send(request, BodyHandlers.ofString());
  }

  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Until the provider has closed every connection, whether or not the gateway knows yet. */
  public void awaitClosedByProvider() {
    while (stub.openConnections() > 0) {
      Thread.onSpinWait();
    }
  }

  public HttpClient http() {
    return http;
  }

  public static String embedding(String model) {
    return "{\"model\":\"" + model + "\",\"input\":\"hello\"}";
  }

  public static String chat(String model) {
    return "{\"model\":\""
        + model
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";
  }

  public static List<String> values(HttpResponse<?> response, String name) {
    return response.headers().allValues(name);
  }

  @Override
  public void close() {
    http.shutdownNow();
    gateway.close();
    stub.close();
  }
}
