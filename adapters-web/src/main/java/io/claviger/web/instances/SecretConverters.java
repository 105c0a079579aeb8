package io.claviger.web.instances;

import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.web.json.HiddenText;
import io.claviger.web.json.Json;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Converts the secrets in a body into an API key and custom headers. The caller must close both the
 * results of this class and the body.
 */
public final class SecretConverters {
  public static final JsonConverter<Secret> API_KEY =
      (json, location) ->
          json instanceof Json.Hidden hidden
              ? location.attempt(hidden.text()::asApiKey)
              : location.wrongType(json, "a string");

  /**
   * Returns a converter for the secret of a credential. The converter depends on the name of the
   * secret's field.
   */
  static JsonConverter<Secret> credential(String name) {
    return (json, location) ->
        json instanceof Json.Hidden hidden
            ? location.attempt(() -> hidden.text().asCredential(name))
            : location.wrongType(json, "a string");
  }

  static final JsonConverter<CustomHeaders> CUSTOM_HEADERS =
      (json, location) ->
          json instanceof Json.Members members
              ? headers(members, location)
              : location.wrongType(json, "an object");

  private SecretConverters() {}

  private static Optional<CustomHeaders> headers(Json.Members members, JsonLocation location) {
    List<CustomHeader> headers = new ArrayList<>();
    members
        .byName()
        .forEach((name, value) -> header(name, value, location.at(name)).ifPresent(headers::add));
    return headers.size() == members.byName().size()
        ? location.attempt(() -> new CustomHeaders(headers))
        : Optional.empty();
  }

  private static Optional<CustomHeader> header(String name, Json value, JsonLocation location) {
    if (!(value instanceof Json.Hidden hidden)) {
      return location.wrongType(value, "a string");
    }
    HiddenText text = hidden.text();
    return location.attempt(() -> text.asHeader(new HeaderName(name)));
  }
}
