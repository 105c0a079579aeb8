package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.HeaderName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private static final String KEY = "sk-0123456789abcdef";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Secret key() {
    return Secret.apiKey(bytes(KEY));
  }

  private static String read(Secret secret) {
    return secret.lend(b -> new String(b, StandardCharsets.UTF_8));
  }

  @Test
  void a_key_is_lent_as_it_was_given() {
    assertThat(read(key())).isEqualTo(KEY);
  }

  @Test
  void a_key_may_be_lent_again() {
    Secret key = key();
    assertThat(read(key)).isEqualTo(KEY);
    assertThat(read(key)).isEqualTo(KEY);
  }

  @Test
  void the_copy_that_was_lent_is_wiped_when_the_callback_returns() {
    byte[] kept = key().lend(copy -> copy);
    assertThat(kept).hasSize(KEY.length()).containsOnly(0);
  }

  @Test
  void the_copy_that_was_lent_is_wiped_when_the_callback_throws() {
    byte[][] kept = new byte[1][];
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                key()
                    .lend(
                        copy -> {
                          kept[0] = copy;
                          throw new IllegalStateException();
                        }));
    assertThat(kept[0]).hasSize(KEY.length()).containsOnly(0);
  }

  @Test
  void what_a_callback_does_to_its_copy_does_not_change_the_secret() {
    Secret key = key();
    Integer length =
        key.lend(
            copy -> {
              Arrays.fill(copy, (byte) 'x');
              return copy.length;
            });
    assertThat(length).isEqualTo(KEY.length());
    assertThat(read(key)).isEqualTo(KEY);
  }

  @Test
  void closing_wipes_the_secret_itself() {
    byte[] taken = bytes(KEY);
    Secret.takingOver(taken).close();
    assertThat(taken).containsOnly(0);
  }

  @Test
  void a_closed_secret_is_not_lent() {
    Secret key = key();
    key.close();
    assertThatIllegalStateException().isThrownBy(() -> read(key));
  }

  @Test
  void closing_twice_does_no_harm() {
    Secret key = key();
    key.close();
    key.close();
    assertThatIllegalStateException().isThrownBy(() -> read(key));
  }

  @Test
  void the_array_that_a_key_was_made_from_is_wiped() {
    byte[] given = bytes(KEY);
    Secret key = Secret.apiKey(given);
    assertThat(given).containsOnly(0);
    assertThat(read(key)).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "two words", "sk-ünïcödé"})
  void the_array_that_a_refused_key_was_made_from_is_wiped_too(String text) {
    byte[] given = bytes(text);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Secret.apiKey(given));
    assertThat(given).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " sk-0123456789abcdef",
        "sk-0123456789abcdef ",
        "\tsk-0123456789abcdef\t",
        "sk-0123456789abcdef\n",
        "\r\n sk-0123456789abcdef\r\n"
      })
  void white_space_around_a_key_is_trimmed(String text) {
    assertThat(read(Secret.apiKey(bytes(text)))).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10_239, 10_240})
  void a_key_has_eight_to_ten_thousand_two_hundred_and_forty_bytes(int length) {
    assertThat(read(Secret.apiKey(bytes("k".repeat(length))))).hasSize(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 10_241, 100_000})
  void a_shorter_or_longer_key_is_refused(int length) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Secret.apiKey(bytes("k".repeat(length))))
        .extracting(InvalidValue::field)
        .isEqualTo("api_key");
  }

  @Test
  void trimmed_white_space_does_not_count() {
    assertThat(read(Secret.apiKey(bytes(" ".repeat(20_000) + "k".repeat(8))))).hasSize(8);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Secret.apiKey(bytes(" ".repeat(20) + "k".repeat(7))));
  }

  @Test
  void every_visible_ascii_character_may_stand_in_a_key_and_no_other_byte() {
    for (int value = 0; value < 256; value++) {
      byte[] given = bytes("01234567890");
      given[5] = (byte) value;
      boolean taken;
      try {
        Secret.apiKey(given).close();
        taken = true;
      } catch (InvalidValue refused) {
        taken = false;
      }
      assertThat(taken).as("byte %d", value).isEqualTo(value >= '!' && value <= '~');
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sk-ab", "sk-secret secret", "sk-secret\0secret", "sk-secret\ud83d\ude00"})
  void a_refusal_does_not_repeat_the_key(String text) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Secret.apiKey(bytes(text)))
        .satisfies(e -> assertThat(e.toString() + e.fault()).doesNotContain("sk-"));
  }

  @Test
  void printing_a_secret_shows_nothing() {
    assertThat(key()).hasToString("Secret[hidden]");
  }

  @Test
  void printing_what_holds_a_secret_shows_nothing() {
    CustomHeader header = new CustomHeader(new HeaderName("x-a"), key());
    assertThat(header.toString() + new CustomHeaders(List.of(header))).doesNotContain(KEY);
  }

  @Test
  void secrets_of_the_same_bytes_are_not_equal() {
    assertThat(key()).isNotEqualTo(key());
  }

  @Test
  void the_hash_code_of_a_secret_does_not_come_from_its_bytes() {
    Secret key = key();
    assertThat(key.hashCode()).isEqualTo(System.identityHashCode(key));
  }

  @Test
  void a_secret_can_not_be_serialized() throws IOException {
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> out.writeObject(key()));
    }
  }

  @Test
  void secrets_are_compared_without_being_opened() {
    Secret one = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.UTF_8));
    Secret same = Secret.apiKey("sk-0123456789\n".getBytes(StandardCharsets.UTF_8));
    Secret other = Secret.apiKey("sk-0123456780".getBytes(StandardCharsets.UTF_8));

    assertThat(one.isSameAs(same)).isTrue();
    assertThat(one.isSameAs(other)).isFalse();
    same.close();
    assertThatIllegalStateException().isThrownBy(() -> one.isSameAs(same));
    assertThatIllegalStateException().isThrownBy(() -> same.isSameAs(one));
  }

  @Test
  void a_secret_has_no_accessor_and_no_field_that_others_can_read() {
    assertThat(Secret.class.getDeclaredMethods())
        .filteredOn(
            m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers()))
        .extracting(Method::getName)
        .containsExactlyInAnyOrder("lend", "isSameAs", "close", "toString");
    assertThat(Secret.class.getDeclaredFields())
        .allMatch(f -> Modifier.isPrivate(f.getModifiers()));
    assertThat(Secret.class.getConstructors()).isEmpty();
  }

  /**
   * If such a key were accepted, the private key itself would be sent to the token URL as a client
   * secret.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kty\":\"RSA\",\"d\":\"AQAB\"}",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        "a secret"
      })
  void a_text_without_a_key_in_pem_is_no_assertion_key(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Secret.credential(bytes, "assertion_key"))
        .matches(fault -> fault.field().equals("assertion_key"));
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void text_may_come_before_a_key_in_pem() {
    byte[] bytes =
        "Bag Attributes\n-----BEGIN PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);
    try (Secret key = Secret.credential(bytes, "assertion_key")) {
      assertThat(key).hasToString("Secret[hidden]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "client_secret, 8, true",
    "client_secret, 7, false",
    "client_secret, 10240, true",
    "client_secret, 10241, false",
    "key, 8, true",
    "key, 7, false",
    "key, 16384, true",
    "key, 16385, false"
  })
  void the_secret_of_a_credential_has_bounds(String field, int length, boolean allowed) {
    byte[] given = bytes("x".repeat(length));
    if (allowed) {
      try (Secret secret = Secret.credential(given, field)) {
        assertThat(read(secret)).hasSize(length);
      }
    } else {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> Secret.credential(given, field))
          .satisfies(e -> assertThat(e.fault().pointer()).isEqualTo("/" + field));
    }
    assertThat(given).containsOnly(0);
  }

  /** Spaces may stand between other characters, and lines only in a file. */
  @Test
  void the_secret_of_a_credential_is_printable() {
    for (int each = 0; each < 256; each++) {
      boolean printable = each >= 0x20 && each < 0x7f;
      boolean space = each == ' ' || each == '\t' || each == '\r' || each == '\n';
      assertThat(holds((byte) each, "client_secret")).isEqualTo(printable);
      assertThat(holds((byte) each, "key")).isEqualTo(printable || space);
    }
  }

  private static boolean holds(byte each, String field) {
    byte[] given = bytes("secret-secret");
    given[6] = each;
    try {
      Secret.credential(given, field).close();
      return true;
    } catch (InvalidValue e) {
      return false;
    }
  }

  @Test
  void an_api_key_as_a_credential_follows_the_rules_of_keys() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Secret.credential(bytes("two words here"), "api_key"));
    try (Secret key = Secret.credential(bytes(KEY), "api_key")) {
      assertThat(read(key)).isEqualTo(KEY);
    }
  }
}
