package io.claviger.domain.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeaderTest {
  /** Of every kind of header that must not come back, with a name for each beginning. */
  static List<String> withheld() {
    return List.of(
        "set-cookie",
        "set-cookie2",
        "cookie",
        "location",
        "refresh",
        "link",
        "alt-svc",
        "connection",
        "keep-alive",
        "transfer-encoding",
        "upgrade",
        "content-length",
        "content-encoding",
        "content-security-policy",
        "content-security-policy-report-only",
        "x-content-type-options",
        "strict-transport-security",
        "clear-site-data",
        "nel",
        "report-to",
        "reporting-endpoints",
        "access-control-allow-origin",
        "cross-origin-opener-policy",
        "forwarded",
        "via",
        "x-forwarded-for",
        "x-real-ip",
        "x-original-url",
        "x-rewrite-url",
        "x-sendfile",
        "x-sendfile-type",
        "x-accel-redirect",
        "x-accel-expires",
        "x-lighttpd-send-file",
        "x-litespeed-location",
        "x-reproxy-url",
        "surrogate-control",
        "cdn-cache-control",
        "proxy-authenticate",
        "www-authenticate",
        "anthropic-organization-id",
        "openai-organization",
        "openai-project",
        "authorization",
        "x-api-key",
        "x-goog-api-key",
        "x-request-id",
        "request-id",
        "x-provider-request-id",
        "x-claviger-service");
  }

  @ParameterizedTest
  @MethodSource("withheld")
  void what_must_not_come_back_can_not_be_listed(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new ResponseHeader(name))
        .extracting(InvalidValue::field)
        .isEqualTo("response_headers");
  }

  @ParameterizedTest
  @MethodSource("withheld")
  void an_asterisk_never_stands_for_what_must_not_come_back(String name) {
    Stream.of(name.substring(0, 1) + "*", name.substring(0, name.length() - 1) + "*")
        .filter(listed -> !WithheldHeaders.withholds(listed))
        .map(ResponseHeader::new)
        .forEach(
            header -> {
              assertThat(header.matches(name)).as(header.value()).isFalse();
              assertThat(header.matches(name.toUpperCase(Locale.ROOT))).isFalse();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after, Retry-After, true",
    "retry-after, retry-after-ms, false",
    "x-ratelimit-*, x-ratelimit-limit, true",
    "x-ratelimit-*, x-ratelimit-, true",
    "x-ratelimit-*, x-ratelimit, false",
    "x-*-call-limit, x-trial-endpoint-call-limit, true",
    "x-*-call-limit, X-A-Call-Limit, true",
    "x-*-call-limit, x-call-limit, false",
    "x-*-call-limit, x-a-call-limits, false",
    "a*a, a, false",
    "a*a, aa, true"
  })
  void an_asterisk_stands_for_any_characters(String listed, String name, boolean matches) {
    assertThat(new ResponseHeader(listed).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "*", "**", "*a", "a**", "a*b*", "A", "a b", "a:", "a\n", "a\0", "\u00e9", "a,b"
      })
  void anything_but_a_name_in_lower_case_with_one_asterisk_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new ResponseHeader(text));
  }

  @Test
  void a_name_has_at_most_a_hundred_characters_and_an_asterisk() {
    assertThat(new ResponseHeader("a".repeat(100) + "*").value()).hasSize(101);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new ResponseHeader("a".repeat(102)));
  }
}
