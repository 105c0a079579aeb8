package io.claviger.client.apply;

import java.util.Comparator;

/** The order in which resources are written to the server. */
final class WriteOrder {
  /**
   * Sorts by kind, so that resources to which other resources refer come first. Within a kind,
   * sorts by name.
   */
  static final Comparator<ResourceKey> OF_KEYS =
      Comparator.comparing(ResourceKey::kind)
          .thenComparing((ResourceKey key) -> key.of())
          .thenComparing((ResourceKey key) -> key.name());

  private WriteOrder() {}
}
