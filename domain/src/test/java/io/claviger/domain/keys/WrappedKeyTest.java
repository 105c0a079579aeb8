package io.claviger.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines with wrapped keys, and URIs as in RFC 7512, The PKCS #11 URI Scheme (April 2015). */
class WrappedKeyTest {
  private static final String PKCS11 =
      "pkcs11:token=My%20token;serial=0a1b;object=key%2Cone;type=secret-key"
          + "?module-path=/usr/lib/softhsm/libsofthsm2.so";

  @Test
  void a_line_is_read_and_written_as_it_is() {
    for (String uri : new String[] {PKCS11, "transit:claviger", "transit:a/b-2/claviger"}) {
      String line = "wrapped:v1:AAEC_w:" + uri;
      WrappedKey key = WrappedKey.of(line);
      assertThat(key.wrapped()).containsExactly(0, 1, 2, -1);
      assertThat(key.with().text()).isEqualTo(uri);
      assertThat(key.line()).isEqualTo(line);
    }
  }

  @Test
  void the_attributes_of_a_token_and_a_key_are_decoded() {
    assertThat(KeyUri.of(PKCS11))
        .isEqualTo(
            new KeyUri.Pkcs11(
                PKCS11,
                Map.of("token", "My token", "serial", "0a1b"),
                "key,one",
                Optional.of("secret-key"),
                "/usr/lib/softhsm/libsofthsm2.so"));
    assertThat(KeyUri.of("pkcs11:slot-id=7;object=a+b?module-path=/l.so"))
        .isEqualTo(
            new KeyUri.Pkcs11(
                "pkcs11:slot-id=7;object=a+b?module-path=/l.so",
                Map.of("slot-id", "7"),
                "a+b",
                Optional.empty(),
                "/l.so"));
  }

  @Test
  void a_key_of_transit_has_a_mount() {
    assertThat(KeyUri.of("transit:claviger"))
        .isEqualTo(new KeyUri.Transit("transit:claviger", "transit", "claviger"));
    assertThat(KeyUri.of("transit:team/keys/claviger"))
        .isEqualTo(new KeyUri.Transit("transit:team/keys/claviger", "team/keys", "claviger"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pkcs11:object=k?module-path=/l.so | names the token",
        "pkcs11:model=m;object=k?module-path=/l.so | names the token",
        "pkcs11:token=t?module-path=/l.so | object=LABEL",
        "pkcs11:token=t;object=?module-path=/l.so | object=LABEL",
        "pkcs11:token=t;object=k | module-path",
        "pkcs11:token=t;object=k?module-path=l.so | module-path",
        "pkcs11:token=t;object=k?module-path=/l.so&module-name=x | module-path",
        "pkcs11:token=t;object=k?module-path=/l%0Aslot=1 | module-path",
        "pkcs11:token=t;object=k?module-path=/${user.home} | characters of RFC 7512",
        "pkcs11:token=t;object=k,l?module-path=/l.so | %2C",
        "pkcs11:token=t;token=u;object=k?module-path=/l.so | once",
        "pkcs11:token=t;object=k;?module-path=/l.so | name=value",
        "pkcs11:token=t;object=%zz?module-path=/l.so | two hex digits",
        "pkcs11:token=t;object=%ff?module-path=/l.so | UTF-8",
        "pkcs11:token=t;object=k;id=%01?module-path=/l.so | not by id",
        "pkcs11:token=t;object=k;x-vendor=1?module-path=/l.so | has the attributes",
        "pkcs11:token=t;object=k;type=cert?module-path=/l.so | secret-key or private",
        "pkcs11:slot-id=0x1;object=k?module-path=/l.so | a number",
        "pkcs11:token=t;object=k?module-path=/l.so&pin-value=4711 | no PIN",
        "pkcs11:token=t;object=k?module-path=/l.so&pin-source=/pin | no PIN",
        "transit: | transit:NAME",
        "transit:../sys/seal | transit:NAME",
        "transit:a//b | transit:NAME",
        "transit:a?b | transit:NAME",
        "transit:a%2Fb | transit:NAME",
        "transit:a/b/c/d/e/f/g/h/i | transit:NAME",
        "PKCS11:token=t;object=k?module-path=/l.so | begins with",
        "awskms:alias/x | begins with",
      })
  void a_uri_that_is_not_understood_is_refused_with_the_rule(String uri, String rule) {
    assertThatThrownBy(() -> KeyUri.of(uri))
        .isInstanceOf(InvalidValue.class)
        .hasMessageContaining(rule)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("4711"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrapped:",
        "wrapped:v1:",
        "wrapped:v1:AAEC",
        "wrapped:v1::transit:claviger",
        "wrapped:v1:A:transit:claviger",
        "wrapped:v1:AA+C:transit:claviger",
        "wrapped:v2:AAEC:transit:claviger",
        "WRAPPED:v1:AAEC:transit:claviger",
        "\uFEFFwrapped:v1:AAEC:transit:claviger",
        "wrapped:v1:AAEC:vault:claviger"
      })
  void what_was_meant_as_a_wrapped_key_is_never_taken_for_a_key(String text) {
    assertThat(WrappedKey.isMeantBy(text)).isTrue();
    assertThatThrownBy(() -> WrappedKey.of(text)).isInstanceOf(InvalidValue.class);
  }

  @Test
  void other_texts_are_not_meant_as_wrapped_keys() {
    assertThat(WrappedKey.isMeantBy("")).isFalse();
    assertThat(WrappedKey.isMeantBy("wrapped")).isFalse();
    assertThat(WrappedKey.isMeantBy("first-encryption-key-of-32-characters-wrapped")).isFalse();
  }
}
