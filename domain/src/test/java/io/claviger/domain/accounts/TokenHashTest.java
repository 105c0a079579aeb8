package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenHashTest {
  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 20, 31, 33, 64})
  void a_hash_has_thirty_two_bytes(int length) {
    assertThatIllegalArgumentException().isThrownBy(() -> new TokenHash(new byte[length]));
  }

  @Test
  void hashes_of_the_same_bytes_are_equal() {
    assertThat(new TokenHash(filled(7)))
        .isEqualTo(new TokenHash(filled(7)))
        .hasSameHashCodeAs(new TokenHash(filled(7)));
  }

  @Test
  void hashes_that_differ_in_any_one_byte_are_different() {
    for (int at = 0; at < 32; at++) {
      byte[] other = filled(7);
      other[at] ^= 1;
      assertThat(new TokenHash(other)).as("byte %d", at).isNotEqualTo(new TokenHash(filled(7)));
    }
  }

  @Test
  void changing_the_array_given_does_not_change_the_hash() {
    byte[] given = filled(7);
    TokenHash hash = new TokenHash(given);
    given[0] = 0;
    assertThat(hash.bytes()).isEqualTo(filled(7));
  }

  @Test
  void changing_the_array_returned_does_not_change_the_hash() {
    TokenHash hash = new TokenHash(filled(7));
    hash.bytes()[0] = 0;
    assertThat(hash.bytes()).isEqualTo(filled(7));
  }

  @Test
  void only_its_beginning_is_printed() {
    assertThat(new TokenHash(filled(0xab))).hasToString("abababab…");
  }
}
