package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages, cursors and query parameters, whatever the list. */
class ListsTest {
  @AutoClose private static final Served SERVED = Served.start();
  private static final Client ROOT = SERVED.root();

  @BeforeAll
  static void start() {
    for (int i = 0; i < 60; i++) {
      ROOT.post("/v1/users", Map.of("handle", "u%02d".formatted(i))).isStatus(201);
    }
  }

  @Test
  void a_page_has_fifty_items_unless_said_otherwise() {
    assertThat(ROOT.get("/v1/users").at("/items").size()).isEqualTo(50);
    assertThat(ROOT.get("/v1/users?limit=3").at("/items").size()).isEqualTo(3);
    assertThat(ROOT.get("/v1/users?limit=200").at("/items").size()).isEqualTo(61);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "201", "-1", "x", "", "1.5", "007", "99999999999"})
  void another_limit_is_422(String limit) {
    ROOT.get("/v1/users?limit=" + limit).hasFaults("/limit invalid_value");
  }

  @Test
  void a_page_of_large_items_ends_early_and_nothing_is_lost() {
    String description = "€".repeat(10_000);
    for (int i = 0; i < 80; i++) {
      ROOT.put("/v1/projects/root/p%02d".formatted(i), Map.of("description", description))
          .isStatus(201);
    }
    List<String> seen = new ArrayList<>();
    String path = "/v1/projects/root?limit=200";
    int pages = 0;
    while (!path.isEmpty()) {
      TestResponse page = ROOT.get(path);
      assertThat(page.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_050_000);
      page.at("/items").forEach(project -> seen.add(project.at("/handle").stringValue()));
      path = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen).hasSize(80).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void following_the_links_shows_everything_once() {
    List<String> seen = new ArrayList<>();
    String path = "/v1/users?limit=7";
    while (!path.isEmpty()) {
      TestResponse page = ROOT.get(path);
      page.at("/items").forEach(user -> seen.add(user.at("/handle").stringValue()));
      path = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }
    assertThat(seen).hasSize(61).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void the_link_keeps_the_filters() {
    TestResponse page = ROOT.get("/v1/llm-definitions?limit=1&provider=openai");
    assertThat(page.header("Link"))
        .startsWith("</v1/llm-definitions?limit=1&provider=openai&cursor=");
    String next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    assertThat(ROOT.get(next).text("/items/0/handle")).isEqualTo("openai-large");
  }

  @Test
  void the_last_page_has_no_next() {
    TestResponse page = ROOT.get("/v1/llm-definitions");
    assertThat(page.at("/next_cursor").isNull()).isTrue();
    assertThat(page.headers().map()).doesNotContainKey("Link");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "AAAA", "AAAAAAAA", "%00", "!!!", "ÄÄ"})
  void a_cursor_that_is_none_is_422(String cursor) {
    String escaped = cursor.replace("Ä", "%C3%84");
    ROOT.get("/v1/users?cursor=" + escaped).isStatus(escaped.equals("%00") ? 400 : 422);
  }

  @Test
  void a_mangled_cursor_is_422() {
    String cursor = ROOT.get("/v1/users?limit=5").text("/next_cursor");
    for (int i = 0; i < cursor.length(); i++) {
      char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
      String mangled = cursor.substring(0, i) + other + cursor.substring(i + 1);
      ROOT.get("/v1/users?cursor=" + mangled).hasFaults("/cursor invalid_value");
    }
    ROOT.get("/v1/users?cursor=" + cursor + "=").hasFaults("/cursor invalid_value");
  }

  @Test
  void a_cursor_of_another_list_is_422() {
    String cursor = ROOT.get("/v1/users?limit=5").text("/next_cursor");
    ROOT.get("/v1/api-standards?cursor=" + cursor).hasFaults("/cursor invalid_value");
    String mine = ROOT.get("/v1/llm-definitions?limit=1").text("/next_cursor");
    ROOT.get("/v1/llm-definitions/_system?cursor=" + mine).hasFaults("/cursor invalid_value");
  }

  @Test
  void an_unknown_parameter_is_named() {
    ROOT.get("/v1/users?page=2").hasFaults("/page unknown_parameter");
  }

  @Test
  void a_parameter_given_twice_is_named() {
    ROOT.get("/v1/users?limit=2&limit=2").hasFaults("/limit duplicate_parameter");
  }

  @Test
  void everything_that_is_wrong_with_filters_is_said_at_once() {
    ROOT.get("/v1/llm-services/root?provider=X&owner=A&role=y&enabled=z&limit=0&q=")
        .hasFaults(
            "/provider invalid_value",
            "/owner invalid_value",
            "/role invalid_value",
            "/enabled invalid_value",
            "/limit invalid_value",
            "/q invalid_value");
  }

  @Test
  void every_list_of_the_registry_pages() {
    TestResponse first = ROOT.get("/v1/providers?limit=5");
    assertThat(first.text("/items/0/name")).isEqualTo("anthropic");
    TestResponse rest = ROOT.get("/v1/providers?cursor=" + first.text("/next_cursor"));
    assertThat(rest.at("/items").size()).isEqualTo(Provider.known().size() - 5);
  }
}
