package io.claviger.imports.dhamps.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.imports.dhamps.port.SourceDecryption.Sealed;
import io.claviger.imports.shared.SourceKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DhampsDecryptionTest {
  private static final byte[] VECTOR =
      HexFormat.of()
          .parseHex(
              "000102030405060708090a0bcd2ea121cd5f7ad23dfe60fc6de7dcc103bea077ee619b93a86563a218db66f5");

  private final DhampsDecryption sealing = under("test-encryption-key-12345");

  @Test
  void it_opens_the_vector() {
    SourceKey found = sealing.open(new Sealed(VECTOR));
    assertThat(found).isInstanceOf(SourceKey.Usable.class);
    assertThat(((SourceKey.Usable) found).secret().<String>lend(DhampsDecryptionTest::text))
        .isEqualTo("my-api-key-12345");
  }

  @Test
  void any_bit_flipped_keeps_it_closed() {
    for (int bit = 0; bit < 8 * VECTOR.length; bit++) {
      byte[] changed = VECTOR.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(sealing.open(new Sealed(changed))).isEqualTo(new SourceKey.Closed());
    }
  }

  @Test
  void bytes_of_any_length_are_no_fault() {
    for (int length = 0; length < 64; length++) {
      assertThat(sealing.open(new Sealed(new byte[length]))).isEqualTo(new SourceKey.Closed());
    }
  }

  @Test
  void another_key_or_none_keeps_it_closed() {
    assertThat(under("test-encryption-key-12346").open(new Sealed(VECTOR)))
        .isEqualTo(new SourceKey.Closed());
    assertThat(DhampsDecryption.withoutKey().open(new Sealed(VECTOR)))
        .isEqualTo(new SourceKey.Closed());
  }

  private static DhampsDecryption under(String text) {
    return DhampsDecryption.under(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
