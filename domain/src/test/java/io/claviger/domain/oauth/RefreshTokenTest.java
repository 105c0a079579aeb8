package io.claviger.domain.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTokenTest {
  private static final RefreshToken FIRST = RefreshToken.first(filled(16, 1), filled(32, 2));

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void the_next_token_is_another_one_of_the_same_family() {
    RefreshToken next = FIRST.next(filled(32, 3));

    assertThat(next.familyHash()).isEqualTo(FIRST.familyHash());
    assertThat(next.hash()).isNotEqualTo(FIRST.hash());
    assertThat(next.reveal()).isNotEqualTo(FIRST.reveal());
  }

  @Test
  void tokens_of_two_families_have_nothing_in_common() {
    RefreshToken other = RefreshToken.first(filled(16, 9), filled(32, 2));

    assertThat(other.familyHash()).isNotEqualTo(FIRST.familyHash());
    assertThat(other.hash()).isNotEqualTo(FIRST.hash());
  }

  @Test
  void a_token_is_read_from_its_text() {
    RefreshToken read = RefreshToken.presented(FIRST.reveal()).orElseThrow();

    assertThat(read.hash()).isEqualTo(FIRST.hash());
    assertThat(read.familyHash()).isEqualTo(FIRST.familyHash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "clvr_", "clvr_abc", "clv_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void what_has_another_shape_is_no_refresh_token(String text) {
    assertThat(RefreshToken.presented(text)).isEmpty();
  }

  @Test
  void one_character_more_or_an_unusual_one_is_another_shape() {
    assertThat(RefreshToken.presented(FIRST.reveal() + "A")).isEmpty();
    assertThat(RefreshToken.presented(FIRST.reveal() + "\n")).isEmpty();
    assertThat(RefreshToken.presented(FIRST.reveal().replace("clvr_A", "clvr_="))).isEmpty();
  }

  @Test
  void too_few_random_bytes_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RefreshToken.first(filled(15, 1), filled(32, 2)));
    assertThatIllegalArgumentException().isThrownBy(() -> FIRST.next(filled(31, 2)));
  }

  @Test
  void its_text_is_not_printed_by_accident() {
    assertThat(FIRST.toString()).doesNotContain(FIRST.reveal().substring(5));
  }
}
