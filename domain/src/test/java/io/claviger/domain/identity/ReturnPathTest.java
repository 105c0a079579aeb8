package io.claviger.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"/console", "/console/device", "/console/device?x=1&y=%20", "/console/a.b/~c"})
  void a_page_of_the_console_is_kept(String path) {
    assertThat(ReturnPath.of(path).value()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/console//evil.example",
        "/console/../docs",
        "/console/%2e%2E/docs",
        "/console/.%2e/docs",
        "/console\\..\\x",
        "/docs",
        "/consoles",
        "/console/account\r\nX: y",
        "/console/x y",
        "/console/x?u=https://evil.example",
        "javascript:alert(1)",
        ""
      })
  void anything_else_becomes_the_start_page(String path) {
    assertThat(ReturnPath.of(path)).isEqualTo(ReturnPath.START);
    assertThatThrownBy(() -> new ReturnPath(path)).isInstanceOf(IllegalArgumentException.class);
  }
}
