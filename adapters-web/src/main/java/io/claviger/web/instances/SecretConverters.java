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
 * Converts the secrets of a body into an API key and custom headers. The body must still be closed.
 */
public final class SecretConverters {
  public static final JsonConverter<Secret> API_KEY =
      (json, place) ->
          json instanceof Json.Hidden hidden
              ? place.attempt(hidden.text()::asApiKey)
              : place.wrongType(json, "a string");

  static final JsonConverter<CustomHeaders> CUSTOM_HEADERS =
      (json, place) ->
          json instanceof Json.Members members
              ? headers(members, place)
              : place.wrongType(json, "an object");

  private SecretConverters() {}

  private static Optional<CustomHeaders> headers(Json.Members members, JsonLocation place) {
    List<CustomHeader> headers = new ArrayList<>();
    members
        .byName()
        .forEach((name, value) -> header(name, value, place.at(name)).ifPresent(headers::add));
    return headers.size() == members.byName().size()
        ? place.attempt(() -> new CustomHeaders(headers))
        : Optional.empty();
  }

  private static Optional<CustomHeader> header(String name, Json value, JsonLocation place) {
    if (!(value instanceof Json.Hidden hidden)) {
      return place.wrongType(value, "a string");
    }
    HiddenText text = hidden.text();
    return place.attempt(() -> text.asHeader(new HeaderName(name)));
  }
}
