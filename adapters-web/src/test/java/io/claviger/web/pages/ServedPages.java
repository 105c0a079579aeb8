package io.claviger.web.pages;

import io.claviger.application.fakes.InMemorySessions;
import io.claviger.application.identity.SignIn;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.web.served.InMemoryUseCases;
import io.claviger.web.served.Served;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The API with its pages on a free port, with in-memory ports, {@code root} and {@code alice}. */
final class ServedPages implements AutoCloseable {
  static final String PUBLIC = "https://claviger.example.org";

  final InMemorySessions sessions;
  final SignInLinks links;
  final String rootToken;
  final String aliceToken;
  private final Served served;

  private ServedPages(Served served) {
    this.served = served;
    this.sessions = served.ports().sessions();
    this.links = served.useCase(SignInLinks.class);
    this.rootToken = served.rootToken();
    this.aliceToken =
        served
            .root()
            .post("/v1/users", Map.of("handle", "alice"))
            .isStatus(201)
            .text("/access_token");
  }

  /** Pages without an identity provider, reached over HTTP on this machine. */
  static ServedPages local() {
    return with(Pages.Settings.LOCAL);
  }

  /** Pages that are reached at this URL. */
  static ServedPages at(String publicUrl) {
    return with(new Pages.Settings(Optional.of(URI.create(publicUrl)), new LocalSignIn(true), ""));
  }

  static ServedPages with(Pages.Settings settings) {
    return new ServedPages(Served.withPages(settings, List.of(), u -> u));
  }

  /** Pages of HTTPS, with an identity provider. */
  static ServedPages with(SignIn signIn) {
    return with(signIn, u -> u);
  }

  /** Serves the pages with some other use cases. */
  static ServedPages with(SignIn signIn, UnaryOperator<InMemoryUseCases> others) {
    Pages.Settings settings =
        new Pages.Settings(
            Optional.of(URI.create(PUBLIC)), new LocalSignIn(true), "id.example.org");
    return new ServedPages(
        Served.withPages(settings, List.of(), u -> others.apply(u.with(SignIn.class, signIn))));
  }

  Served served() {
    return served;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + served.port());
  }

  FormBrowser browser() {
    return FormBrowser.of(url());
  }

  @Override
  public void close() {
    served.close();
  }
}
