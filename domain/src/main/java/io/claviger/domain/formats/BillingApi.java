package io.claviger.domain.formats;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An API from which a provider's usage and costs can be read. */
public enum BillingApi {
  OPENAI("project", Optional.empty()),
  ANTHROPIC("workspace", Optional.of("x-api-key"));

  private final String scopeField;
  private final Optional<String> keyHeader;

  BillingApi(String scopeField, Optional<String> keyHeader) {
    this.scopeField = scopeField;
    this.keyHeader = keyHeader;
  }

  /** The name in JSON and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The provider's word for the part of an organization that it bills separately. */
  public String scopeField() {
    return scopeField;
  }

  /** The header in which the key is sent; empty if it is sent as a bearer token. */
  public Optional<String> keyHeader() {
    return keyHeader;
  }

  /** Finds the API with this name, or throws {@link InvalidValue}. */
  public static BillingApi of(String wireName) {
    return Arrays.stream(values())
        .filter(api -> api.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("api", "openai or anthropic"));
  }
}
