package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What people come to the console for, in how many clicks. Choosing from a list is a click, typing
 * is none. The table is printed, and written to {@code target/flows.md}.
 */
@BrowserTest
@Tag("thorough")
@SuppressWarnings("NullAway.Init") // set before the tests
class FlowsTest {
  private static final ConcurrentSkipListSet<String> TABLE = new ConcurrentSkipListSet<>();

  private static final String USAGE =
      """
      insert into usage_daily (
        day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id, key_source,
        model, requests, errors, bytes_in, bytes_out, input_tokens, output_tokens, priced, cost)
      select current_date, u.id, u.handle, i.id, i.owner_handle || '/' || i.handle, i.owner_id,
        '00000000-0000-0000-0000-000000000000', 'central', i.model, 9, 0, 1, 1, 900, 90, 9,
        case u.handle when 'flow-student' then 7000000000 else 2000000000 end
      from instances i join users u on u.handle in ('flow-student', 'flow-postdoc')
      where i.owner_handle = 'flow-owner'
      """;

  private static Api owner;
  private static Api student;

  @BeforeAll
  static void furnish(Lab lab) {
    owner = lab.owner("flow-owner");
    student = lab.user("flow-student");
    Api unused = lab.user("flow-postdoc");
    Api unusedToo = lab.user("flow-newcomer");
    owner
        .put(
            "/v1/llm-services/flow-owner/chat/shares/flow-student",
            Map.of("role", "reader", "limits", Map.of("models", List.of("parrot-small"))))
        .isStatus(201);
    owner.share("flow-owner/chat", "flow-postdoc", "reader").isStatus(201);
    student.embed("flow-owner/chat").isStatus(403);
    lab.journey.tamper(USAGE);
  }

  @AfterAll
  static void print() throws IOException {
    String table =
        "| who | what | clicks | seconds |\n|---|---|---|---|\n" + String.join("\n", TABLE) + "\n";
    Path unused = Files.writeString(Path.of("target/flows.md"), table);
    System.out.println(table);
  }

  @Test
  void from_unpacking_to_the_first_lent_call_it_takes_twelve_clicks() {
    Optional<Lab> fresh = Lab.open();
    assumeTrue(fresh.isPresent(), "no Chromium");
    try (Lab lab = fresh.get();
        Visitor root = lab.stranger(new Browser.NewContextOptions());
        Visitor borrower = lab.stranger(new Browser.NewContextOptions())) {
      lab.definition(lab.root(), "root/played");
      Instant began = Instant.now();
      root.signIn(lab.root().token());
      root.follow("Add somebody");
      root.fill("Handle", "bob");
      root.press("Add");
      String token = lab.journey.token(root.page().locator("#token").innerText());
      root.follow("Register a service to lend");
      root.choose("Definition", "root/played");
      root.fill("Name", "chat");
      root.fill("API key of the provider", lab.journey.key("unpacked"));
      root.press("Register and check");
      root.follow("Lend it");
      root.fill("To", "bob");
      root.page().locator("#for-daily").click();
      assertThat(root.page().locator("#sentence")).containsText("bob may call root/chat");
      root.press("Lend");
      assertThat(root.page().locator("tr#bob")).isVisible();
      borrower.signIn(token);
      borrower.follow("Connect root/chat");
      borrower.press("Call it once");
      borrower.sees("It works. The model says:");
      int choosing = 1;
      done("owner", "unpack to the first lent call", began, 12, root.clicks() + choosing, borrower);
    }
  }

  @Test
  void a_borrower_connects_a_program(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("Connect flow-owner/chat");
      visitor.fill("For which program?", "notebook");
      visitor.press("Make a token");
      visitor.sees("This is shown once");
      done("borrower", "connect a program", began, 2, visitor.clicks());
    }
  }

  @Test
  void a_java_developer_finds_what_to_paste(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(student)) {
      visitor.open("/console");
      visitor.follow("Connect flow-owner/chat");
      visitor.page().locator("summary:text-is('LangChain4j')").click();
      assertThat(visitor.page().locator("#paste-langchain4j")).isVisible();
      done("Java developer", "find what to paste for LangChain4j", began, 2, visitor.clicks() + 1);
    }
  }

  @Test
  void somebody_asks_for_more_and_gets_it(Lab lab) {
    Instant began = Instant.now();
    try (Visitor asker = lab.visitor(student);
        Visitor giver = lab.visitor(owner)) {
      asker.open("/console");
      asker.follow("flow-owner/chat");
      asker.follow("Ask for more");
      asker.write("models", "parrot-large");
      asker.press("Ask");
      giver.open("/console");
      giver.follow("flow-student asks for more of flow-owner/chat.");
      giver.press("Grant exactly this");
      done("borrower", "ask for more, and get it", began, 5, asker.clicks(), giver);
    }
  }

  @Test
  void an_operator_sees_whether_all_nodes_are_well(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(lab.root())) {
      visitor.open("/console");
      visitor.follow("Operations");
      done("operator", "see whether all nodes are well", began, 1, visitor.clicks());
    }
  }

  @Test
  void an_auditor_sees_who_could_use_a_service_on_a_day(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(lab.root())) {
      visitor.open("/console");
      visitor.follow("Audit");
      visitor.follow("Who could use a service on a day");
      visitor.fill("Service", "flow-owner/chat");
      visitor.press("Show");
      visitor.sees("flow-postdoc");
      done("auditor", "see who could use a service on a day", began, 3, visitor.clicks());
    }
  }

  @Test
  void who_costs_most_this_month(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("By person");
      Page page = visitor.page();
      assertThat(page.locator("section:has(#things) tbody tr").first())
          .containsText("flow-student");
      done("task", "who costs most this month", began, 1, visitor.clicks());
    }
  }

  @Test
  void one_persons_loan_is_ended(Lab lab) {
    Api leaver = lab.user("flow-leaver");
    owner.share("flow-owner/chat", "flow-leaver", "reader").isStatus(201);
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("People of flow-owner/chat");
      visitor.press("End what flow-leaver has");
      assertThat(visitor.page().locator("tr#flow-leaver")).hasCount(0);
      done("task", "end one person's loan", began, 2, visitor.clicks());
    }
    leaver.embed("flow-owner/chat").isStatus(404);
  }

  @Test
  void why_somebody_was_refused(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("Audit");
      visitor.follow("Refused calls");
      assertThat(visitor.page().locator("tr:has-text('flow-student')"))
          .containsText("The model is not lent to them");
      done("task", "why was somebody refused", began, 2, visitor.clicks());
      visitor.follow("Would it pass now? flow-student at flow-owner/chat");
      visitor.sees("The call would pass, if its model and operation are lent");
    }
  }

  @Test
  void a_student_gets_five_dollars(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("flow-owner/chat");
      visitor.follow("Lend it");
      visitor.fill("To", "flow-newcomer");
      visitor.write("amount1", "5");
      visitor.press("Lend");
      assertThat(visitor.page().locator("tr#flow-newcomer")).containsText("$5");
      done("task", "give a student five dollars", began, 3, visitor.clicks());
    }
  }

  @Test
  void which_keys_are_old(Lab lab) {
    Instant began = Instant.now();
    try (Visitor visitor = lab.visitor(owner)) {
      visitor.open("/console");
      visitor.follow("Services");
      visitor.sees("Key stored");
      done("task", "which keys are old (an owner)", began, 1, visitor.clicks());
    }
    Instant again = Instant.now();
    try (Visitor visitor = lab.visitor(lab.root())) {
      visitor.open("/console");
      visitor.follow("Age of keys");
      visitor.press("Show");
      done("task", "which keys are old (an administrator)", again, 2, visitor.clicks());
    }
  }

  private static void done(
      String who, String what, Instant began, int most, int clicks, Visitor... others) {
    int all = clicks + IntStream.range(0, others.length).map(n -> others[n].clicks()).sum();
    double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
    boolean unused =
        TABLE.add(String.format(Locale.ROOT, "| %s | %s | %d | %.1f |", who, what, all, seconds));
    assertThat(all).as(what).isLessThanOrEqualTo(most);
  }
}
