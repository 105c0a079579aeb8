package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EncryptionKeyTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 5869, A.3: HKDF-SHA256 without salt and info. */
  @Test
  void hkdf_agrees_with_the_vector_of_its_standard() {
    byte[] input = HEX.parseHex("0b".repeat(22));

    byte[] output = EncryptionKey.hkdf(input, new byte[0], 42);

    assertThat(HEX.formatHex(output))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @Test
  void the_id_of_a_key_never_changes() {
    assertThat(key("0123456789abcdefghijklmnopqrstuv").id().value()).isEqualTo("c204345a");
  }

  @Test
  void different_texts_make_different_keys() {
    assertThat(key("0123456789abcdefghijklmnopqrstuv").id())
        .isNotEqualTo(key("0123456789abcdefghijklmnopqrstuw").id());
  }

  @Test
  void what_was_sealed_yesterday_opens_today() throws Exception {
    byte[] sealed =
        HEX.parseHex(
            "01c204345a0be19a5da71f9aa81c0b586dcf00db7506f9bf56fab7f75e13af0cc09c6c9fd6995f67ee051ca6c133df");

    byte[] opened = key("0123456789abcdefghijklmnopqrstuv").open(sealed, new byte[] {1, 2, 3});

    assertThat(new String(opened, StandardCharsets.US_ASCII)).isEqualTo("sk-canary-0001");
  }

  private static EncryptionKey key(String text) {
    return EncryptionKey.derivedFrom(text.getBytes(StandardCharsets.UTF_8));
  }
}
