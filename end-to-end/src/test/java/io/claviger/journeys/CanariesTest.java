package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanariesTest {
  private static final String SECRET = "sk-canary/3f9d+51";

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc", "abcd"})
  void a_secret_is_found_in_base64_whatever_stands_around_it(String around) {
    byte[] bytes = (around + SECRET + around).getBytes(StandardCharsets.UTF_8);
    assertThat(found(Base64.getEncoder().encodeToString(bytes))).isNotEmpty();
    assertThat(found(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))).isNotEmpty();
  }

  @Test
  void a_secret_is_found_in_hex_of_either_case_url_encoded_and_in_the_clear() {
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    assertThat(found("x" + HexFormat.of().formatHex(bytes))).isNotEmpty();
    assertThat(found(HexFormat.of().withUpperCase().formatHex(bytes))).isNotEmpty();
    assertThat(found(URLEncoder.encode(SECRET, StandardCharsets.UTF_8))).isNotEmpty();
    assertThat(found("{\"key\":\"" + SECRET + "\"}")).isNotEmpty();
  }

  @Test
  void nothing_is_found_where_nothing_is() {
    assertThat(found("sk-canary and nothing more")).isEmpty();
  }

  private static List<String> found(String text) {
    Canaries canaries = new Canaries();
    canaries.add(SECRET);
    return canaries.in(text);
  }
}
