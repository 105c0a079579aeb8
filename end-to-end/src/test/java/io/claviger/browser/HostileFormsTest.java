package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Hostile texts in every field of every form of the console. Each is stored and shown as text, or
 * refused with a sentence and typed still. Then every page is looked at with what was stored: no
 * script of a name runs, the policy is not broken, nobody has to scroll sideways on a telephone,
 * and axe-core finds nothing.
 */
@Tag("thorough")
@BrowserTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before the tests
class HostileFormsTest {
  /** A text for fields with room for forty characters. */
  private static final String SHORT = "<img src=x onerror=hit()>\"'\u202ea\ud83e\udd96</textarea>";

  private static final Map<String, String> TEXTS =
      new LinkedHashMap<>(
          Map.of(
              "of markup",
              SHORT,
              "of ten thousand characters",
              "w".repeat(10_000),
              "of control characters",
              "a\u0001\u0008\u001b\u2028\u200f\ufffe\nb",
              "with a zero",
              "a\u0000b"));

  /** The forms of a page that have fields for texts, by what they send. The page is not shown. */
  private static final String FORMS =
      """
      async path => [...new DOMParser().parseFromString(
        await (await fetch(path)).text(), 'text/html').forms].map(f =>
        [...f.elements].some(e => e.localName === 'textarea' || ['text', 'search', 'email', 'url',
          'password', 'number', 'date'].includes(e.type))
        ? f.method + f.getAttribute('action') + [...f.elements].map(e => e.name) : '')
      """;

  private static final String SOURCE = "async path => (await fetch(path)).text()";

  /** Sends one of the forms of a page that is not shown, with a text in all its fields. */
  private static final String SEND =
      """
      ([source, index, text]) => {
        const form = document.body.appendChild(
          new DOMParser().parseFromString(source, 'text/html').forms[index]);
        form.hidden = true;
        for (const e of form.elements) {
          if (['number', 'date'].includes(e.type)) e.type = 'text';
          if (e.localName === 'textarea' || ['text', 'search', 'email', 'url', 'password'].includes(e.type)) {
            e.value = text;
          }
        }
        form.submit();
      }
      """;

  private final Accessibility accessibility = new Accessibility();
  private FurnishedLab furnished;
  private ConsolePages pages;
  private Visitor owner;
  private Visitor administrator;
  private final Set<String> opened = new TreeSet<>();
  private final Set<String> known = new TreeSet<>();

  @BeforeAll
  void furnish(Lab lab) {
    furnished = FurnishedLab.of(lab, "hostile");
    pages = new ConsolePages(furnished);
    owner = lab.visitor(furnished.owner);
    administrator = lab.visitor(furnished.administrator);
    HarmlessPage.watch(owner.page());
    HarmlessPage.watch(administrator.page());
    owner.open("/console");
    administrator.open("/console");
  }

  @AfterAll
  void tidy(Lab lab) {
    furnished.removeEverybodys(lab);
    try {
      owner.close();
    } finally {
      administrator.close();
    }
  }

  @Test
  @Order(1)
  void no_page_and_no_form_of_the_console_is_forgotten(Lab lab) {
    PageRoutes routes = PageRoutes.of(lab.node);
    Set<String> forms = new TreeSet<>();
    String link = lab.signInLink("hostile-friend");
    try (Visitor elsewhere = lab.visitor(furnished.owner);
        Visitor receiver = lab.visitor(furnished.friend);
        Visitor stranger = lab.stranger(new Browser.NewContextOptions().setBypassCSP(true))) {
      elsewhere.open("/console");
      receiver.open("/console");
      stranger.open("/console/sign-in");
      for (Walk walk :
          List.of(
              walk(lab, owner, pages.ofOwner(), Map.of()),
              walk(lab, administrator, pages.ofAdministrator(), Map.of()),
              walk(lab, receiver, pages.ofReceiver(), Map.of()),
              walk(lab, stranger, List.of("/console/sign-in", link), Map.of()))) {
        assertThat(walk.faults()).isEmpty();
        opened.addAll(walk.opened());
        forms.addAll(walk.forms());
      }
    }
    assertThat(routes.unseen("GET", opened)).isEqualTo(PageRoutes.NO_PAGES);
    assertThat(routes.unseen("POST", forms)).isEqualTo(PageRoutes.SELDOM_FORMS);
  }

  @Test
  @Order(2)
  void every_form_takes_hostile_texts_or_refuses_them_and_keeps_what_was_typed(Lab lab) {
    List<String> faults = new ArrayList<>();
    int sent = 0;
    for (Walk walk :
        List.of(
            walk(lab, owner, pages.ofOwner(), TEXTS),
            walk(lab, administrator, pages.ofAdministrator(), TEXTS))) {
      faults.addAll(walk.faults());
      sent += walk.sent();
    }
    owner.forgetComplaints(); // Chromium's own, about what is not shown
    assertThat(faults).isEmpty();
    assertThat(sent).isGreaterThan(400);
  }

  @Tag("thorough")
  @Test
  @Order(3)
  void every_page_is_there_still_harmless_and_accessible_with_what_was_stored() throws Exception {
    furnished.restorePrice();
    furnished.restoreMembers();
    check(owner, pages.ofOwner(), opened);
    check(administrator, pages.ofAdministrator(), opened);
    check(owner, pages.lost(), Set.of());
  }

  @Test
  @Order(4)
  void pages_of_who_is_not_signed_in_are_harmless_and_accessible(Lab lab) throws Exception {
    try (Visitor stranger = lab.stranger(new Browser.NewContextOptions())) {
      HarmlessPage.watch(stranger.page());
      check(stranger, ConsolePages.ofStrangers(), Set.of());
    }
  }

  /** No script of a name runs, nobody has to scroll sideways, and axe-core finds nothing. */
  private void check(Visitor visitor, List<String> paths, Set<String> found) throws Exception {
    Page page = visitor.page();
    List<String> faults = new ArrayList<>();
    AutoCloseable axe = Accessibility.on(page);
    for (String path : paths) {
      page.setViewportSize(1200, 800);
      int status = visitor.open(path);
      if (status >= 500 || (found.contains(path) && status != 200)) {
        faults.add(path + ": " + status);
      }
      faults.addAll(accessibility.faults(page));
      faults.addAll(HarmlessPage.faults(page));
    }
    axe.close();
    assertThat(faults).isEmpty();
  }

  @Test
  @Order(5)
  void what_was_refused_is_shown_and_harmless(Lab lab) {
    assertThat(refused(lab, owner, pages.ofOwner())).isEmpty();
    assertThat(refused(lab, administrator, pages.ofAdministrator())).isEmpty();
  }

  /** What pages look like that answer forms with the hostile text in all fields. */
  private List<String> refused(Lab lab, Visitor visitor, List<String> paths) {
    List<String> faults = new ArrayList<>();
    Page reader = visitor.newTab(); // some of the pages that refuse may not fetch anything
    Response home = reader.navigate(lab.node.api() + "/console");
    assertThat(home.ok()).isTrue();
    Page page = visitor.page();
    page.setViewportSize(375, 800);
    for (String path : paths) {
      List<?> forms = (List<?>) reader.evaluate(FORMS, path);
      for (int form = 0; form < forms.size(); form++) {
        if (!forms.get(form).equals("") && known.add(String.valueOf(forms.get(form)))) {
          Object source = reader.evaluate(SOURCE, path);
          List<Object> sent = List.of(source, form, FurnishedLab.HOSTILE);
          Visitor.leave(page, () -> assertThat(page.evaluate(SEND, sent)).isNull());
          faults.addAll(HarmlessPage.faults(page));
        }
      }
    }
    reader.close();
    return faults;
  }

  /** The results for some pages and their forms. */
  private record Walk(List<String> faults, Set<String> opened, Set<String> forms, int sent) {}

  private Walk walk(Lab lab, Visitor visitor, List<String> paths, Map<String, String> texts) {
    Map<?, ?> answer =
        (Map<?, ?>)
            visitor
                .page()
                .evaluate(
                    script(),
                    Map.of(
                        "paths",
                        paths,
                        "texts",
                        texts,
                        "typed",
                        typed(lab),
                        "known",
                        texts.isEmpty() ? List.of() : List.copyOf(known)));
    if (!texts.isEmpty()) {
      known.addAll(texts(answer.get("known")));
    }
    return new Walk(
        List.copyOf(texts(answer.get("faults"))),
        texts(answer.get("opened")),
        texts(answer.get("actions")),
        (Integer) answer.get("sent"));
  }

  private static Set<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).collect(Collectors.toSet());
  }

  /** What is typed into the other fields, where they must not be empty. */
  private Map<String, String> typed(Lab lab) {
    String service = furnished.name + "/chat";
    return Map.ofEntries(
        Map.entry("api_key", lab.journey.key("hostile-typed")),
        Map.entry("own_key", lab.journey.key("hostile-own-typed")),
        Map.entry("to", furnished.name + "-friend"),
        Map.entry("user", furnished.name + "-friend"),
        Map.entry("amount", "5"),
        Map.entry("until", LocalDate.now(ZoneOffset.UTC).plusDays(3).toString()),
        Map.entry("valid_from", "2026-02-01"),
        Map.entry("service", service),
        Map.entry("default_service", service),
        Map.entry("issuer", "https://id#.example.org"),
        Map.entry("endpoint", lab.journey.endpoint()),
        Map.entry("url", "https://hooks.example.org/budgets"));
  }

  private static String script() {
    try (InputStream in = HostileFormsTest.class.getResourceAsStream("hostile-forms.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
