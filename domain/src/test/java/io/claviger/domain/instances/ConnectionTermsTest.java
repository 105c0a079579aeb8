package io.claviger.domain.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTermsTest {
  private static final String APP = "https://app.example.org";

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_441, Integer.MAX_VALUE})
  void a_connection_lasts_for_a_minute_to_a_day(int minutes) {
    assertThatThrownBy(() -> new ConnectionTerms.Longest(minutes)).isInstanceOf(InvalidValue.class);
    assertThat(new ConnectionTerms.Longest(1).minutes()).isEqualTo(1);
    assertThat(new ConnectionTerms.Longest(1_440).minutes()).isEqualTo(1_440);
  }

  @Test
  void a_page_is_allowed_if_its_origin_is_named_or_none_is() {
    WebOrigins named = new WebOrigins(List.of(APP, "http://localhost:5173", APP));

    assertThat(named.names()).containsExactly("http://localhost:5173", APP);
    assertThat(named.allow(List.of())).isTrue();
    assertThat(named.allow(List.of(APP))).isTrue();
    assertThat(named.allow(List.of(APP, APP))).isFalse();
    assertThat(named.allow(List.of("https://app.example.org.evil.example"))).isFalse();
    assertThat(named.allow(List.of("null"))).isFalse();
    assertThat(WebOrigins.ANY.allow(List.of("https://elsewhere.example"))).isTrue();
    assertThat(WebOrigins.ANY.allow(List.of())).isTrue();
    assertThat(WebOrigins.ANY.allow(List.of(APP, "https://elsewhere.example"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "null", "https://app.example.org/", "https://a.example:443", "HTTPS://a", ""})
  void what_no_browser_sends_is_no_origin(String text) {
    assertThatThrownBy(() -> new WebOrigins(List.of(APP, text))).isInstanceOf(InvalidValue.class);
  }

  @Test
  void there_are_16_origins_of_280_characters_at_most() {
    List<String> many = IntStream.range(0, 17).mapToObj(n -> "https://" + n + ".example").toList();

    assertThat(new WebOrigins(many.subList(0, 16)).names()).hasSize(16);
    assertThatThrownBy(() -> new WebOrigins(many)).isInstanceOf(InvalidValue.class);
    assertThat(WebOrigins.isOrigin("https://" + "a".repeat(272))).isTrue();
    assertThat(WebOrigins.isOrigin("https://" + "a".repeat(273))).isFalse();
  }

  @Test
  void usual_terms_are_one_object() {
    assertThat(ConnectionTerms.of(60, List.of())).isSameAs(ConnectionTerms.USUAL);
    assertThat(ConnectionTerms.of(60, List.of(APP)).origins().names()).containsExactly(APP);
  }
}
