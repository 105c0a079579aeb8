package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTextTest {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** A token that another implementation of the same rules made, from the bytes 0 to 42. */
  private static final String GOLDEN = "clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0";

  private static TokenText made(long seed) {
    byte[] random = new byte[128];
    new Random(seed).nextBytes(random);
    return TokenText.of(random);
  }

  @Test
  void the_format_does_not_change() {
    byte[] random = new byte[64];
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) i;
    }
    assertThat(TokenText.of(random).reveal()).isEqualTo(GOLDEN);
  }

  @Test
  void a_token_whose_checksum_fits_is_well_formed() {
    assertThat(TokenText.presented(GOLDEN).isWellFormed()).isTrue();
  }

  @Test
  void a_token_of_which_only_the_hash_is_known_may_be_of_any_system() {
    TokenText known = TokenText.known(TokenText.presented(GOLDEN).hash());

    assertThat(known.isWellFormed()).isTrue();
    assertThat(known.isImportable()).isTrue();
    assertThat(known.hash()).isEqualTo(TokenText.presented(GOLDEN).hash());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void a_new_token_is_a_prefix_and_forty_nine_base62_characters(long seed) {
    assertThat(made(seed).reveal()).matches("clv_[0-9A-Za-z]{49}");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void a_new_token_is_well_formed(long seed) {
    assertThat(made(seed).isWellFormed()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void the_checksum_tells_every_change_of_a_single_character(long seed) {
    String token = made(seed).reveal();
    for (int at = 4; at < token.length(); at++) {
      for (int i = 0; i < ALPHABET.length(); i++) {
        char other = ALPHABET.charAt(i);
        if (other != token.charAt(at)) {
          String changed = token.substring(0, at) + other + token.substring(at + 1);
          assertThat(TokenText.presented(changed).isWellFormed()).as(changed).isFalse();
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void the_checksum_tells_neighbours_that_changed_places(long seed) {
    String token = made(seed).reveal();
    for (int at = 4; at < token.length() - 1; at++) {
      char[] swapped = token.toCharArray();
      swapped[at] = token.charAt(at + 1);
      swapped[at + 1] = token.charAt(at);
      if (swapped[at] != swapped[at + 1]) {
        assertThat(TokenText.presented(new String(swapped)).isWellFormed())
            .as("at %d", at)
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "clv_",
        "sk-proj-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "ghp_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "CLV_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ",
        "clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ00",
        "clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0\n",
        " clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0 ",
        "clv_0123456789ABCDEFGHIJ\u212aLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "clv_\u06610123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "clv-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "clv_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcde_g37cCQ0",
        "clv_' or 1=1 --",
        "\0",
        "\ud83d"
      })
  void foreign_tokens_are_not_well_formed(String text) {
    assertThat(TokenText.presented(text).isWellFormed()).isFalse();
  }

  @Test
  void every_character_is_equally_likely() {
    Map<Character, Integer> seen = new HashMap<>();
    for (int value = 0; value < 248; value++) {
      byte[] random = new byte[64];
      Arrays.fill(random, (byte) value);
      seen.merge(TokenText.of(random).reveal().charAt(4), 1, Integer::sum);
    }
    assertThat(seen).hasSize(62).allSatisfy((character, times) -> assertThat(times).isEqualTo(4));
  }

  @ParameterizedTest
  @ValueSource(ints = {248, 249, 250, 251, 252, 253, 254, 255})
  void a_byte_that_would_favour_some_characters_is_passed_over(int value) {
    byte[] random = new byte[64];
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) i;
    }
    random[0] = (byte) value;
    assertThat(TokenText.of(random).reveal()).startsWith("clv_123");
  }

  @Test
  void forty_three_usable_bytes_are_enough() {
    assertThat(TokenText.of(new byte[43]).reveal()).hasSize(53);
  }

  @Test
  void fewer_usable_bytes_make_no_token() {
    byte[] random = new byte[64];
    Arrays.fill(random, 42, 64, (byte) 0xff);
    assertThatIllegalArgumentException().isThrownBy(() -> TokenText.of(random));
  }

  @Test
  void printing_a_token_does_not_show_it() {
    assertThat(TokenText.presented(GOLDEN)).hasToString("TokenText[hidden]");
  }

  @Test
  void the_hash_is_sha_256_of_the_whole_text() {
    assertThat(TokenText.presented(GOLDEN).hash().bytes())
        .isEqualTo(
            HexFormat.of()
                .parseHex("be05cf90859a22412c6fff71b0a47fbfe1662f14f220a1f728eb66bb0931b997"));
  }

  @Test
  void equal_texts_are_equal_tokens() {
    assertThat(TokenText.presented("abc"))
        .isEqualTo(TokenText.presented("abc"))
        .hasSameHashCodeAs(TokenText.presented("abc"));
  }

  @Test
  void different_texts_are_different_tokens() {
    assertThat(TokenText.presented("abc")).isNotEqualTo(TokenText.presented("abd"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "sk",
        "clv",
        "clv_",
        "clv_x",
        "sk-\u00e9",
        "sk -",
        "sk-\n",
        "12345678901234567"
      })
  void what_could_begin_a_token_of_ours_or_anything_is_no_prefix(String text) {
    assertThatThrownBy(() -> new TokenPrefix(text)).isInstanceOf(InvalidValue.class);
  }

  @Test
  void a_text_is_importable_if_it_has_a_prefix_in_use_and_plain_characters() {
    List<TokenPrefix> prefixes = List.of(new TokenPrefix("key-"), new TokenPrefix("sk-"));
    String longest = "sk-" + "x".repeat(509);

    assertThat(List.of("sk-12345", "key-1234", "sk-~!\"#$%", longest))
        .allMatch(text -> TokenText.presented(text).isImportable(prefixes));
    assertThat(
            List.of(
                "",
                "sk-1234",
                "Sk-12345",
                "xsk-12345",
                "sk-1234\u00e9",
                "sk-12 45",
                "sk-1234\n",
                "sk-1234\u0000",
                longest + "x",
                GOLDEN,
                "clv_12345678"))
        .noneMatch(text -> TokenText.presented(text).isImportable(prefixes));
    assertThat(TokenText.presented("sk-12345").isImportable(List.of())).isFalse();
    assertThat(TokenText.presented("clv_12345678").isImportable()).isFalse();
  }
}
