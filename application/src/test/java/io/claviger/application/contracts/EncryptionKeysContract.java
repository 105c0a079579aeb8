package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.SealedValue;
import org.junit.jupiter.api.Test;

/** What {@link EncryptionKeyStore} promises. */
public abstract class EncryptionKeysContract extends PortContract {
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final EncryptionKeyId id = sealer.sealingKey();

  @Test
  void a_key_is_on_record_as_live_with_its_sentinel() {
    SealedValue sentinel = sealer.sentinel(id);

    ports.encryptionKeys().add(id, sentinel);

    assertThat(ports.encryptionKeys().all()).contains(new Known(id, true, sentinel));
    assertThat(ports.transactions().inTransaction(() -> ports.encryptionKeys().lockAll()))
        .isEqualTo(ports.encryptionKeys().all());
  }

  @Test
  void a_key_that_is_there_stays_as_it_is() {
    SealedValue first = sealer.sentinel(id);
    ports.encryptionKeys().add(id, first);

    ports.encryptionKeys().add(id, sealer.sentinel(id));

    assertThat(ports.encryptionKeys().all()).contains(new Known(id, true, first));
  }

  @Test
  void keys_come_by_their_ids() {
    for (int i = 0; i < 5; i++) {
      InMemorySealer another = InMemorySealer.withOneKey();
      ports.encryptionKeys().add(another.sealingKey(), another.sentinel(another.sealingKey()));
    }

    assertThat(ports.encryptionKeys().all()).extracting(Known::id).isSorted().hasSizeGreaterThan(5);
  }
}
