package io.claviger.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example",
        "https://id.example/",
        "https://id.example:8443/realms/lab",
        "http://localhost:8080/realms/lab",
        "http://127.0.0.1:8080",
        "http://[::1]:8080/",
      })
  void https_and_loopback_are_issuers_character_by_character(String text) {
    Issuer issuer = new Issuer(text);
    assertThat(issuer.value()).isEqualTo(text);
    assertThat(issuer.uri()).isEqualTo(URI.create(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id.example",
        "//id.example",
        "http://id.example",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.2",
        "https://",
        "https:///realms/lab",
        "https://user@id.example",
        "https://user:password@id.example",
        "https://id.example?a=b",
        "https://id.example?",
        "https://id.example#a",
        "https://id.example#",
        "https://id example",
        "https://id.example:0",
        "https://id.example:65536",
        "https:id.example",
        "ftp://id.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
      })
  void nothing_else_is_one(String text) {
    assertInvalid(text);
  }

  @Test
  void an_issuer_has_at_most_1024_characters() {
    String longest = "https://id.example/" + "a".repeat(1_024 - 19);
    assertThat(new Issuer(longest).value()).hasSize(1_024);
    assertInvalid(longest + "a");
  }

  @Test
  void issuers_that_differ_by_a_slash_are_two() {
    assertThat(new Issuer("https://id.example")).isNotEqualTo(new Issuer("https://id.example/"));
  }

  private static void assertInvalid(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Issuer(text));
  }
}
