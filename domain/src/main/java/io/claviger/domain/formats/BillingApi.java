package io.claviger.domain.formats;

import io.claviger.domain.WireNamed;
import java.util.Optional;

/** An API of a provider from which usage and costs can be read. */
public enum BillingApi implements WireNamed {
  OPENAI("project", Optional.empty()),
  ANTHROPIC("workspace", Optional.of("x-api-key"));

  private final String scopeField;
  private final Optional<String> keyHeader;

  BillingApi(String scopeField, Optional<String> keyHeader) {
    this.scopeField = scopeField;
    this.keyHeader = keyHeader;
  }

  /**
   * Returns the provider's word for a part of an organization that it bills separately, such as a
   * project.
   */
  public String scopeField() {
    return scopeField;
  }

  /** Returns the header in which the key is sent; empty if it is sent as a bearer token. */
  public Optional<String> keyHeader() {
    return keyHeader;
  }
}
