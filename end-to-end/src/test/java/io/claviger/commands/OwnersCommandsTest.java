package io.claviger.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import io.claviger.commands.Machine.Result;
import io.claviger.journeys.Api;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands with which owners consent to changes and subscribe to events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnersCommandsTest {
  @TempDir private static Path directory = Path.of("");
  @AutoClose private final SignedInMachines machines = SignedInMachines.ofTheirOwnNode();
  private Machine alice = new Machine(directory);
  private Machine root = new Machine(directory);
  private Api owner = machines.journey.root(machines.node);

  @BeforeAll
  void signIn() {
    owner = machines.journey.user(machines.node, "alice");
    machines.journey.user(machines.node, "bob");
    machines.journey.user(machines.node, "carol");
    alice =
        new Machine(directory.resolve("alice"))
            .signedIn(machines.withToken(owner, "alice", "manage"));
    root =
        new Machine(directory.resolve("root"))
            .signedIn(machines.withToken(machines.journey.root(machines.node), "root", "manage"));
  }

  @Test
  void what_waits_is_shown_approved_and_declined() {
    machines.register(alice, "guarded");
    owner.patch("/v1/llm-services/alice/guarded", Map.of("approvals", 2)).isStatus(200);

    Result lent = alice.run("lend", "guarded", "--to", "bob", "--role", "owner");
    assertThat(lent.exitCode()).isEqualTo(3);
    assertThat(lent.err() + lent.out()).contains("waits for the consent");
    Result waiting = root.run("approvals").done();
    String share = waiting.lines().getLast().split(" ")[0];
    assertThat(waiting.out())
        .contains("alice/guarded", "alice", "share:bob", "role: nothing → owner");
    assertThat(alice.run("approve", share).failed().err()).contains("You asked for this");
    assertThat(root.run("approve", share).done().out()).contains("The change is made.");
    assertThat(root.run("approve", share).failed().err()).contains("not_open");
    assertThat(owner.get("/v1/llm-services/alice/guarded/shares/bob").text("/role"))
        .isEqualTo("owner");

    Result asJson = alice.run("lend", "guarded", "--to", "carol", "--role", "owner", "--json");
    assertThat(asJson.exitCode()).isEqualTo(3);
    String id = JsonTrees.text(JsonTrees.read(asJson.out().getBytes(UTF_8)).path("pending"), "id");
    alice.run("decline", id).done();

    Result deleted = alice.run("delete", "guarded", "--yes");
    assertThat(deleted.exitCode()).isEqualTo(3);
    String deletion = alice.run("approvals").done().lines().getLast().split(" ")[0];
    assertThat(alice.run("decline", deletion).done().out()).contains("declined");
    assertThat(root.run("approvals").done().out()).doesNotContain(deletion);
    owner.get("/v1/llm-services/alice/guarded").isStatus(200);
  }

  @Test
  void a_review_is_started_shown_and_decided() {
    machines.register(alice, "reviewed");
    assertThat(alice.run("lend", "reviewed", "--to", "bob").done().out()).contains("bob");

    Result started = alice.run("review", "reviewed").done();
    String id = started.lines().getFirst().substring("Review ".length());
    assertThat(started.out()).contains("WHO", "LAST USE", "bob", "unchanged");
    assertThat(alice.run("reviews").done().out()).contains(id, "alice/reviewed");
    assertThat(alice.run("review", id, "--keep", "bob").done().out()).contains("keep");
    assertThat(alice.run("review", id, "--keep", "bob", "--end", "bob").err())
        .contains("either keep or end bob");
    assertThat(root.run("review", id, "--end", "bob").done().out()).contains("ended", "end");
    assertThat(alice.run("review", id, "--keep", "bob").failed().err())
        .contains("decision_stands", "Nothing was decided about bob.");
    assertThat(alice.run("review", id, "--end", "../bob").failed().err()).contains("not_found");
    assertThat(alice.run("review", id, "--csv").done().out())
        .startsWith("reviewed,grantee,")
        .contains("alice/reviewed,bob,user,reader,alice,");
    assertThat(alice.run("review", id, "--json").done().out()).contains("\"decision\": \"end\"");
    owner.get("/v1/llm-services/alice/reviewed/shares/bob").isStatus(404);
    assertThat(alice.run("review", "@none").failed().err()).contains("not_found");
  }

  @Test
  void scim_tokens_are_made_listed_and_ended() {
    String issuer = "https://example.okta.com";
    assertThat(alice.run("scim-tokens", "create", "Okta", "--issuer", issuer).failed().err())
        .contains("forbidden");

    Result made = root.run("scim-tokens", "create", "Okta", "--issuer", issuer).done();

    machines.journey.token(made.lines().getLast());
    assertThat(made.lines()).hasSize(1);
    assertThat(made.out()).startsWith("clv_");
    String listed = root.run("scim-tokens", "list").done().lines().getLast();
    assertThat(listed).contains("Okta", issuer);
    assertThat(root.run("scim-tokens", "end", listed.split(" ")[0]).done().out()).contains("ended");
    assertThat(root.run("scim-tokens", "list").done().out()).contains("none");
  }

  @Test
  void a_webhook_is_set_shown_tried_out_and_removed() {
    assertThat(alice.run("webhook").failed().err())
        .contains("not_found", "claviger webhook set URL");
    assertThat(alice.run("webhook", "test").failed().err()).contains("claviger webhook set URL");
    String url = "https://hooks.example.com/a";

    Result set = alice.run("webhook", "set", url, "--format", "slack", "--event", "key.rejected");
    assertThat(set.done().out()).contains(url, "slack", "key.rejected", "secret");
    assertThat(alice.run("webhook").done().out()).contains(url).doesNotContain("secret");
    owner
        .put("/v1/users/alice/webhook", Map.of("url", url, "thresholds", List.of(55)))
        .isStatus(200);
    assertThat(alice.run("webhook", "set", url, "--format", "teams").done().out())
        .contains("teams", "all");
    assertThat(owner.get("/v1/users/alice/webhook").at("/thresholds/0").asInt())
        .as("what the command has no option for stays")
        .isEqualTo(55);
    assertThat(alice.run("webhook", "test").done().out()).contains("on its way");
    assertThat(alice.run("webhook", "test", "--json").done().out()).isEmpty();
    assertThat(alice.run("webhook", "remove").done().out()).contains("removed");
    assertThat(alice.run("webhook").failed().err()).contains("not_found");
    assertThat(alice.run("webhook", "set").err()).contains("only `set` takes a URL");
    assertThat(alice.run("webhook", "--installation").failed().err()).contains("not_found");
    assertThat(alice.run("webhook", "remove", "--group", "none").failed().err())
        .contains("not_found");
    assertThat(root.run("webhook", "set", url, "--group", "../users/alice").failed().err())
        .contains("no name and no id has");
    assertThat(root.run("webhook", "set", url, "--installation").done().out()).contains(url);
  }
}
