package io.claviger.web.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.docs.Guide.Found;
import io.claviger.web.docs.Guide.Page;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation, as the build has made it and as it is served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuideTest {
  private static final Pattern LINK =
      Pattern.compile("<(?:a|img|link)[^>]* (?:href|src)=\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");

  /** Matches links that lead to pages outside of the guide, which other tests check. */
  private static final Pattern ELSEWHERE = Pattern.compile("/docs|/console|[a-z]+:.*");

  @AutoClose private final Served served = Served.start();
  private final Map<String, TestResponse> read = new HashMap<>();

  private TestResponse read(String path) {
    return read.computeIfAbsent(path, each -> served.nobody().offContract().get(each));
  }

  @Test
  void every_document_has_a_page() throws IOException {
    Path docs = Path.of("..", "docs");
    try (Stream<Path> files = Files.walk(docs)) {
      assertThat(
              files
                  .filter(file -> file.toString().endsWith(".md"))
                  .filter(file -> !file.startsWith(docs.resolve("pictures")))
                  .map(file -> docs.relativize(file).toString().replace(".md", "").toLowerCase()))
          .hasSizeGreaterThan(80)
          .allSatisfy(name -> assertThat(Guide.made().page(name)).as(name).isPresent());
    }
    assertThat(Guide.made().page(Guide.FIRST).orElseThrow().path()).isEqualTo("/docs/guide");
  }

  @Test
  void every_link_of_every_page_leads_to_a_page_and_a_heading() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Page page : Guide.made().pages()) {
      String html = read(page.path()).isStatus(200).body();
      for (String link : matches(LINK, html)) {
        links++;
        if (!resolves(page.path(), link)) {
          broken.add(page.name() + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(5_000);
  }

  private boolean resolves(String from, String link) {
    if (ELSEWHERE.matcher(link).matches()) {
      return true;
    }
    URI to = URI.create(from).resolve(link);
    TestResponse target = read(to.getRawPath());
    return target.status() == 200
        && (to.getFragment() == null || matches(ID, target.body()).contains(to.getFragment()));
  }

  private static List<String> matches(Pattern pattern, String html) {
    return pattern.matcher(html).results().map((MatchResult found) -> found.group(1)).toList();
  }

  @Test
  void no_page_has_two_elements_with_one_id_and_each_has_one_heading_of_the_first_level() {
    for (Page page : Guide.made().pages()) {
      String html = read(page.path()).body();
      assertThat(matches(ID, html)).as(page.name()).doesNotHaveDuplicates();
      assertThat(html.split("<h1", -1)).as(page.name()).hasSize(2);
    }
  }

  @Test
  void pages_run_no_scripts_and_load_nothing_from_elsewhere() {
    for (Page page : Guide.made().pages()) {
      TestResponse shown = read(page.path());
      assertThat(shown.header("Content-Security-Policy"))
          .contains("default-src 'none'", "style-src 'self';", "frame-ancestors 'none'")
          .doesNotContain("script-src", "unsafe");
      assertThat(shown.body()).doesNotContain("<script", " style=\"", "javascript:");
    }
  }

  @Test
  void pictures_are_pictures() {
    List<String> shown =
        Guide.made().pages().stream()
            .flatMap(
                page ->
                    matches(Pattern.compile("<img[^>]* src=\"([^\"]+)\""), page.article()).stream())
            .distinct()
            .toList();
    assertThat(shown).hasSizeGreaterThan(4);
    for (String picture : shown) {
      TestResponse reply = read(picture).isStatus(200);
      assertThat(reply.header("Content-Type")).startsWith("image/");
      assertThat(reply.header("Content-Security-Policy")).contains("sandbox");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "strict budget, budgets",
    "NO_COLOR, commands",
    "patroni, database",
    "one-time link, sign-in",
    "CLAVIGER_PUBLIC_URL, settings"
  })
  void what_is_searched_for_is_found_soon(String question, String page) {
    assertThat(Guide.made().search(question).stream().limit(6).map(found -> found.page().name()))
        .contains(page);
  }

  @Test
  void all_words_have_to_be_there_and_few_sections_are_enough() {
    assertThat(Guide.made().search("budget xyzzy-nothing")).isEmpty();
    assertThat(Guide.made().search("the")).hasSize(30);
    assertThat(Guide.made().search(" \t ")).isEmpty();
    assertThat(Guide.made().search("a ".repeat(100_000))).hasSizeLessThanOrEqualTo(30);
    for (Found found : Guide.made().search("budget")) {
      assertThat(found.excerpt()).hasSizeLessThan(300);
      assertThat(read(found.path().replaceFirst("#.*", "")).body())
          .contains(" id=\"" + found.anchor() + "\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "budget <b>",
        "' autofocus onfocus='alert(1)",
        "\u0000\u202e\ud800",
        "İ budget" // its lower case is longer
      })
  void what_was_searched_for_is_never_markup(String question) {
    String html =
        served
            .nobody()
            .offContract()
            .get("/docs/guide/search?q=" + URLEncoder.encode(question, StandardCharsets.UTF_8))
            .isStatus(200)
            .body();
    assertThat(html).doesNotContain("<script", "<img src=x", "<b>", "' autofocus");
  }

  @Test
  void words_that_were_found_are_marked() {
    assertThat(read("/docs/guide/search?q=strict%20budget").isStatus(200).body())
        .contains("<mark>budget</mark>", "value=\"strict budget\"");
    assertThat(read("/docs/guide/search").isStatus(200).body()).contains("Type some words");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs/guide/nothing",
        "/docs/guide/roles/nothing",
        "/docs/guide/..%2Fpages",
        "/docs/guide/pictures/make",
        "/docs/guide/pictures/..%2Fpages.txt",
        "/docs/guide/pages.txt"
      })
  void nothing_else_is_served(String path) {
    assertThat(read(path).status()).isIn(400, 404);
  }
}
