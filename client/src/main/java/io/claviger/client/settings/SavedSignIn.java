package io.claviger.client.settings;

import io.claviger.client.json.JsonTrees;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A user's stored sign-in at a server.
 *
 * @param server the address of the API, without a slash at the end
 * @param user the handle of the user
 * @param scope the scope of the access token: {@code use} or {@code manage}
 * @param accessToken the text of the access token
 * @param expiresAt the time at which the access token expires; empty if the token never expires
 * @param refreshToken the token that can be exchanged once for a new access token; empty if the
 *     user pasted the access token
 * @param narrower the access tokens for other programs, keyed by their purposes, so that a program
 *     can get its token again
 */
public record SavedSignIn(
    URI server,
    String user,
    String scope,
    String accessToken,
    Optional<Instant> expiresAt,
    Optional<String> refreshToken,
    Map<String, KeptToken> narrower) {

  /** A token that was created for another program. */
  public record KeptToken(String text, Instant expiresAt) {
    @Override
    public String toString() {
      return "until " + expiresAt;
    }
  }

  public SavedSignIn {
    narrower = Map.copyOf(narrower);
  }

  /** Whether the access token can be replaced by another access token. */
  public boolean isRefreshable() {
    return refreshToken.isPresent();
  }

  /** Whether the access token is valid until the given time. */
  public boolean lastsUntil(Instant time) {
    return expiresAt.isEmpty() || expiresAt.get().isAfter(time);
  }

  public SavedSignIn refreshed(String access, Instant end, String refresh) {
    return new SavedSignIn(
        server, user, scope, access, Optional.of(end), Optional.of(refresh), narrower);
  }

  /**
   * Returns a copy that also contains the given token for a program, and does not contain tokens
   * that have expired.
   */
  public SavedSignIn keeping(String purpose, KeptToken token, Instant now) {
    Map<String, KeptToken> kept = new LinkedHashMap<>(narrower);
    kept.values().removeIf(each -> !each.expiresAt().isAfter(now));
    kept.put(purpose, token);
    return new SavedSignIn(server, user, scope, accessToken, expiresAt, refreshToken, kept);
  }

  static SavedSignIn from(JsonNode json) {
    Map<String, KeptToken> narrower = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : json.path("narrower").properties()) {
      narrower.put(
          each.getKey(),
          new KeptToken(
              JsonTrees.text(each.getValue(), "token"),
              JsonTrees.time(each.getValue(), "expires_at").orElse(Instant.MIN)));
    }
    return new SavedSignIn(
        URI.create(JsonTrees.text(json, "server")),
        JsonTrees.text(json, "user"),
        JsonTrees.text(json, "scope"),
        JsonTrees.text(json, "access_token"),
        JsonTrees.time(json, "expires_at"),
        JsonTrees.optional(json, "refresh_token"),
        narrower);
  }

  byte[] json() {
    ObjectNode json =
        JsonTrees.object()
            .put("server", server.toString())
            .put("user", user)
            .put("scope", scope)
            .put("access_token", accessToken);
    expiresAt.ifPresent(end -> json.put("expires_at", end.toString()));
    refreshToken.ifPresent(token -> json.put("refresh_token", token));
    ObjectNode kept = json.putObject("narrower");
    narrower.forEach(
        (purpose, token) ->
            kept.putObject(purpose)
                .put("token", token.text())
                .put("expires_at", token.expiresAt().toString()));
    return JsonTrees.pretty(json).concat("\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return user + " at " + server;
  }
}
