package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
  private static final String ONE = "first-encryption-key-of-32-characters";
  private static final String OTHER = "other-encryption-key-of-32-characters";

  @Test
  void the_first_key_seals_and_all_open() {
    Keyring both = ring(ONE + "," + OTHER);

    assertThat(both.first().id()).isEqualTo(ring(ONE).first().id());
    assertThat(both.ids()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "only-31-characters-long-0123456",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefg",
        "first-encryption-key of-32-characters",
        "first-encryption-key-of-32-characters,",
        ",first-encryption-key-of-32-characters",
        "first-encryption-key-of-32-characters,first-encryption-key-of-32-characters",
      })
  void a_weak_or_malformed_key_is_refused_and_not_repeated(String text) {
    assertThatThrownBy(() -> ring(text))
        .isInstanceOf(BadEncryptionKey.class)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("first-", "aaaa", "31-characters"));
  }

  @Test
  void printing_a_keyring_shows_ids_only() {
    assertThat(ring(ONE).toString()).matches("Keyring\\[[0-9a-f]{8}\\]");
  }

  private static Keyring ring(String text) {
    return Keyring.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
