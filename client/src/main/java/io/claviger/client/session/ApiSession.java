package io.claviger.client.session;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.ConfirmedDestinations;
import io.claviger.client.settings.SavedSignIn;
import io.claviger.client.settings.SavedSignIns;
import io.claviger.client.terminal.ProgramContext;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The sign-in of a user at one server, and the API of that server. The access token is refreshed
 * before it expires. If the user runs several processes, only one of them refreshes the token,
 * because the sign-in ends if a refresh token is used twice.
 */
public final class ApiSession implements AutoCloseable {
  /** A token that expires within this time is refreshed before it is used. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private final SavedSignIns signIns;
  private final String name;
  private final Clock clock;
  private final String version;
  private final Api api;
  private SavedSignIn signIn;

  /** Whether the server has said that this sign-in has ended. */
  private boolean hasEnded;

  private ApiSession(
      SavedSignIns signIns, String name, SavedSignIn signIn, ProgramContext context) {
    this.signIns = signIns;
    this.name = name;
    this.signIn = signIn;
    this.clock = context.clock();
    this.version = context.version();
    this.api = new Api(signIn.server(), new Tokens());
  }

  /**
   * Opens the sign-in with a server.
   *
   * @param server the server's name in the user's settings; if empty, the server of the last
   *     sign-in
   */
  public static ApiSession open(ProgramContext context, Optional<String> server) {
    SavedSignIns signIns = SavedSignIns.of(context);
    String name = server.or(signIns::current).orElseThrow(() -> none(signIns));
    SavedSignIn signIn = signIns.find(name).orElseThrow(() -> SavedSignIns.notSignedIn(name));
    return new ApiSession(signIns, name, signIn, context);
  }

  private static ClientFault none(SavedSignIns signIns) {
    return signIns.names().isEmpty()
        ? ClientFault.of(
            "nobody is signed in", "claviger login URL, with --manage if you want to change things")
        : ClientFault.of(
            "say which server: --server " + String.join(" or --server ", signIns.names()));
  }

  public String name() {
    return name;
  }

  /** Returns the file of this sign-in if other users of this machine may read or write the file. */
  public Optional<Path> fileOpenToOthers() {
    return signIns.openToOthers(name);
  }

  /** The user's handle. */
  public String user() {
    return signIn.user();
  }

  public SavedSignIn signIn() {
    return signIn;
  }

  public Api api() {
    return api;
  }

  /**
   * Returns the destinations to which this user has agreed to send keys of this server's services.
   */
  public ConfirmedDestinations destinations() {
    return signIns.destinationsAt(signIn.server());
  }

  public String version() {
    return version;
  }

  /**
   * Returns the full reference of a service. If the text is only a handle, the service belongs to
   * the user.
   */
  public String ref(String text) {
    return text.contains("/") ? text : user() + "/" + text;
  }

  /** Returns a service's path in the API, followed by the given segments. */
  public String servicePath(String ref, String... more) {
    String[] parts = ref(text(ref)).split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw ClientFault.of("a service is written OWNER/HANDLE, or HANDLE for one of your own");
    }
    return Api.path("v1", "llm-services", parts[0], parts[1]) + Api.path(more);
  }

  private static String text(String ref) {
    return ref.strip();
  }

  /**
   * Refreshes the access token if it expires before the given time. Even the new token might expire
   * before that time.
   *
   * @return the time at which the access token expires; empty if the token never expires
   */
  public Optional<Instant> ensureLastsUntil(Instant time) {
    if (!signIn.lastsUntil(time) && signIn.isRefreshable()) {
      signIn =
          signIns.replace(name, kept -> ofSameUser(kept).lastsUntil(time) ? kept : refreshed(kept));
    }
    return signIn.expiresAt();
  }

  /**
   * Ends a sign-in that can be refreshed, with all tokens that were created with it.
   *
   * @return false if the server did not end the sign-in
   */
  public boolean end() {
    return hasEndedAfter(() -> api.delete("/v1/me/token")) || (hasEnded && endByRefreshing());
  }

  /**
   * Ends the sign-in although the server no longer knows its access token. The sign-in has to be
   * ended because the refresh token might still be valid, even for somebody who has copied it. With
   * a valid refresh token, this method gets a new access token, and ends the sign-in with the new
   * access token. If the refresh token was used before, the sign-in ends because the refresh token
   * is used again.
   */
  private boolean endByRefreshing() {
    hasEnded = false;
    return hasEndedAfter(
            () -> {
              signIn = signIns.replace(name, kept -> refreshed(ofSameUser(kept)));
              api.delete("/v1/me/token");
            })
        || hasEnded;
  }

  private static boolean hasEndedAfter(Runnable ending) {
    try {
      ending.run();
      return true;
    } catch (ApiRefusal | ClientFault e) {
      return false;
    }
  }

  /**
   * Stores a token that was created for another program, so that this program can get the token
   * again.
   */
  public void keep(String purpose, SavedSignIn.KeptToken token) {
    signIn =
        signIns.replace(name, kept -> ofSameUser(kept).keeping(purpose, token, clock.instant()));
  }

  /**
   * Refuses a sign-in that has replaced this sign-in under the same name, but is for another server
   * or another user, because a server could otherwise get the tokens of another server.
   */
  private SavedSignIn ofSameUser(SavedSignIn kept) {
    if (!kept.server().equals(signIn.server()) || !kept.user().equals(signIn.user())) {
      throw ClientFault.of(
          "the name %s now stands for the sign-in of %s".formatted(name, kept),
          "Run the command again.");
    }
    return kept;
  }

  private SavedSignIn refreshed(SavedSignIn kept) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("client_id", "claviger");
    form.put("refresh_token", kept.refreshToken().orElseThrow());
    try (Api open = new Api(kept.server(), new Api.Fixed(Optional.empty()))) {
      JsonNode granted = open.form("/oauth/token", form);
      return kept.refreshed(
          JsonTrees.text(granted, "access_token"),
          clock.instant().plus(JsonTrees.seconds(granted, "expires_in")),
          JsonTrees.text(granted, "refresh_token"));
    } catch (ApiRefusal e) {
      throw e.code().equals("invalid_grant") ? ended() : e.fault();
    }
  }

  private ClientFault ended() {
    hasEnded = true;
    return ClientFault.of(
        "the sign-in with %s has ended".formatted(signIn.server()),
        "Sign in again: claviger login %s --name %s".formatted(signIn.server(), name));
  }

  private final class Tokens implements Api.AccessTokens {
    @Override
    public Optional<String> token() {
      Optional<Instant> unused = ensureLastsUntil(clock.instant().plus(MARGIN));
      return Optional.of(signIn.accessToken());
    }

    /**
     * Returns the access token that another process has stored since the refused token was read. If
     * there is none, the sign-in has ended, and a fault is thrown.
     */
    @Override
    public Optional<String> insteadOf(String refused) {
      SavedSignIn kept = ofSameUser(signIns.find(name).orElseThrow(ApiSession.this::ended));
      if (kept.accessToken().equals(refused)) {
        throw ended();
      }
      signIn = kept;
      return Optional.of(kept.accessToken());
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
