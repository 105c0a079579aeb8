package io.claviger.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDelayTest {
  private static final String DETAIL = "/error/details/*";
  private static final String TYPE = "type.googleapis.com/google.rpc.RetryInfo";

  @ParameterizedTest
  @CsvSource({
    "34s, PT34S",
    "34.074824224s, PT34.075S",
    "0s, PT0S",
    "0.0001s, PT0.001S",
    "999999999s, PT277777H46M39S",
    "9999999999s, none",
    "-1s, none",
    "34, none",
    "34m, none",
    "1e9s, none",
    "' 34s', none",
    "s, none",
    "'', none",
    "NaNs, none"
  })
  void google_writes_it_as_a_duration_in_seconds(String text, String expected) {
    assertThat(
            new GeminiApi()
                .retryDelay(DETAIL, Map.of("@type", TYPE, "retryDelay", text))
                .map(Duration::toString)
                .orElse("none"))
        .isEqualTo(expected);
  }

  @Test
  void it_stands_nowhere_else() {
    GeminiApi google = new GeminiApi();
    Map<String, String> other = Map.of("@type", "type.example/RetryInfo", "retryDelay", "34s");
    Map<String, String> detail = Map.of("@type", TYPE, "retryDelay", "34s");

    assertThat(google.retryDelay(DETAIL, other)).isEmpty();
    assertThat(google.retryDelay(DETAIL, Map.of("@type", TYPE))).isEmpty();
    assertThat(google.retryDelay("/error", detail)).isEmpty();
    assertThat(google.retryDelay("", detail)).isEmpty();
    assertThat(
            Arrays.stream(WireFormat.values())
                .filter(format -> format.api().retryDelay(DETAIL, detail).isPresent()))
        .containsExactly(WireFormat.GEMINI, WireFormat.VERTEX);
  }
}
