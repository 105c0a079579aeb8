package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static HttpHeaders headers(String name, String value) {
    return DefaultHttpHeadersFactory.headersFactory()
        .withValidation(false)
        .newHeaders()
        .add(name, value);
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after, 7, 7000",
    "retry-after, ' 0 ', 0",
    "retry-after, 1.5, 1500",
    "retry-after, 999999999999999999, 3600000",
    "retry-after-ms, 250, 250",
    "retry-after-ms, 86400000, 3600000"
  })
  void a_provider_says_how_long_it_wants_to_be_left_alone(String name, String value, long millis) {
    assertThat(RetryAfter.of(headers(name, value))).contains(Duration.ofMillis(millis));
  }

  @Test
  void what_says_nothing_in_milliseconds_leaves_the_seconds() {
    assertThat(RetryAfter.of(headers("retry-after-ms", "soon").add("retry-after", "7")))
        .contains(Duration.ofSeconds(7));
    assertThat(RetryAfter.of(headers("retry-after-ms", "250").add("retry-after", "7")))
        .contains(Duration.ofMillis(250));
  }

  @Test
  void it_may_name_the_moment() {
    ZonedDateTime then = ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(2);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(then);

    assertThat(RetryAfter.of(headers("Retry-After", date)).orElseThrow())
        .isBetween(Duration.ofSeconds(110), Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "-1",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "1e300",
        "0x1p9",
        "7s",
        "\u00e9"
      })
  void what_says_nothing_is_ignored(String value) {
    assertThat(RetryAfter.of(headers("retry-after", value))).isEmpty();
  }

  @Test
  void a_moment_beyond_an_hour_is_an_hour() {
    assertThat(RetryAfter.of(headers("Retry-After", "Fri, 21 Oct 2095 07:28:00 GMT")))
        .contains(Duration.ofHours(1));
  }
}
