package io.claviger.web.authorization;

import io.claviger.application.Outcomes;
import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.connections.port.ConnectionStore.NodeConnection;
import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.AStoredFile;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A server with one resource of each kind, most of them Alice's, and a client for each caller role.
 */
final class AuthorizationFixture implements AutoCloseable {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String DEFINITION = "/v1/llm-definitions/alice/d";
  private static final Map<String, Object> PRICE = Map.of("valid_from", "2026-01-01", "input", 1);
  private static final String PROJECT = "/v1/projects/alice/p";

  private static final List<String> NOT_UNDONE =
      List.of(
          "/sessions",
          "/identity",
          "/check",
          "/raises",
          "/approvals",
          "/reviews",
          "/alice/tokens",
          "objects/");

  private final Served served = Served.start();
  private final Map<CallerRole, Client> callers = new EnumMap<>(CallerRole.class);
  private final Map<String, String> ids = new HashMap<>();
  private final Runnable beginning;

  AuthorizationFixture() {
    this("dave");
  }

  private AuthorizationFixture(String reader) {
    callers.put(CallerRole.ANYONE, served.nobody());
    callers.put(CallerRole.ADMIN, served.root());
    callers.put(CallerRole.OWNER, served.user("alice"));
    callers.put(CallerRole.CO_OWNER, served.user("bob"));
    callers.put(CallerRole.WRITER, served.user("carol"));
    callers.put(CallerRole.READER, served.user("dave"));
    callers.put(CallerRole.STRANGER, served.user("eve"));
    // Nodes make the first key of the issuer soon after their start.
    served.useCase(StatementIssuer.class).advance();
    furnish(caller(CallerRole.ADMIN));
    own(caller(CallerRole.OWNER));
    share(caller(CallerRole.OWNER), reader);
    store(caller(CallerRole.OWNER), caller(CallerRole.READER));
    issue(caller(CallerRole.OWNER));
    offer(caller(CallerRole.OWNER));
    trust(caller(CallerRole.ADMIN));
    signIn(caller(CallerRole.OWNER));
    raise(caller(CallerRole.OWNER));
    guard(caller(CallerRole.OWNER));
    remember("review", caller(CallerRole.OWNER).post("/v1/reviews", Map.of("service", "alice/x")));
    remember(
        "asked", caller(CallerRole.READER).post(SERVICE + "/requests", Map.of("role", "writer")));
    beginning = served.ports().transactions().savepoint();
  }

  /**
   * Undoes what a request of this row changed, which is much cheaper than another world.
   *
   * @return false if the request changed sessions, identities, raises, stored objects or counts of
   *     checks, because these changes are not undone
   */
  boolean undone(Row row) {
    beginning.run();
    return NOT_UNDONE.stream().noneMatch(row.path()::contains);
  }

  /** Creates the same world, except that the reader's role comes from a group. */
  static AuthorizationFixture withReaderByGroup() {
    return new AuthorizationFixture("@lent");
  }

  /** Sends the request of a row as one caller. */
  TestResponse ask(CallerRole who, Row row) {
    String path = row.path();
    for (Map.Entry<String, String> id : ids.entrySet()) {
      path = path.replace("$" + id.getKey(), id.getValue());
    }
    Client client = caller(who);
    if (row.body().isEmpty()) {
      return client.send(row.method(), path, BodyPublishers.noBody());
    }
    String body = row.body().get();
    return body.startsWith("{") ? client.json(row.method(), path, body) : client.form(path, body);
  }

  private void furnish(Client root) {
    root.put("/v1/api-standards/spare", Map.of("key_method", "none")).isStatus(201);
    root.put("/v1/providers/spare", Map.of("format", "openai")).isStatus(201);
    root.put(
            "/v1/llm-services/_system/house",
            Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
        .isStatus(201);
    root.put("/v1/users/_system/default-service", Map.of("service", "house")).isStatus(201);
    root.put("/v1/groups/team", Map.of("display_name", "The team")).isStatus(201);
    root.put("/v1/groups/team/members/eve", Map.of("role", "manager")).isStatus(201);
    root.put("/v1/groups/team/members/dave", Map.of("role", "member")).isStatus(201);
    root.put("/v1/groups/lent", Map.of()).isStatus(201);
    root.put("/v1/groups/lent/members/dave", Map.of("role", "member")).isStatus(201);
    root.put("/v1/prices/openai?model=priced", PRICE).isStatus(201);
    remember("model", root.post("/v1/model-configs", Map.of("provider", "openai", "model", "m")));
  }

  private void own(Client alice) {
    alice.put(DEFINITION, Map.of("provider", "openai", "model", "m")).isStatus(201);
    Map<String, Object> policy = Map.of("user_keys", true, "fallback_to_central", true);
    remember(
        "service",
        alice.put(
            SERVICE,
            Map.of(
                "definition",
                "d",
                "api_key",
                "sk-0123456789",
                "key_policy",
                policy,
                "limits",
                Map.of(
                    "budgets", List.of(Map.of("amount", "5", "unit", "usd", "window", "total"))))));
    alice.put(SERVICE + "/prices?model=priced", PRICE).isStatus(201);
    alice.put(SERVICE + "/billing", Map.of("api_key", "sk-admin-0123")).isStatus(201);
    alice
        .put(SERVICE + "/bill/invoices/2026-01", Map.of("total", "1", "currency", "USD"))
        .isStatus(201);
    alice.put(PROJECT, Map.of("description", "Letters")).isStatus(201);
    alice
        .put("/v1/users/alice/webhook", Map.of("url", "https://hooks.example/alice"))
        .isStatus(201);
    alice.put("/v1/users/alice/default-service", Map.of("service", "x")).isStatus(201);
  }

  private static void share(Client alice, String reader) {
    Map.of("bob", "owner", "carol", "writer", reader, "reader")
        .forEach(
            (user, role) -> {
              alice.put(SERVICE + "/shares/" + user, Map.of("role", role)).isStatus(201);
              alice.put(DEFINITION + "/shares/" + user, Map.of("role", "reader")).isStatus(201);
            });
    for (String role : List.of("writer", "reader")) {
      String user = role.equals("writer") ? "carol" : reader;
      alice.put(PROJECT + "/shares/" + user, Map.of("role", role)).isStatus(201);
    }
  }

  /** Dave has stored a file with the key of the service, and Alice shares one. */
  private void store(Client alice, Client dave) {
    UUID holder = UUID.fromString(dave.get("/v1/users/dave").text("/id"));
    served
        .ports()
        .storedObjects()
        .add(
            AStoredFile.of(UUID.fromString(alice.get(SERVICE).text("/id")), "file-1")
                .heldBy(holder, "dave")
                .at(1));
    alice.put(SERVICE + "/shared-objects/files/file-2", Map.of()).isStatus(201);
    connect(alice, holder);
  }

  /** Dave has a WebSocket open. */
  private void connect(Client alice, UUID dave) {
    TestResponse service = alice.get(SERVICE);
    UsageAccount account =
        new UsageAccount(
            new User.Id(dave),
            new Handle("dave"),
            new Instance.Id(UUID.fromString(service.text("/id"))),
            Instance.Ref.of("alice/x"),
            new User.Id(UUID.fromString(alice.get("/v1/users/alice").text("/id"))),
            Optional.empty());
    Set<UUID> unused =
        served
            .ports()
            .connections()
            .report(
                new UUID(0, 1),
                "node",
                List.of(
                    new NodeConnection(
                        UUID.fromString("7d0f3f0c-61a5-4be4-8a3c-0d1a5f3c9b52"),
                        account,
                        Duration.ZERO,
                        new ConnectionCounts(2, 1, 10, 4))),
                List.of());
  }

  /** Alice wants to delete a service of which Bob is a co-owner, and that needs approvals. */
  private void guard(Client alice) {
    String guarded = "/v1/llm-services/alice/guarded";
    alice.put(guarded, Map.of("definition", "d")).isStatus(201);
    alice.put(guarded + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    alice.patch(guarded, Map.of("approvals", 2)).isStatus(200);
    ids.put("approval", alice.delete(guarded).isStatus(202).text("/pending/id"));
  }

  private void issue(Client alice) {
    TestResponse using =
        alice.post("/v1/users/alice/tokens", Map.of("name", "use", "scope", "use"));
    callers.put(CallerRole.USE_TOKEN, served.holding(using.isStatus(201).text("/token")));
    remember("token", alice.post("/v1/users/alice/tokens", Map.of("name", "spare")));
  }

  /** Carol is responsible for a service account with a trust. */
  private static void trust(Client root) {
    root.post("/v1/users", Map.of("handle", "bot", "kind", "service", "responsible", "carol"))
        .isStatus(201);
    for (String name : List.of("ci", "spare")) {
      root.put("/v1/trusted-issuers/" + name, Map.of("issuer", "https://" + name + ".example"))
          .isStatus(201);
    }
    root.put("/v1/users/bot/trusts/main", Map.of("issuer", "ci", "subject", "repo:acme/app"))
        .isStatus(201);
  }

  private void offer(Client alice) {
    remember(
        "transfer", alice.post("/v1/transfers", Map.of("projects", List.of("p"), "to", "bob")));
  }

  /** What Carol may use of the service is raised for a day. */
  private void raise(Client alice) {
    String budget =
        alice.get("/v1/budgets?service=alice/x&user=carol").isStatus(200).text("/items/0/id");
    ids.put("budget", budget);
    remember(
        "raise",
        alice.post(
            "/v1/budgets/" + budget + "/raises",
            Map.of("amount", "1", "until", "2026-01-02T00:00:00Z")));
  }

  /** Alice has signed in with an identity provider. */
  private void signIn(Client alice) {
    User.Id id = new User.Id(UUID.fromString(alice.get("/v1/users/alice").text("/id")));
    Identity identity = new Identity(new Issuer("https://people.example"), new Subject("a"));
    served
        .ports()
        .identities()
        .insert(
            new LinkedIdentity(
                identity,
                id,
                false,
                false,
                served.ports().clock().instant(),
                Optional.empty(),
                UnfollowedGroups.NONE,
                false));
    Outcome<NewSession> session =
        served
            .useCase(Sessions.class)
            .start(
                new SignedIn(id, new SignInMethod.OpenId(identity, Optional.empty())),
                "192.0.2.7",
                "a browser",
                "");
    ids.put("session", Outcomes.done(session).session().id().value().toString());
  }

  private void remember(String name, TestResponse created) {
    ids.put(name, created.isStatus(201).text("/id"));
  }

  private Client caller(CallerRole who) {
    Client client = callers.get(who);
    if (client == null) {
      throw new IllegalStateException("nobody is the " + who);
    }
    return client;
  }

  @Override
  public void close() {
    served.close();
  }
}
