package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedValueTest {
  private static byte[] sealed() {
    byte[] bytes = new byte[1 + 4 + 12 + 1 + 16];
    bytes[0] = 1;
    bytes[1] = (byte) 0xde;
    bytes[2] = (byte) 0xad;
    bytes[3] = 0x0b;
    bytes[4] = (byte) 0xef;
    return bytes;
  }

  @Test
  void a_sealed_value_names_the_encryption_key_it_was_sealed_under() {
    assertThat(new SealedValue(sealed()).sealedUnder()).isEqualTo(new EncryptionKeyId("dead0bef"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 32, 33})
  void what_is_too_short_to_hold_anything_is_not_sealed(int length) {
    byte[] bytes = new byte[length];
    if (length > 0) {
      bytes[0] = 1;
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new SealedValue(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 's', 0xff})
  void what_begins_otherwise_is_not_sealed(int first) {
    byte[] bytes = sealed();
    bytes[0] = (byte) first;
    assertThatIllegalArgumentException().isThrownBy(() -> new SealedValue(bytes));
  }

  @Test
  void a_sealed_value_keeps_its_bytes_whatever_is_done_to_the_arrays() {
    byte[] given = sealed();
    SealedValue value = new SealedValue(given);
    given[10] = 1;
    value.bytes()[10] = 1;
    assertThat(value.bytes()).isEqualTo(sealed());
  }

  @Test
  void values_of_the_same_bytes_are_equal() {
    assertThat(new SealedValue(sealed()))
        .isEqualTo(new SealedValue(sealed()))
        .hasSameHashCodeAs(new SealedValue(sealed()));
  }

  @Test
  void values_that_differ_in_one_byte_are_not() {
    byte[] other = sealed();
    other[33] = 1;
    assertThat(new SealedValue(other)).isNotEqualTo(new SealedValue(sealed()));
  }

  @Test
  void a_sealed_value_prints_as_the_name_of_its_encryption_key() {
    assertThat(new SealedValue(sealed())).hasToString("SealedValue[under dead0bef]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "dead0be", "dead0beff", "DEAD0BEF", "dead0beg", "dead0be\n", "dead 0be"})
  void an_encryption_key_is_named_by_eight_lower_case_hex_digits(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new EncryptionKeyId(text));
  }

  @Test
  void names_of_encryption_keys_are_ordered_and_print_as_themselves() {
    EncryptionKeyId one = new EncryptionKeyId("00000001");
    assertThat(one).isLessThan(new EncryptionKeyId("0000000a")).hasToString("00000001");
  }
}
