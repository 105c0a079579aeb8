package io.claviger.web.userkeys;

import io.claviger.application.userkeys.DeleteUserKey;
import io.claviger.application.userkeys.FindUserKey;
import io.claviger.application.userkeys.StoreUserKey;
import io.claviger.application.userkeys.UserKeysModule;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.Secret;
import io.claviger.web.instances.SecretConverters;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;
import java.util.Optional;

/** {@code /v1/llm-services/{owner}/{handle}/user-key}. */
public final class UserKeyRoutes {
  private final FindUserKey find;
  private final StoreUserKey store;
  private final DeleteUserKey delete;

  public UserKeyRoutes(UserKeysModule userKeys) {
    this.find = userKeys.findUserKey();
    this.store = userKeys.storeUserKey();
    this.delete = userKeys.deleteUserKey();
  }

  public void addTo(Routes routes) {
    routes
        .at("/v1/llm-services/{owner}/{handle}/user-key")
        .get(this::show)
        .put(this::store)
        .delete(this::delete);
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), call.service())) {
      case FindUserKey.Outcome.Found found -> call.ok(UserKeyJson.of(found.key()));
      case FindUserKey.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void store(ApiCall call) {
    InstanceRef service = call.service();
    try (Body body = call.body()) {
      switch (store.store(call.actor(), service, command(body.fields()))) {
        case StoreUserKey.Outcome.Stored stored ->
            call.written(stored.created(), UserKeyJson.of(Optional.of(stored.key())));
        case StoreUserKey.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private static StoreUserKey.Command command(JsonObject fields) {
    Field<Secret> apiKey =
        fields.required("api_key", SecretConverters.API_KEY, "Give the key that is to be stored.");
    Field<Endpoint> endpoint =
        fields.required(
            "endpoint",
            JsonConverter.text(Endpoint::of),
            "Say where the key is to go, as GET shows it.");
    fields.rejectUnread();
    return new StoreUserKey.Command(apiKey.given().orElseThrow(), endpoint.given().orElseThrow());
  }

  private void delete(ApiCall call) {
    switch (delete.delete(call.actor(), call.service())) {
      case DeleteUserKey.Outcome.Deleted deleted -> call.noContent();
      case DeleteUserKey.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
