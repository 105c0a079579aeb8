package io.claviger.browser;

import com.microsoft.playwright.Browser;
import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A node with a provider that is played, and a Chromium. */
final class Lab implements AutoCloseable {
  final Journey journey = new Journey();
  final Node node;
  private final Chromium chromium;

  private Lab(Chromium chromium) {
    this.chromium = chromium;
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_API_REQUESTS_PER_MINUTE", "100000");
    this.node = journey.startNode(environment);
  }

  /** Empty where there is no Chromium. */
  static Optional<Lab> open() {
    return Chromium.start().map(Lab::new);
  }

  Api root() {
    return journey.root(node);
  }

  /** Adds somebody. */
  Api user(String handle) {
    return journey.user(node, handle);
  }

  /** Adds somebody with a service that calls the provider, named {@code handle/chat}. */
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

  /** A browser in which somebody has signed in. */
  Visitor visitor(Api who) {
    return visitor(who, new Browser.NewContextOptions());
  }

  /** A browser of this kind in which somebody has signed in. */
  Visitor visitor(Api who, Browser.NewContextOptions options) {
    Visitor visitor = stranger(options);
    visitor.signIn(who.token());
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
  }
}
