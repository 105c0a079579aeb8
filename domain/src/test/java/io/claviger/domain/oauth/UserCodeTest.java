package io.claviger.domain.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCodeTest {
  private static final UserCode CODE = new UserCode("BCDFGHJK");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BCDFGHJK",
        "bcdfghjk",
        "BCDF-GHJK",
        "bcdf ghjk",
        " B C D F G H J K\t",
        "bcdf–ghjk"
      })
  void a_code_is_read_however_it_was_typed(String text) {
    assertThat(UserCode.typed(text)).contains(CODE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "BCDFGHJ",
        "BCDFGHJKL",
        "ACDFGHJK",
        "BCDFGHJ1",
        "BCDFGHJY",
        "BCDF_GHJK",
        "ßCDFGHJK"
      })
  void what_is_no_code_is_not_read_as_one(String text) {
    assertThat(UserCode.typed(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bcdfghjk", "BCDF-GHJK", "BCDFGHJA"})
  void a_code_has_eight_letters_of_its_alphabet(String letters) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new UserCode(letters));
  }

  @Test
  void people_see_a_code_in_two_halves() {
    assertThat(CODE.shown()).isEqualTo("BCDF-GHJK");
    assertThat(UserCode.typed(CODE.shown())).contains(CODE);
  }

  @Test
  void each_letter_stands_for_as_many_bytes_as_any_other() {
    Map<Character, Integer> seen = new HashMap<>();
    for (int value = 0; value < 240; value++) {
      byte[] random = new byte[UserCode.RANDOM_BYTES];
      Arrays.fill(random, (byte) value);
      int unused = seen.merge(UserCode.of(random).letters().charAt(0), 1, Integer::sum);
    }
    assertThat(seen).hasSize(20);
    assertThat(seen.values()).containsOnly(12);
  }

  @Test
  void bytes_that_would_favour_a_letter_are_skipped() {
    byte[] random = new byte[UserCode.RANDOM_BYTES];
    Arrays.fill(random, 0, 24, (byte) 240);
    assertThat(UserCode.of(random)).isEqualTo(new UserCode("BBBBBBBB"));

    random[24] = (byte) 255;
    assertThatIllegalArgumentException().isThrownBy(() -> UserCode.of(random));
  }
}
