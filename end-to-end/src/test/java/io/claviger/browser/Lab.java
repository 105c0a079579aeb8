package io.claviger.browser;

import com.microsoft.playwright.Browser;
import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import io.claviger.journeys.Journey;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.LocalHttp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A node with a simulated provider, and a Chromium. The node's settings also name an identity
 * provider, so that pages show everything that belongs to one. No identity provider answers at this
 * address.
 */
final class Lab implements AutoCloseable {
  /** The identity provider with which people would sign in. */
  static final String ISSUER = "http://127.0.0.1:1/realms/lab";

  private static final String CLIENT_SECRET = "canary/secret+of-the-oidc-client-5c20e7";

  final Journey journey = new Journey();

  /** A provider whose list of models is made to do harm, and longer than Claviger keeps lists. */
  final StubProvider liar = StubProvider.start(StubOptions.defaults().models(HostileModels.LIST));

  final Node node;
  private final Chromium chromium;

  private Lab(Chromium chromium) {
    this.chromium = chromium;
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_API_REQUESTS_PER_MINUTE", "100000");
    environment.put(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
        "127.0.0.1:" + journey.provider().port() + ",127.0.0.1:" + liar.port());
    String port = Integer.toString(LocalHttp.freePort());
    environment.put("CLAVIGER_PORT", port);
    environment.put("CLAVIGER_PUBLIC_URL", "http://127.0.0.1:" + port);
    environment.put("CLAVIGER_OIDC_ISSUER", ISSUER);
    environment.put("CLAVIGER_OIDC_CLIENT_ID", "claviger");
    environment.put("CLAVIGER_OIDC_CLIENT_SECRET", journey.secret(CLIENT_SECRET));
    this.node = journey.startNode(environment);
  }

  /** Chromium; empty if this machine has none. */
  static Optional<Lab> open() {
    return Chromium.start().map(Lab::new);
  }

  Api root() {
    return journey.root(node);
  }

  /** Adds a user. */
  Api user(String handle) {
    return journey.user(node, handle);
  }

  /** Adds a user with a service that calls the provider, named {@code handle/chat}. */
  Api owner(String handle) {
    Api owner = user(handle);
    String unused = journey.service(owner, handle + "/chat");
    return owner;
  }

  /** A definition of a model of the provider. */
  void definition(Api owner, String ref) {
    Map<String, String> json =
        Map.of("provider", "openai", "model", "parrot-large", "endpoint", journey.endpoint());
    owner.put("/v1/llm-definitions/" + ref, json).isStatus(201);
  }

  /** A service of that definition, which {@link #definition} makes as {@code handle/played}. */
  String chat(Api owner, String ref) {
    String definition = ref.substring(0, ref.indexOf('/')) + "/played";
    owner
        .put(
            "/v1/llm-services/" + ref,
            Map.of("definition", definition, "api_key", journey.key(ref)))
        .isStatus(201);
    return ref;
  }

  /** An address to which webhooks may be posted, though nothing there takes them. */
  String receiver() {
    return "https://127.0.0.1:" + journey.provider().port() + "/budgets";
  }

  /**
   * Waits until a condition holds that other threads or nodes fulfil, for example until nodes have
   * learned of a change.
   */
  void eventually(BooleanSupplier holds) {
    Duration unused = Eventually.holds(Duration.ofSeconds(20), holds);
  }

  /** The path of a page on which a browser signs in once as this user. */
  String signInLink(String user) {
    String link = journey.signInLink(node, user);
    return link.substring(node.api().toString().length());
  }

  /** Opens a browser in which a user has signed in. It shows no page yet. */
  Visitor visitor(Api who) {
    return visitor(who, new Browser.NewContextOptions());
  }

  /** A browser of this kind in which somebody has signed in. It shows no page yet. */
  Visitor visitor(Api who, Browser.NewContextOptions options) {
    Visitor visitor = stranger(options);
    visitor.keep(who.signedIn().cookies());
    return visitor;
  }

  /** A browser in which nobody has signed in. */
  Visitor stranger(Browser.NewContextOptions options) {
    return Visitor.at(node.api(), chromium, options, journey);
  }

  /** A second node, which the caller may stop. */
  Node anotherNode() {
    return journey.startNode();
  }

  Visitor visitorAt(Node other, Api who) {
    Visitor visitor = Visitor.at(other.api(), chromium, new Browser.NewContextOptions(), journey);
    visitor.signIn(who.token());
    return visitor;
  }

  @Override
  public void close() {
    chromium.close();
    journey.close();
    liar.close();
  }
}
