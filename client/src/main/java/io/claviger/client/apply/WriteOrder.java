package io.claviger.client.apply;

import java.util.Comparator;

/** The order in which resources are written. */
final class WriteOrder {
  /** Sorts by kind, so that resources to which others refer come first, and then by name. */
  static final Comparator<ResourceKey> OF_KEYS =
      Comparator.comparing(ResourceKey::kind)
          .thenComparing((ResourceKey key) -> key.of())
          .thenComparing((ResourceKey key) -> key.name());

  private WriteOrder() {}
}
