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
    Keyring both = variable(ONE + "," + OTHER);

    assertThat(both.first().id()).isEqualTo(variable(ONE).first().id());
    assertThat(both.ids()).hasSize(2);
  }

  @Test
  void a_file_holds_one_key_a_line_and_white_space_at_line_ends_does_not_count() {
    Keyring ring =
        Keyring.ofFile((ONE + " \r\n" + OTHER + "\t\n\n").getBytes(StandardCharsets.UTF_8));

    assertThat(ring.ids()).isEqualTo(variable(OTHER + "," + ONE).ids());
    assertThat(ring.first().id()).isEqualTo(variable(ONE).first().id());
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
    assertThatThrownBy(() -> variable(text))
        .isInstanceOf(BadEncryptionKey.class)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("first-", "aaaa", "31-characters"));
  }

  @Test
  void printing_a_keyring_shows_ids_only() {
    assertThat(variable(ONE).toString()).matches("Keyring\\[[0-9a-f]{8}\\]");
  }

  private static Keyring variable(String text) {
    return Keyring.ofVariable(text.getBytes(StandardCharsets.UTF_8));
  }
}
