package io.claviger.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"/console", "/console/account", "/console/device?code=a&b=%2F", "/console/a#b"})
  void a_page_of_the_console_is_kept(String path) {
    assertThat(ReturnPath.of(path).value()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/v1/users",
        "/consoles",
        "/console@evil.example",
        "console/account",
        "//evil.example",
        "//evil.example/console/",
        "https://evil.example/console/",
        "/console//evil.example",
        "/console/../v1/users",
        "/console/..\\evil.example",
        "/console/\\evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/console/a b",
        "/console/\t/evil.example",
        "/console/\r\nLocation: https://evil.example",
        " /console/account",
        "/console/\u0000",
        "/console/\u7f8e",
        "javascript:alert(1)",
      })
  void everything_else_leads_to_the_start(String wanted) {
    assertThat(ReturnPath.of(wanted)).isEqualTo(ReturnPath.START);
    assertThatIllegalArgumentException().isThrownBy(() -> new ReturnPath(wanted));
  }

  @Test
  void a_path_has_at_most_a_thousand_characters() {
    String longest = "/console/" + "a".repeat(991);
    assertThat(ReturnPath.of(longest).value()).isEqualTo(longest);
    assertThat(ReturnPath.of(longest + "a")).isEqualTo(ReturnPath.START);
  }
}
