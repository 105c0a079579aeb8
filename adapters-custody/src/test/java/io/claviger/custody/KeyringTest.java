package io.claviger.custody;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.WrappedKey;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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

  @Test
  void a_wrapped_key_has_the_id_of_the_key_itself_and_stands_beside_others() {
    String line = "wrapped:v1:AAEC:transit:claviger";
    Keyring both = Keyring.of((line + "," + OTHER).getBytes(UTF_8), wrapped -> ONE.getBytes(UTF_8));

    assertThat(both.first().id()).isEqualTo(ring(ONE).first().id());
    assertThat(both.wrappings())
        .containsExactly(Map.entry(both.first().id(), KeyUri.of("transit:claviger")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrapped:v1:AAEC:transit:claviger,first-encryption-key-of-32-characters",
        "wrapped:v1:AAEC:transit:claviger,wrapped:v1:AAED:transit:claviger",
      })
  void a_key_that_is_given_wrapped_and_once_more_is_refused(String text) {
    assertThatThrownBy(() -> Keyring.of(text.getBytes(UTF_8), wrapped -> ONE.getBytes(UTF_8)))
        .hasMessage("The same encryption key is given twice.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "one-key-of-32-characters-01234567,and-another-one-0123456789-01234",
        "wrapped:v1:AAEC:transit:claviger"
      })
  void what_a_wrapped_key_unwraps_to_has_to_be_one_strong_key(String inside) {
    byte[] text = "wrapped:v1:AAEC:transit:claviger".getBytes(UTF_8);

    assertThatThrownBy(() -> Keyring.of(text, wrapped -> inside.getBytes(UTF_8)))
        .isInstanceOf(BadEncryptionKey.class);
  }

  @Test
  void a_text_that_was_meant_as_a_wrapped_key_never_seals() {
    for (String text :
        new String[] {
          "wrapped:v1:AAEC:transit:claviger",
          "wrapped:v1:AAEC:transit:claviger-0123456789?",
          "Wrapped:v1:AAEC:transit:claviger-0123456789",
          "\uFEFFwrapped:v1:AAEC:transit:claviger-0123456789",
          "wrapped:v2:AAECAwQFBgcICQoL:transit:claviger-0123456789"
        }) {
      assertThatThrownBy(() -> ring(text)).isInstanceOf(BadEncryptionKey.class);
    }
  }

  @Test
  void keys_are_checked_without_being_unwrapped() {
    Keyring.check(("wrapped:v1:AAEC:transit:claviger," + ONE).getBytes(UTF_8));
    for (String text : new String[] {"wrapped:v1:AAEC:vault:x," + ONE, "short", ONE + "," + ONE}) {
      assertThatThrownBy(() -> Keyring.check(text.getBytes(UTF_8)))
          .isInstanceOf(BadEncryptionKey.class);
    }
  }

  @Test
  void each_key_is_wrapped_anew_and_tried_before_it_is_returned() {
    byte[] text = ("wrapped:v1:AAEC:transit:old," + OTHER).getBytes(UTF_8);
    KeyUri with = KeyUri.of("transit:new");
    Function<WrappedKey, byte[]> unwrap =
        key -> key.with().equals(with) ? key.wrapped().clone() : ONE.getBytes(UTF_8);
    List<WrappedKey> keys = Keyring.rewrap(text, unwrap, key -> new WrappedKey(key.clone(), with));

    assertThat(keys)
        .extracting(key -> new String(key.wrapped(), UTF_8))
        .containsExactly(ONE, OTHER);
    assertThatThrownBy(
            () ->
                Keyring.rewrap(
                    ONE.getBytes(UTF_8),
                    unwrap,
                    key -> new WrappedKey(OTHER.getBytes(UTF_8), with)))
        .hasMessageContaining("unwraps to a different key");
  }

  private static Keyring ring(String text) {
    return Keyring.of(text.getBytes(UTF_8));
  }
}
