package io.claviger.domain.definitions;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;

/**
 * A provider in the list that administrators keep.
 *
 * @param isDefined whether an administrator defined the provider; if not, Claviger knows it itself
 */
public record ListedProvider(
    Provider provider, boolean isDefined, long version, Instant createdAt, Instant updatedAt) {
  public Handle handle() {
    return new Handle(provider.wireName());
  }
}
