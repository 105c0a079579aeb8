package io.claviger.web.userkeys;

import io.claviger.application.keys.port.UserKeyStore.NamedUserKey;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.application.userkeys.UserKeys.SavedUserKey;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.web.instances.SecretConverters;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/user-key} and {@code /v1/me/user-keys}. */
public final class UserKeyRoutes implements RouteGroup {
  private final UserKeys userKeys;

  public UserKeyRoutes(UserKeys userKeys) {
    this.userKeys = userKeys;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/me/user-keys").get(this::list, "limit", "cursor");
    routes
        .at("/v1/llm-services/{owner}/{handle}/user-key")
        .get(this::show)
        .put(this::store)
        .delete(this::delete);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(userKeys.list(call.actor(), call.page(CursorFormat.INSTANCE))),
        CursorFormat.INSTANCE,
        ListedKeyJson::of);
  }

  private void show(ApiCall call) {
    call.ok(UserKeyJson.of(Problems.valueOf(userKeys.find(call.actor(), call.service()))));
  }

  private void store(ApiCall call) {
    Instance.Ref service = call.service();
    try (Body body = call.body()) {
      SavedUserKey stored =
          Problems.valueOf(userKeys.save(call.actor(), service, command(body.fields())));
      call.written(stored.created(), UserKeyJson.of(Optional.of(stored.key())));
    }
  }

  private static NewUserKey command(JsonObject fields) {
    Field<Secret> apiKey =
        fields.required("api_key", SecretConverters.API_KEY, "Give the key to store.");
    Field<Endpoint> endpoint =
        fields.required(
            "endpoint",
            JsonConverter.text(Endpoint::ofBaseUrl),
            "Give the service's present endpoint, which GET of the service shows.");
    fields.rejectUnread();
    return new NewUserKey(apiKey.given().orElseThrow(), endpoint.given().orElseThrow());
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(userKeys.delete(call.actor(), call.service()));
    call.noContent();
  }

  /** Whether the caller has stored their own key for a service, and when they stored it. */
  record UserKeyJson(boolean hasUserKey, Optional<Instant> setAt) {
    static UserKeyJson of(Optional<UserKey> key) {
      return new UserKeyJson(key.isPresent(), key.map(UserKey::setAt));
    }
  }

  /** A service for which the caller has stored their own key, and when they stored it. */
  record ListedKeyJson(String service, Instant setAt) {
    static ListedKeyJson of(NamedUserKey listed) {
      return new ListedKeyJson(listed.instance().toString(), listed.key().setAt());
    }
  }
}
