package io.claviger.custody;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TinkLinkCipherTest {
  private static final String OLD = "an-old-encryption-key-of-some-length-0123456789";
  private static final String NEW = "a-new-encryption-key-of-some-length-0123456789";
  private static final byte[] CONTENT = "model gpt-5".getBytes(UTF_8);

  private final TinkLinkCipher cipher = cipher(OLD);

  @Test
  void what_was_encrypted_is_read_again() {
    assertThat(cipher.decrypt(cipher.encrypt(CONTENT))).contains(CONTENT);
  }

  @Test
  void the_same_becomes_the_same() {
    assertThat(cipher.encrypt(CONTENT)).isEqualTo(cipher(OLD).encrypt(CONTENT));
  }

  @Test
  void the_content_does_not_show() {
    assertThat(new String(cipher.encrypt(CONTENT), UTF_8)).doesNotContain("model", "gpt");
  }

  @Test
  void each_changed_byte_makes_it_unreadable() {
    byte[] encrypted = cipher.encrypt(CONTENT);
    for (int i = 0; i < encrypted.length; i++) {
      byte[] changed = encrypted.clone();
      changed[i] ^= 1;

      assertThat(cipher.decrypt(changed)).as("byte %d", i).isEmpty();
    }
  }

  @Test
  void nothing_and_noise_are_unreadable() {
    assertThat(cipher.decrypt(new byte[0])).isEmpty();
    assertThat(cipher.decrypt(new byte[4])).isEmpty();
    assertThat(cipher.decrypt(new byte[100])).isEmpty();
  }

  @Test
  void links_stay_readable_while_their_encryption_key_is_held() {
    byte[] before = cipher.encrypt(CONTENT);

    assertThat(cipher(NEW + "," + OLD).decrypt(before)).contains(CONTENT);
    assertThat(cipher(NEW).decrypt(before)).isEmpty();
  }

  private static TinkLinkCipher cipher(String keys) {
    return new TinkLinkCipher(Keyring.of(keys.getBytes(UTF_8)));
  }
}
