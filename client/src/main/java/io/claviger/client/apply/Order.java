package io.claviger.client.apply;

import java.util.Comparator;

/** In which order things are written. */
final class Order {
  /** By kind, so that what others refer to comes first; then by name. */
  static final Comparator<Key> OF_KEYS =
      Comparator.comparing(Key::kind)
          .thenComparing((Key key) -> key.of())
          .thenComparing((Key key) -> key.name());

  private Order() {}
}
