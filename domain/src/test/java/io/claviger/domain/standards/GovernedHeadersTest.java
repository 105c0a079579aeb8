package io.claviger.domain.standards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GovernedHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "Content-Length",
        "Content-Type",
        "Content-Encoding",
        "Content-Anything",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "HTTP2-Settings",
        "Authorization",
        "Cookie",
        "Cookie2",
        "Set-Cookie",
        "Accept-Encoding",
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "X-Request-Id",
        "X-Claviger-Service"
      })
  void what_http_and_the_gateway_set_is_governed_in_any_case(String name) {
    assertThat(GovernedHeaders.governs(name)).isTrue();
    assertThat(GovernedHeaders.governs(name.toLowerCase(Locale.ROOT))).isTrue();
    assertThat(GovernedHeaders.governs(name.toUpperCase(Locale.ROOT))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Accept",
        "User-Agent",
        "x-api-key",
        "x-goog-api-key",
        "api-key",
        "OpenAI-Beta",
        "contents",
        "x-forward",
        "hosts",
        "x-host",
        "x-authorization",
        "traceparent"
      })
  void anything_else_is_not(String name) {
    assertThat(GovernedHeaders.governs(name)).isFalse();
  }
}
