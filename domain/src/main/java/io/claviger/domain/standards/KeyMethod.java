package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** The way in which an API key is sent. */
public enum KeyMethod {
  AUTH_BEARER,
  CUSTOM_HEADER,
  QUERY_PARAM,
  BODY_FORM,
  NONE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static KeyMethod of(String name) {
    return Arrays.stream(values())
        .filter(m -> m.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValue(
                    "key_method", "auth_bearer, custom_header, query_param, body_form or none"));
  }
}
