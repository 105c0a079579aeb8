package io.claviger.web.served;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.health.Readiness;
import io.claviger.application.requests.RequestReferences;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.TokenText;
import io.claviger.testkit.RecordCopy;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.WebFeatures;
import io.claviger.web.WebServer;
import io.claviger.web.WebSettings;
import io.claviger.web.pages.Pages;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.ServerLimits;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The API on a free port, with in-memory ports and an administrator. */
public final class Served implements AutoCloseable {
  /** The base URL of every {@code gateway_url}. */
  public static final String GATEWAY = "http://gateway.example:8081";

  private final InMemoryPorts ports;
  private final WebServer server;
  private final InMemoryUseCases useCases;
  private final String rootToken;
  private final AtomicInteger handles = new AtomicInteger();

  private Served(
      InMemoryPorts ports, WebServer server, InMemoryUseCases useCases, String rootToken) {
    this.ports = ports;
    this.server = server;
    this.useCases = useCases;
    this.rootToken = rootToken;
  }

  public static Served start() {
    return start(s -> s, u -> u);
  }

  /** Starts a server with these metrics. */
  public static Served start(Supplier<String> metrics) {
    return start(s -> s, u -> u, metrics);
  }

  /** Starts a server with other settings or use cases. */
  public static Served start(
      UnaryOperator<WebSettings> settings, UnaryOperator<InMemoryUseCases> useCases) {
    return start(settings, useCases, () -> "# HELP up whether it runs\nup 1\n");
  }

  /**
   * Starts a server with other pages.
   *
   * @param more what stands in front of the usual routes
   */
  public static Served withPages(
      Pages.Settings pages, List<Class<?>> more, UnaryOperator<InMemoryUseCases> useCases) {
    return start(s -> s, useCases, () -> "", pages, more);
  }

  public static Served start(
      UnaryOperator<WebSettings> settings,
      UnaryOperator<InMemoryUseCases> useCases,
      Supplier<String> metrics) {
    return start(settings, useCases, metrics, Pages.Settings.LOCAL, List.of());
  }

  private static Served start(
      UnaryOperator<WebSettings> settings,
      UnaryOperator<InMemoryUseCases> useCases,
      Supplier<String> metrics,
      Pages.Settings pages,
      List<Class<?>> more) {
    InMemoryPorts ports = new InMemoryPorts();
    NodeUrls urls = new NodeUrls(0, port -> URI.create("http://127.0.0.1:" + port), () -> GATEWAY);
    InMemoryUseCases usual =
        new InMemoryUseCases(ports).with(NodeUrls.class, urls).with(Pages.Settings.class, pages);
    String rootToken = usual.get(Users.class).replaceRootToken().reveal();
    WebSettings local =
        new WebSettings(
            "127.0.0.1",
            0,
            urls,
            ServerLimits.STANDARD.withRequestsPerMinute(1_000_000),
            AddressNets.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "0.2.0-test");
    InMemoryUseCases served = useCases.apply(usual);
    List<Class<?>> classes =
        Stream.of(more, WebFeatures.ALL).<Class<?>>flatMap(List::stream).toList();
    WebServer server =
        WebServer.start(
            settings.apply(local),
            served.get(AccessTokens.class),
            served.get(RequestReferences.class),
            served.get(Readiness.class),
            metrics,
            served.makeAll(RouteGroup.class, classes));
    return new Served(ports, server, served, rootToken);
  }

  /** Settings that trust a proxy on this machine. */
  public static WebSettings behindProxy(WebSettings s) {
    AddressNets local = AddressNets.of(InetAddress.getLoopbackAddress());
    return RecordCopy.with(s, "trustedProxies", local);
  }

  /** Settings with a token for the metrics. */
  public static WebSettings withMetricsToken(WebSettings s) {
    TokenText token = TokenText.presented("the-metrics-token");
    return RecordCopy.with(s, "metricsToken", Optional.of(token));
  }

  /** Settings with other limits. */
  public static UnaryOperator<WebSettings> limited(UnaryOperator<ServerLimits> limits) {
    return s -> RecordCopy.with(s, "limits", limits.apply(s.limits()));
  }

  public InMemoryPorts ports() {
    return ports;
  }

  public <T> T useCase(Class<T> type) {
    return useCases.get(type);
  }

  public WebServer server() {
    return server;
  }

  public int port() {
    return server.port();
  }

  /** An administrator. */
  public Client root() {
    return holding(rootToken);
  }

  public String rootToken() {
    return rootToken;
  }

  public Client nobody() {
    return new Client(http());
  }

  public Client holding(String token) {
    return new Client(http().withToken(token));
  }

  /** Somebody with a token of this user that makes calls and does nothing else. */
  public Client holdingTokenToUse(String handle, Client user) {
    Map<String, String> wanted = Map.of("name", "use", "scope", "use");
    return holding(
        user.post("/v1/users/" + handle + "/tokens", wanted).isStatus(201).text("/token"));
  }

  private TestClient http() {
    return TestClient.of(URI.create("http://127.0.0.1:" + port()));
  }

  /** A handle that no user has, for tests that share this server. */
  public String newHandle() {
    return "user-" + handles.incrementAndGet();
  }

  /** A new user with their first access token. */
  public Client user(String handle) {
    TestResponse reply = root().post("/v1/users", Map.of("handle", handle));
    return holding(reply.text("/access_token"));
  }

  @Override
  public void close() {
    server.close();
  }
}
