package io.claviger.domain.standards;

import io.claviger.domain.WireNamed;

/** The way in which an API key is sent. */
public enum KeyMethod implements WireNamed {
  AUTH_BEARER,
  CUSTOM_HEADER,
  QUERY_PARAM,
  BODY_FORM,
  NONE;

  public static KeyMethod of(String name) {
    return WireNamed.of(values(), name, "key_method");
  }
}
