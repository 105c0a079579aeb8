package io.claviger.domain.definitions;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;

/**
 * A provider in the list of providers that administrators maintain.
 *
 * @param isDefined whether an administrator defined the provider; otherwise the provider is built
 *     into Claviger
 * @param version a number that increases with each stored change
 */
public record ListedProvider(
    Provider provider, boolean isDefined, long version, Instant createdAt, Instant updatedAt) {
  public Handle handle() {
    return new Handle(provider.wireName());
  }
}
