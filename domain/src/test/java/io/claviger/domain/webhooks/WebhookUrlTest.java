package io.claviger.domain.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://hooks.example, https://hooks.example/",
    "https://hooks.example/, https://hooks.example/",
    "HTTPS://Hooks.Example:443/a/, https://hooks.example/a/",
    "https://hooks.example/a, https://hooks.example/a",
    "https://hooks.example:8443/a?token=x&y=%20, https://hooks.example:8443/a?token=x&y=%20",
    "https://hooks.example?, https://hooks.example/?",
    "https://[2001:DB8:0:0::1]:444/a?b=/c?d, https://[2001:db8::1]:444/a?b=/c?d"
  })
  void host_has_one_normal_form_and_path_and_query_stay_as_given(String given, String normal) {
    assertThat(WebhookUrl.of(given).url()).isEqualTo(normal);
    assertThat(WebhookUrl.of(normal)).isEqualTo(WebhookUrl.of(given));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.example",
        "http://hooks.example/",
        "ftp://hooks.example/",
        "https://user:secret@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example/?a=b#part",
        "https://hooks.example/a/../b",
        "https://hooks.example/%2e%2e/b",
        "https://hooks.example/a b",
        "https://hooks.example/?a=b c",
        "https://hooks.example/?a=\r\nx-injected: 1",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://hooks.example:0/",
        "https://hooks.example:65536/"
      })
  void other_urls_are_refused_without_repeating_them(String url) {
    assertThatThrownBy(() -> WebhookUrl.of(url))
        .isInstanceOfSatisfying(
            InvalidValue.class, e -> assertThat(e.fault().pointer()).isEqualTo("/url"))
        .hasMessageNotContaining("secret");
  }

  @Test
  void a_url_is_at_most_2048_characters_long() {
    String start = "https://hooks.example/?";
    String longest = start + "a".repeat(2_048 - start.length());

    assertThat(WebhookUrl.of(longest).url()).hasSize(2_048);
    assertThatThrownBy(() -> WebhookUrl.of(longest + "a")).isInstanceOf(InvalidValue.class);
  }
}
