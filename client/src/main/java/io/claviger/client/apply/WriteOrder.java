package io.claviger.client.apply;

import java.util.Comparator;

/** In which order resources are written. */
final class WriteOrder {
  /** By kind, so that what others refer to comes first; then by name. */
  static final Comparator<ResourceKey> OF_KEYS =
      Comparator.comparing(ResourceKey::kind)
          .thenComparing((ResourceKey key) -> key.of())
          .thenComparing((ResourceKey key) -> key.name());

  private WriteOrder() {}
}
