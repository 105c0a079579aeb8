package io.claviger.domain.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.stream.IntStream;
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
        "chatgpt-account-id",
        "x-codex-account-id",
        "x-goog-project",
        "x-goog-authenticated-user-email",
        "x-goog-authenticated-user-id",
        "x-ms-client-principal-name",
        "x-ms-client-principal",
        "cache-control",
        "age",
        "expires",
        "pragma",
        "vary",
        "content-disposition",
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

  /** What versions before this one stored, of which some is not permitted any more. */
  private static final List<String> EARLIER =
      List.of(
          "content-*",
          "date",
          "cache-control",
          "vary",
          "retry-after",
          "retry-after-ms",
          "x-should-retry",
          "x-ratelimit-*",
          "anthropic-ratelimit-*",
          "anthropic-beta",
          "openai-processing-ms",
          "openai-version",
          "openai-model",
          "x-api-warning",
          "num_chars",
          "num_tokens",
          "x-*-call-limit",
          "x-codex-*",
          "x-models-etag",
          "x-reasoning-included",
          "x-goog-*",
          "apim-request-id",
          "x-ms-*",
          "x-envoy-upstream-service-time",
          "server-timing");

  @Test
  void the_list_that_every_format_had_now_stands_for_the_one_that_it_has() {
    assertThat(ResponseHeader.ofStored(EARLIER)).isSameAs(WireFormat.OPENAI.responseHeaders());
  }

  @ParameterizedTest
  @MethodSource("withheld")
  void a_stored_name_never_stands_for_what_must_not_come_back(String name) {
    List<String> stored = List.of(name, name.substring(0, 1) + "*", name.substring(0, 3) + "*");

    assertThat(ResponseHeader.ofStored(stored))
        .extracting(ResponseHeader::value)
        .doesNotContain(name);
  }

  @Test
  void an_asterisk_that_is_stored_stands_for_nothing_that_is_unknown() {
    List<ResponseHeader> meant =
        ResponseHeader.ofStored(List.of("x-mine", "x-goog-*", "x-ms-r*", "x-mine", "x-*"));

    assertThat(meant)
        .extracting(ResponseHeader::value)
        .startsWith(
            "x-mine", "x-ms-region", "x-ms-rai-invoked", "x-ms-retry-after-ms", "x-should-retry")
        .doesNotHaveDuplicates()
        .noneMatch(value -> value.contains("*"))
        .doesNotContain("x-goog-anything");
  }

  @Test
  void what_a_stored_list_stands_for_is_no_longer_than_a_list_may_be() {
    List<String> stored =
        Stream.concat(IntStream.range(0, 99).mapToObj(i -> "h" + i), Stream.of("x-*")).toList();

    assertThat(ResponseHeader.ofStored(stored)).hasSize(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "a*",
        "*a",
        "x-ratelimit-*",
        "x-*-limit",
        "A",
        "a b",
        "a:",
        "a\n",
        "a\0",
        "\u00e9",
        "a,b"
      })
  void anything_but_a_name_in_lower_case_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new ResponseHeader(text));
  }

  @ParameterizedTest
  @CsvSource({
    "x-ratelimit-remaining-requests, true",
    "x-litellm-key-spend, true",
    "x-litellm-key-max-budget, true",
    "x-litellm-key-tpm-limit, true",
    "x-account-balance, true",
    "x-litellm-response-cost, false",
    "openai-model, false"
  })
  void a_name_says_whether_it_tells_how_much_of_an_account_is_used(String name, boolean tells) {
    assertThat(new ResponseHeader(name).tellsRates()).isEqualTo(tells);
  }

  @Test
  void a_name_has_at_most_a_hundred_characters() {
    assertThat(new ResponseHeader("a".repeat(100)).value()).hasSize(100);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new ResponseHeader("a".repeat(101)));
  }
}
