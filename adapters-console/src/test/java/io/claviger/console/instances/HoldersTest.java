package io.claviger.console.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services with more holders, projects and tokens than a page shows. */
class HoldersTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  private static final String PAGE = "/console/services/olga/chat";
  private static final String API = "/v1/llm-services/olga/chat";
  private static final int MANY = 205;

  @SuppressWarnings("NullAway.Init") // set before the tests
  private static Person olga;

  @BeforeAll
  static void lendToMany() {
    olga = SERVED.owner("olga", Map.of("provider", "openai", "model", "gpt-4o"));
    for (int n = 0; n < MANY; n++) {
      SERVED.served().root().post("/v1/users", Map.of("handle", "holder-%03d".formatted(n)));
      olga.api().put(API + "/shares/holder-%03d".formatted(n), Map.of("role", "reader"));
    }
  }

  @Test
  void all_holders_are_shown_page_by_page_below_the_way_to_lend() {
    Set<String> seen = new HashSet<>();
    String next = PAGE + "/people";
    while (!next.isEmpty()) {
      TestResponse page = ServedConsole.sound(olga.open(next).isStatus(200));
      assertThat(page.body()).contains(MANY + " holders");
      assertThat(page.body().indexOf("Lend it")).isBetween(0, page.body().indexOf("<tbody>"));
      seen.addAll(found("<tr id=\"(holder-[0-9]+)\"", page));
      next =
          found("<a [^>]*href=\"([^\"#]+)\">Next page", page).stream()
              .findFirst()
              .map(path -> path.replace("&amp;", "&"))
              .orElse("");
    }
    assertThat(seen).hasSize(MANY);
  }

  @Test
  void a_holder_is_searched_by_name_and_no_character_is_a_wildcard() {
    assertThat(olga.open(PAGE + "/people?q=R-20").isStatus(200).body())
        .contains("5 holders", "holder-204", "Show all")
        .doesNotContain("holder-199");
    for (String wild : List.of("%25", "_", "older%25")) {
      assertThat(olga.open(PAGE + "/people?q=" + wild).isStatus(200).body())
          .contains("Nobody with this name")
          .doesNotContain("<tr id=");
    }
    assertThat(olga.open(PAGE + "/people?q=" + "x".repeat(201)).isStatus(200).body())
        .contains("Nobody with this name", "x".repeat(201));
    assertThat(olga.api().get(API + "/shares?q=R-20").at("/items").size()).isEqualTo(5);
    assertThat(olga.api().get(API + "/shares?q=" + "x".repeat(201)).status()).isEqualTo(422);
  }

  @Test
  void somebody_who_was_lent_it_is_seen_on_the_page_that_follows() {
    Person unused = SERVED.person("zoe");
    String lend = PAGE + "/lend";
    String after = olga.send(lend, Map.of("to", "zoe", "role", "reader")).header("Location");
    assertThat(olga.open(after).isStatus(200).body()).contains("<tr id=\"zoe\"");
    olga.api().delete(API + "/shares/zoe").isStatus(204);
  }

  @Test
  void before_a_deletion_all_that_breaks_is_counted_and_shown_page_by_page() {
    for (int n = 0; n < 30; n++) {
      olga.api().put("/v1/projects/olga/p%02d".formatted(n), Map.of("service", "olga/chat"));
      olga.api()
          .post(
              "/v1/users/olga/tokens",
              Map.of("name", "token-%02d".formatted(n), "service", "olga/chat"))
          .isStatus(201);
    }
    TestResponse page = ServedConsole.sound(olga.open(PAGE + "/delete").isStatus(200));
    assertThat(page.body())
        .contains(MANY + " shares end", "30 projects use it", "30 access tokens of yours")
        .contains("olga/p00", "token-00", "holder-000")
        .doesNotContain("olga/p29", "token-29");
    List<String> more = found("href=\"([^\"#]+)#[a-z]+\">More of them", page);
    assertThat(more).hasSize(3);
    String all = String.join("", more.stream().map(path -> olga.open(path).body()).toList());
    assertThat(all).contains("olga/p29", "token-29", "holder-025");
    assertThat(olga.api().get("/v1/users/olga/tokens?service=olga/chat").at("/items").size())
        .isEqualTo(30);
  }

  @Test
  void several_are_ended_at_once_after_a_page_that_names_them() {
    String people = PAGE + "/people";
    Map<String, String> chosen =
        Map.of("end-holder-203", version("holder-203"), "end-holder-204", version("holder-204"));
    TestResponse page = olga.open(people + "?q=holder-20").isStatus(200);
    TestResponse asked =
        ServedConsole.sound(olga.browser().submit(page, people + "/end", chosen).isStatus(200));
    assertThat(asked.body())
        .contains("2 people and groups", "holder-203", "holder-204")
        .doesNotContain("holder-202");
    assertThat(olga.api().get(API + "/shares/holder-203").status()).isEqualTo(200);

    Map<String, String> sure = Map.of("sure", "yes");
    assertThat(olga.browser().submit(asked, people + "/end", sure).header("Location"))
        .isEqualTo(people);
    assertThat(olga.api().get(API + "/shares/holder-203").status()).isEqualTo(404);
    assertThat(olga.api().get(API + "/shares/holder-204").status()).isEqualTo(404);
    assertThat(olga.api().get(API + "/shares/holder-202").status()).isEqualTo(200);
    assertThat(olga.browser().submit(page, people + "/end", Map.of()).header("Location"))
        .isEqualTo(people);
    for (String ended : List.of("holder-203", "holder-204")) {
      olga.api().put(API + "/shares/" + ended, Map.of("role", "reader")).isStatus(201);
    }
  }

  @Test
  void a_share_that_somebody_else_changed_does_not_end_from_an_old_page() {
    String people = PAGE + "/people";
    String end = PAGE + "/lend/end";
    Person unused = SERVED.person("zita");
    olga.api().put(API + "/shares/zita", Map.of("role", "reader")).isStatus(201);
    TestResponse old = olga.open(people + "?q=zita").isStatus(200);
    Map<String, String> chosen = Map.of("end-zita", version("zita"));
    TestResponse asked = olga.browser().submit(old, people + "/end", chosen).isStatus(200);
    olga.api().put(API + "/shares/zita", Map.of("role", "writer")).isStatus(200);

    for (TestResponse refused :
        List.of(
            olga.browser().submit(old, end, Map.of()),
            olga.browser().submit(asked, people + "/end", Map.of("sure", "yes")))) {
      assertThat(refused.isStatus(412).body()).contains("zita", "did not end");
    }
    assertThat(olga.api().get(API + "/shares/zita").text("/role")).isEqualTo("writer");

    olga.send(people + "?q=zita", end, Map.of()).isStatus(303);
    assertThat(olga.api().get(API + "/shares/zita").status()).isEqualTo(404);
    olga.browser().submit(old, end, Map.of()).isStatus(303);
  }

  private String version(String holder) {
    return olga.api().get(API + "/shares/" + holder).isStatus(200).at("/version").asString();
  }

  private static List<String> found(String pattern, TestResponse page) {
    List<String> found = new ArrayList<>();
    Pattern.compile(pattern).matcher(page.body()).results().forEach(r -> found.add(r.group(1)));
    return found;
  }
}
