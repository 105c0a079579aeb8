package io.claviger.web.pages;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemorySignInLinks;
import io.claviger.application.identity.SignIn;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.web.served.InMemoryOperations;
import io.claviger.web.server.CallerAddress;
import io.claviger.web.server.HttpServer;
import io.claviger.web.server.Routes;
import io.claviger.web.server.ServerLimits;
import java.net.URI;
import java.util.Optional;

/** The pages on a free port, with in-memory ports, {@code root} and {@code alice}. */
final class ServedPages implements AutoCloseable {
  static final String PUBLIC = "https://claviger.example.org";

  final SessionsInMemory sessions;
  final SignInLinks links;
  final TokenText rootToken;
  final TokenText aliceToken;
  private final AccessTokens tokens;
  private final HttpServer server;

  private ServedPages(Pages.Settings settings, Optional<SignIn> signIn) {
    InMemoryPorts ports = new InMemoryPorts();
    var useCases = InMemoryOperations.on(ports);
    Users users = useCases.users();
    tokens = useCases.accessTokens();
    rootToken = users.replaceRootToken();
    aliceToken =
        users
            .create(
                holder(rootToken),
                new Users.NewUser(new Handle("alice"), Optional.empty(), Optional.empty(), false))
            .orThrow()
            .accessToken();
    sessions = new SessionsInMemory(ports.users());
    links =
        SignInLinks.of(
            InMemorySignInLinks.of(ports.users()),
            ports.users(),
            settings.local(),
            ports.randomBytes(),
            new AuditedChanges(
                ports.transactions(), ports.auditTrail(), ports.ids(), ports.clock()));
    Routes routes = new Routes(tokens, new CallerAddress(AddressNets.NONE), 1_000_000);
    new Pages(new Pages.Operations(users, tokens, sessions, links, signIn), settings).addTo(routes);
    server = HttpServer.start("127.0.0.1", 0, ServerLimits.STANDARD, AddressNets.NONE, routes);
  }

  /** Pages without an identity provider, reached over HTTP on this machine. */
  static ServedPages local() {
    return new ServedPages(Pages.Settings.LOCAL, Optional.empty());
  }

  /** Pages that are reached at this URL. */
  static ServedPages at(String publicUrl) {
    return with(new Pages.Settings(Optional.of(URI.create(publicUrl)), new LocalSignIn(true), ""));
  }

  static ServedPages with(Pages.Settings settings) {
    return new ServedPages(settings, Optional.empty());
  }

  static ServedPages with(SignIn signIn) {
    return new ServedPages(
        new Pages.Settings(
            Optional.of(URI.create(PUBLIC)), new LocalSignIn(true), "id.example.org"),
        Optional.of(signIn));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  FormBrowser browser() {
    return FormBrowser.of(url());
  }

  Actor holder(TokenText token) {
    return switch (tokens.authenticate(token, "192.0.2.1", "test")) {
      case AccessTokens.Authentication.Authenticated known -> known.actor();
      case AccessTokens.Authentication.Rejected rejected -> throw new AssertionError();
    };
  }

  AccessTokens tokens() {
    return tokens;
  }

  @Override
  public void close() {
    server.close();
  }
}
