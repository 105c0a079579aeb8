package io.claviger.application.keys;

import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import java.util.List;
import java.util.Map;

/** Says which encryption keys there are, what is sealed under each, and which node holds which. */
public interface KeysStatus {
  Status status();

  /**
   * A key on record.
   *
   * @param values how many of each kind are under it
   */
  record Key(EncryptionKeyId id, boolean live, Map<KeyBinding.Kind, Long> values) {
    public Key {
      values = Map.copyOf(values);
    }
  }

  /** All of one moment. */
  record Status(List<Key> keys, List<NodeStore.Seen> nodes) {
    public Status {
      keys = List.copyOf(keys);
      nodes = List.copyOf(nodes);
    }
  }
}
