package io.claviger.domain.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"X-Team", "x", "helicone-auth", "!#$%&'*+-.^_`|~09azAZ", "x-api-key"})
  void a_name_is_an_http_token_kept_as_given(String text) {
    assertThat(new HeaderName(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a:",
        ":a",
        "a\n",
        "a\r\nHost: x",
        "a\0",
        "a\t",
        "a\u007f",
        "é",
        "\u212aey",
        "\ud83d",
        "a,b",
        "a;b",
        "a=b",
        "a/b",
        "a\\b",
        "(a)",
        "[a]",
        "{a}",
        "<a>",
        "a@b",
        "a?b",
        "\"a\""
      })
  void what_is_no_http_token_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new HeaderName(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "CONTENT-LENGTH",
        "content-type",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "TE",
        "Upgrade",
        "Authorization",
        "Cookie",
        "Accept-Encoding",
        "Forwarded",
        "X-Forwarded-For",
        "Via",
        "X-Claviger-Error"
      })
  void what_http_or_the_gateway_governs_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new HeaderName(text))
        .extracting(InvalidValue::field)
        .isEqualTo("custom_headers");
  }

  @Test
  void a_hundred_characters_are_the_most() {
    assertThat(new HeaderName("a".repeat(100)).value()).hasSize(100);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new HeaderName("a".repeat(101)));
  }

  @Test
  void names_that_differ_in_case_only_are_the_same() {
    assertThat(new HeaderName("X-Team"))
        .isEqualTo(new HeaderName("x-team"))
        .hasSameHashCodeAs(new HeaderName("x-team"));
  }

  @Test
  void names_that_differ_in_more_are_not() {
    assertThat(new HeaderName("X-Team")).isNotEqualTo(new HeaderName("X-Teams"));
  }
}
