package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {
  private static final String HOSTILE = "\"><script>alert('x')</script>&amp;";
  private static final String ESCAPED =
      "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;";

  @Test
  void text_and_attributes_are_escaped_wherever_they_stand() {
    Html all =
        Html.all(
            Html.heading(HOSTILE),
            Html.paragraph(HOSTILE),
            Html.warning(HOSTILE),
            Html.strong(HOSTILE),
            Html.code(HOSTILE),
            Html.link("/x?" + HOSTILE, HOSTILE),
            Html.form("/x?" + HOSTILE, Html.hidden(HOSTILE, HOSTILE), Html.button(HOSTILE)),
            Html.secretField(HOSTILE, HOSTILE),
            Html.textField(HOSTILE, HOSTILE, HOSTILE),
            Html.facts(java.util.List.of(new Html.Fact(HOSTILE, HOSTILE))));
    assertThat(all.toString()).contains(ESCAPED).doesNotContain("<script", "alert('");
    assertThat(
            new String(
                HtmlPage.of(HOSTILE, HOSTILE, all).bytes(Pages.PageFrame.NONE, false),
                java.nio.charset.StandardCharsets.UTF_8))
        .doesNotContain("<script", "alert('");
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example", "https://evil.example", "javascript:x", "/\\evil", ""})
  void links_and_forms_stay_on_this_server(String path) {
    assertThatThrownBy(() -> Html.link(path, "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Html.form(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "data:text/html,x", "ftp://x"})
  void a_link_elsewhere_is_a_web_address(String location) {
    assertThatThrownBy(() -> Html.linkElsewhere(URI.create(location), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
