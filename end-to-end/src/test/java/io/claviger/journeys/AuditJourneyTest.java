package io.claviger.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.bootstrap.cli.AuditExportCommand;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.testkit.http.TestResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The audit trail, read through the API and exported while nodes run. */
class AuditJourneyTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String EVENTS = "/v1/audit-events";

  /** A well-formed token that does not exist. */
  private static final String BAD = TokenText.of(new byte[64]).reveal();

  @AutoClose private final Journey journey = new Journey();
  private final Node one = journey.startNode();

  @TempDir private Path directory = Path.of("");

  @Test
  void what_was_done_and_tried_is_read_by_whom_it_concerns() {
    Api alice = journey.user(one, "alice");
    Api bob = journey.user(one, "bob");
    journey.service(alice, "alice/mine");
    alice.share("alice/mine", "bob", "reader").isStatus(201);
    bob.delete("/v1/llm-services/alice/mine").isStatus(403);

    assertThat(journey.root(one).get(EVENTS + "?target=alice/mine").items("action"))
        .containsExactly("service.delete", "service.share", "service.key_set", "service.create");
    assertThat(alice.get(EVENTS + "?target=alice/mine").items("outcome")).contains("done", "done");
    assertThat(bob.get(EVENTS + "?target=alice/mine").items("action")).isEmpty();
    assertThat(alice.get(EVENTS + "?actor=alice&action=service.share").items("actor"))
        .containsExactly("alice");
  }

  @Test
  void the_export_says_what_the_api_says_oldest_first() throws IOException, InterruptedException {
    Api alice = journey.user(one, "alice");
    journey.service(alice, "alice/mine");
    alice.patch("/v1/llm-services/alice/mine", Map.of("enabled", false)).isStatus(200);

    List<JsonNode> shown = sealed();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    AuditExportCommand.write(Settings.from(journey.environment()), TimeSpan.ALWAYS, whole);
    assertThat(asShown(whole.toString(UTF_8).lines().toList()))
        .isEqualTo(shown.reversed())
        .hasSizeGreaterThan(3);

    String since = shown.get(1).at("/at").asString();
    String until = shown.get(0).at("/at").asString();
    assertThat(exported("--since", since)).isEqualTo(shown.subList(0, 2).reversed());
    assertThat(exported("--since", since, "--until", until)).isEqualTo(shown.subList(1, 2));
  }

  /** Waits until the newest event is sealed, and returns all events, the newest first. */
  private List<JsonNode> sealed() {
    Duration unused =
        Eventually.holds(Eventually.SOON, () -> !events().getFirst().at("/number").isNull());
    return events();
  }

  private List<JsonNode> events() {
    return journey.root(one).get(EVENTS + "?limit=200").at("/items").valueStream().toList();
  }

  @Test
  void an_export_and_the_database_are_verified_and_a_change_is_found()
      throws IOException, InterruptedException {
    Api alice = journey.user(one, "alice");
    journey.service(alice, "alice/mine");
    List<JsonNode> shown = sealed();
    Path trail = directory.resolve("trail.jsonl");
    try (Program export =
        Program.start(directory, journey.environment(), "audit", "export").ended(0)) {
      Files.write(trail, export.printed());
    }

    assertThat(verified(0, trail.toString()))
        .first(STRING)
        .matches("\\d+ events are as they were sealed, up to number \\d+ of .*")
        .satisfies(
            line ->
                assertThat(Integer.parseInt(line.split(" ")[0]))
                    .isGreaterThanOrEqualTo(shown.size()));
    assertThat(verified(0).getFirst()).contains("events are as they were sealed");
    String text = Files.readString(trail);
    Files.writeString(
        trail, text.replaceFirst("\"ref\":\"alice/mine\"", "\"ref\":\"alice/other\""));
    assertThat(verified(1, trail.toString()).getFirst()).endsWith(" was changed");
    Files.writeString(trail, text.substring(0, text.indexOf('\n', text.length() / 2) + 1));
    assertThat(
            Commands.run(journey.environment(), "audit", "verify", trail.toString())
                .ended(1)
                .errors())
        .contains("is not an export of the audit trail");

    // In one statement, because a node seals what waits within a second.
    journey.alter(
        """
        do $$
        begin
          insert into audit_events (
            id, at, address, request_id, action, target_type, target_ref, outcome, fields)
          values (gen_random_uuid(), now() - interval '1 hour', '', '', 'user.create', 'user', 'x',
            'done', '{}');
          delete from audit_unsealed;
        end
        $$
        """);
    assertThat(verified(1).getFirst()).startsWith("1 events have no link");

    journey.alter(
        """
        insert into audit_events (
          id, at, address, request_id, action, target_type, target_ref, outcome, fields)
        select event_id, event_at + interval '100 years', '', '', 'user.create', 'user', 'twice',
          'done', '{}'
        from audit_chain where number = 2
        """);
    assertThat(verified(1).get(1))
        .matches("event .* has the id of number 2, of .*: one of them was inserted");
    assertThat(journey.root(one).get(EVENTS + "?target=twice").at("/items/0/number").isNull())
        .isTrue();
  }

  /** The database refuses the lines of these acts, as if something had gone wrong there. */
  @Test
  void an_act_that_gives_power_does_not_happen_without_its_line() {
    Api root = journey.root(one);
    Api alice = journey.user(one, "alice");
    Api bob = journey.user(one, "bob");
    journey.service(alice, "alice/mine");
    Map<String, Object> limits =
        Map.of("budgets", List.of(Map.of("amount", "5", "unit", "usd", "window", "day")));
    alice
        .put("/v1/llm-services/alice/mine/shares/bob", Map.of("role", "reader", "limits", limits))
        .isStatus(201);
    String budget = bob.get("/v1/budgets").isStatus(200).items("id").getFirst();
    journey.alter(
        """
        create function no_line() returns trigger language plpgsql as $$
        begin
          if new.outcome = 'done' then
            raise exception 'no line can be written';
          end if;
          return new;
        end
        $$
        """);
    journey.alter(
        "create trigger no_line before insert on audit_events for each row execute function"
            + " no_line()");

    root.post("/v1/users/alice/tokens", Map.of("name", "n", "recovery", true)).isStatus(500);
    alice.get("/v1/me").isStatus(200);
    root.delete("/v1/users/alice?force=true").isStatus(500);
    alice.get("/v1/llm-services/alice/mine").isStatus(200);
    alice
        .post(
            "/v1/budgets/" + budget + "/raises",
            Map.of("amount", "5", "until", Instant.now().plusSeconds(3_600).toString()))
        .isStatus(500);
    assertThat(journey.column("select count(*) from budget_raises")).containsExactly("0");
    assertThat(catchThrowable(() -> one.context().get(SignInLinks.class).make(new Handle("alice"))))
        .isNotNull();
    assertThat(journey.column("select count(*) from sign_in_links")).containsExactly("0");
    assertThat(Commands.run(journey.environment(), "audit", "export").ended(1).printed()).isEmpty();

    journey.alter("drop trigger no_line on audit_events");
    root.delete("/v1/users/alice?force=true").isStatus(204);
    assertThat(root.get(EVENTS + "?action=user.delete&outcome=done").items("actor"))
        .containsExactly("root");
  }

  private List<String> verified(int code, String... files) {
    List<String> arguments = new ArrayList<>(List.of("audit", "verify"));
    arguments.addAll(List.of(files));
    return Commands.run(journey.environment(), arguments.toArray(String[]::new))
        .ended(code)
        .printed();
  }

  @Tag("thorough")
  @Test
  void who_reads_no_further_ends_the_export_in_good_order() throws InterruptedException {
    Api unused = journey.user(one, "alice");
    journey.tamper(
        """
        insert into audit_events (
          id, at, address, request_id, action, target_type, target_ref, outcome, fields)
        select gen_random_uuid(), now() - n * interval '1 s', '192.0.2.1', 'r', 'user.update',
          'user', 'alice', 'done', '{}'
        from generate_series(1, 20000) n
        """);

    try (Program program =
        Program.startInto(
            List.of("head", "-n", "1"), directory, journey.environment(), "audit", "export")) {
      assertThat(program.ended(0).printed()).hasSize(1);
      assertThat(program.errors()).isEmpty();
    }
    assertThat(exported()).hasSizeGreaterThan(20_000);
  }

  @Test
  void bad_tokens_are_counted_together_on_each_node_and_a_good_one_passes() {
    Node two = journey.startNode();
    Api alice = journey.user(one, "alice");
    Api guessing = alice.holding(BAD);
    journey.service(alice, "alice/mine");
    for (int n = 0; n < RejectedTokens.AT_ONCE; n++) {
      TestResponse reply = n % 2 == 0 ? guessing.get("/v1/me") : guessing.embed("alice/mine");
      reply.isStatus(401);
    }

    TestResponse api = guessing.get("/v1/me").isProblem(429, "too_many_bad_tokens");
    TestResponse gateway = guessing.embed("alice/mine").isRefused(429, "too_many_bad_tokens");
    assertThat(Integer.parseInt(api.header("Retry-After"))).isBetween(1, 60);
    assertThat(Integer.parseInt(gateway.header("Retry-After"))).isBetween(1, 60);
    alice.get("/v1/me").isStatus(200);
    alice.embed("alice/mine").isStatus(200);

    journey.stop(one);
    journey.root(two).holding(BAD).get("/v1/me").isStatus(401);
    assertThat(journey.root(two).get(EVENTS + "?action=token.rejected").items("count"))
        .containsExactly("1", Integer.toString(RejectedTokens.AT_ONCE + 1), "1");
  }

  /** The events of an export as the API shows them. */
  private List<JsonNode> exported(String... options) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("audit", "export"));
    arguments.addAll(List.of(options));
    try (Program program =
        Program.start(directory, journey.environment(), arguments.toArray(String[]::new))) {
      return asShown(program.ended(0).printed());
    }
  }

  private static List<JsonNode> asShown(List<String> lines) {
    return lines.stream()
        .<JsonNode>map(JSON::readTree)
        .filter(line -> line.has("id"))
        .filter(line -> !line.at("/action").asString().equals("audit.export"))
        .<JsonNode>map(line -> ((ObjectNode) line).remove(List.of("actor_id", "target_owner_id")))
        .toList();
  }
}
