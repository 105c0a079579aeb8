package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.commands.Machine.Result;
import io.claviger.journeys.Api;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands about services, as Alice and Bob give them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceCommandsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SMALL = "_system/openai-small";

  @TempDir private static Path directory = Path.of("");
  @AutoClose private final SignedInMachines machines = SignedInMachines.ofTheirOwnNode();
  private Machine alice = new Machine(directory);
  private Api owning = machines.journey.root(machines.node);
  private Machine bob = new Machine(directory);
  private static String endpoint = "";

  @BeforeAll
  void signIn() {
    Api owner = machines.journey.user(machines.node, "alice");
    owning = owner;
    Api borrower = machines.journey.user(machines.node, "bob");
    alice =
        new Machine(directory.resolve("alice"))
            .signedIn(machines.withToken(owner, "alice", "manage"));
    bob =
        new Machine(directory.resolve("bob"))
            .signedIn(machines.withToken(borrower, "bob", "manage"));
    endpoint = machines.journey.provider().baseUrl() + "/v1";
  }

  @Test
  void a_service_is_registered_with_the_settings_of_a_provider() throws Exception {
    Map<String, Object> cloud =
        Map.of(
            "format",
            "openai",
            "endpoint",
            machines.journey.provider().baseUrl() + "/{version}",
            "settings",
            List.of(
                Map.of("name", "version", "kind", "segment", "longest", 8),
                Map.of("name", "team", "kind", "header", "as", "X-Team", "longest", 8),
                Map.of("name", "since", "kind", "query", "as", "api-version", "longest", 10)));
    machines.journey.root(machines.node).put("/v1/providers/settled", cloud).isStatus(201);
    String[] command = {
      "register", "settled", "--provider", "settled", "--key-stdin", "--model", "m"
    };

    assertThat(alice.runReading(machines.journey.key("settled"), command).err())
        .contains("the provider needs its setting version");
    String[] filled = Arrays.copyOf(command, command.length + 9);
    String[] more = {
      "--setting",
      "version=v1",
      "--setting",
      "team=ours",
      "--setting",
      "since=2026-11-01",
      "--anyway",
      "--send-to",
      endpoint
    };
    System.arraycopy(more, 0, filled, command.length, more.length);
    assertThat(alice.runReading(machines.journey.key("settled"), filled).done().out())
        .contains("alice/settled is registered");
    TestResponse settled = owning.get("/v1/llm-services/alice/settled");
    assertThat(settled.text("/endpoint")).isEqualTo(endpoint);
    assertThat(settled.text("/settings/version")).isEqualTo("v1");
    assertThat(settled.at("/sent_settings")).hasSize(2);

    machines.journey.provider().clear();
    URI asked = URI.create(settled.text("/gateway_url") + "/embeddings");
    assertThat(embed(URI.create(asked + "?api-version=1999-01-01")).body())
        .contains("This service does not pass on the query parameter api-version.");
    HttpResponse<String> answer = embed(asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    RecordedRequest sent = machines.journey.provider().requests().getFirst();
    assertThat(sent.headers("X-Team")).containsExactly("ours");
    assertThat(sent.uri()).endsWith("/v1/embeddings?api-version=2026-11-01");
    assertThat(alice.run("register", "both", "--from", SMALL, "--provider", "openai").err())
        .contains("either --from DEFINITION");
  }

  /** Calls as the owner, who states a header that the service sets. */
  private HttpResponse<String> embed(URI url) throws IOException, InterruptedException {
    HttpRequest call =
        HttpRequest.newBuilder(url)
            .header("Authorization", "Bearer " + owning.token())
            .header("Content-Type", "application/json")
            .header("X-Team", "theirs")
            .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"m\", \"input\": \"x\"}"))
            .build();
    return HttpClient.newHttpClient().send(call, BodyHandlers.ofString());
  }

  @Test
  void own_keys_are_listed_and_shown() {
    machines.register(alice, "own-keyed");
    assertThat(alice.run("show", "own-keyed").done().out()).doesNotContain("you store your own");
    owning
        .patch("/v1/llm-services/alice/own-keyed", Map.of("key_policy", Map.of("user_keys", true)))
        .isStatus(200);
    owning
        .put(
            "/v1/llm-services/alice/own-keyed/user-key",
            Map.of("api_key", machines.journey.key("own"), "endpoint", endpoint))
        .isStatus(201);

    assertThat(alice.run("show", "own-keyed").done().out()).contains("you store your own");
    assertThat(alice.run("user-keys", "-q").done().out()).isEqualTo("alice/own-keyed\n");
    assertThat(bob.run("user-keys").done().out()).doesNotContain("own-keyed");
  }

  @Test
  void the_record_of_stored_things_is_compared_with_the_provider() {
    machines.register(alice, "storing");
    owning
        .patch(
            "/v1/llm-services/alice/storing", Map.of("storage", List.of("files", "conversations")))
        .isStatus(200);
    machines.journey.tamper(
        """
        insert into provider_objects (
          service_id, kind, object_id, holder_user_id, maker_id, made_with, made_at, state)
        select i.id, 'files', 'file-that-is-gone', i.owner_id, i.owner_id, '{}',
          now() - interval '1 hour', 'live'
        from instances i where i.handle = 'storing'
        """);

    String compared = alice.run("objects", "reconcile", "storing").done().out();
    assertThat(compared)
        .contains("files: 0 listed by the provider, 0 not on record, 1 on record but not listed")
        .contains("not listed     file-that-is-gone")
        .contains("conversations: the provider has no list of these objects");
    assertThat(alice.run("objects", "reconcile", "storing", "files").done().out())
        .contains("file-that-is-gone");
    assertThat(
            alice
                .run("objects", "reconcile", "storing", "files", "--end-missing", "--yes")
                .done()
                .out())
        .contains("Deleted 1 from the record.");
    assertThat(alice.run("objects", "reconcile", "storing", "files").done().out())
        .contains("0 on record but not listed");
    assertThat(
            machines.journey.column(
                "select state from provider_objects where object_id = 'file-that-is-gone'"))
        .containsExactly("left");
  }

  @Test
  void what_somebody_holds_is_deleted_without_the_name_of_the_service() {
    machines.register(alice, "unnamed");
    owning
        .patch("/v1/llm-services/alice/unnamed", Map.of("storage", List.of("files")))
        .isStatus(200);
    machines.journey.tamper(
        """
        insert into provider_objects (
          service_id, kind, object_id, holder_user_id, maker_id, made_with, made_at, state)
        select i.id, 'files', 'file-of-bob', u.id, u.id, '{}', now(), 'live'
        from instances i, users u where i.handle = 'unnamed' and u.handle = 'bob'
        """);

    assertThat(bob.run("objects", "delete", "files", "file-of-bob", "--yes").done().out())
        .contains("Nobody can use file-of-bob any more.");
    assertThat(bob.run("objects", "list").done().out()).doesNotContain("file-of-bob");
  }

  @Test
  void a_service_is_registered_with_a_key_from_standard_input_or_a_file_or_typed()
      throws IOException {
    machines.register(alice, "by-input");
    Path file = Files.writeString(directory.resolve("key"), machines.journey.key("file") + "\n");
    String[] arguments = {"register", "by-file", "--from", SMALL, "--endpoint", endpoint};
    String[] byFile = {"register", "by-file", "--from", SMALL, "--key-file", file.toString()};
    assertThat(alice.run(byFile).failed().err())
        .contains("https://api.openai.com/v1", "which only the server names", "--send-to");
    byFile = Arrays.copyOf(byFile, byFile.length + 2);
    byFile[6] = "--send-to";
    byFile[7] = "https://elsewhere.example";
    assertThat(alice.run(byFile).failed().err()).contains("--send-to names another address");
    byFile[7] = "https://api.openai.com/v1/";
    byFile = Arrays.copyOf(byFile, byFile.length + 1);
    byFile[8] = "--anyway";
    alice.run(byFile).done();
    arguments = Arrays.copyOf(arguments, arguments.length + 2);
    arguments[1] = "by-hand";
    String[] asking = Arrays.copyOf(arguments, 6);
    assertThat(alice.runTyping("nonsense", 80, asking).failed().err())
        .contains("federated-aws", "oauth_client", "google_service_account");
    Iterator<String> typed = List.of("?", "?", "api_key").iterator();
    List<String> questions = new ArrayList<>();
    UnaryOperator<String> answer =
        question -> {
          questions.add(question);
          return typed.next();
        };
    assertThat(alice.runAnswering(answer, asking).failed().err())
        .as("the way is known, and only the key is missing")
        .doesNotContain("oauth_client");
    assertThat(questions)
        .satisfiesExactly(
            first -> assertThat(first).contains("(? lists the ways)"),
            second -> assertThat(second).contains("federated-aws", "Which one?"),
            third -> assertThat(third).contains("federated-aws", "Which one?"));
    arguments[6] = "--credential";
    arguments[7] = "api_key";
    alice.runTyping(machines.journey.key("typed"), 80, arguments).done();
    assertThat(alice.run("services", "-q", "--owner", "alice").done().lines())
        .contains("alice/by-file", "alice/by-hand", "alice/by-input");
    assertThat(alice.run("check", "by-hand").done().out()).contains("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"register", "credential"})
  void a_question_mark_lists_the_ways_one_a_line_whatever_else_is_missing(String command) {
    for (String[] asked :
        List.of(
            new String[] {command, "my-openai", "--credential", "?"},
            new String[] {command, "--credential=?"})) {
      Result listed = alice.run(asked).done();
      assertThat(listed.lines())
          .contains("  api_key: a key that is sent as it is")
          .anyMatch(line -> line.startsWith("  federated-aws: "));
      assertThat(listed.err()).isEmpty();
    }
    assertThat(alice.run(command, "my-openai", "--credential", "nonsense").failed().err().lines())
        .contains("  api_key: a key that is sent as it is");
  }

  @Test
  void a_service_is_registered_by_another_credential_and_changed() throws IOException {
    String tokens = machines.journey.provider().baseUrl() + "/token";
    Path file = Files.writeString(directory.resolve("secret"), "canary-0123456789\n");
    String[] register = {
      "register",
      "by-client",
      "--from",
      SMALL,
      "--endpoint",
      endpoint,
      "--credential",
      "oauth_client",
      "--set",
      "client_id=claviger",
      "--key-file",
      file + "",
      "--anyway"
    };
    assertThat(alice.run(register).failed().err()).contains("--set token_url=");
    String[] whole = Arrays.copyOf(register, register.length + 2);
    whole[13] = "--set";
    whole[14] = "token_url=" + tokens;
    alice.run(whole).done();
    assertThat(owning.get("/v1/llm-services/alice/by-client").text("/credential/token_url"))
        .isEqualTo(tokens);
    assertThat(alice.run("show", "by-client").done().out()).contains("credential  oauth_client");
    assertThat(alice.run("replace-key", "by-client", "--key-file", file + "").failed().err())
        .contains("another credential (oauth_client)", "claviger credential alice/by-client");
    String[] unknown = {"credential", "by-client", "--credential", "aws", "--set", "colour=red"};
    assertThat(alice.run(unknown).failed().err()).contains("access_key_id, region");
    String[] other = {
      "credential",
      "by-client",
      "--credential",
      "oauth_client",
      "--set",
      "client_id=other",
      "--set",
      "token_url=" + tokens,
      "--key-file",
      file + ""
    };
    assertThat(alice.run(other).done().out()).contains("alice/by-client has a new credential");
    assertThat(owning.get("/v1/llm-services/alice/by-client").text("/credential/client_id"))
        .isEqualTo("other");
    String[] stored = {
      "credential", "by-client", "--credential", "api_key", "--key-file", file + ""
    };
    alice.run(stored).done();
    String service = "/v1/llm-services/alice/by-client";
    assertThat(owning.get(service).text("/credential/kind")).isEqualTo("api_key");
    Map<String, String> headers = Map.of("X-Team", "canary-0123456789");
    owning
        .patch(
            service,
            Map.of("api_key", "canary-0123456789", "endpoint", endpoint, "custom_headers", headers))
        .isStatus(200);
    assertThat(alice.run(stored).done().out()).contains("gets its custom headers: X-Team");
    String[] bare = Arrays.copyOf(stored, stored.length + 1);
    bare[stored.length] = "--clear-headers";
    assertThat(alice.run(bare).done().out())
        .contains("Its API standard openai decides which headers and parameters of callers")
        .doesNotContain("X-Team");
    assertThat(owning.get(service).at("/custom_header_names").size()).isZero();
  }

  @Test
  void where_a_federated_service_is_used_is_confirmed_by_naming_it() {
    String tokens = machines.journey.provider().baseUrl() + "/token";
    String[] register = {
      "register",
      "federated",
      "--from",
      SMALL,
      "--endpoint",
      endpoint,
      "--credential",
      "federated-rfc8693",
      "--set",
      "token_url=" + tokens
    };
    assertThat(alice.run(register).done().out())
        .contains("claviger issuer show alice/federated --provider rfc8693");
    String service = "/v1/llm-services/alice/federated";
    assertThat(owning.get(service).at("/credential/confirmed").booleanValue()).isTrue();
    Map<String, String> headers = Map.of("X-Team", machines.journey.key("federated-header"));
    owning
        .patch(service, Map.of("endpoint", endpoint + "/moved", "custom_headers", headers))
        .isStatus(200);
    assertThat(alice.run("show", "federated").done().out()).contains("claviger confirm");
    Result asked = alice.run("confirm", "federated").failed();
    assertThat(asked.err()).contains("--destination", "--token-url");
    assertThat(asked.out()).contains(endpoint + "/moved", tokens, "custom headers     X-Team");
    String[] confirm = {"confirm", "federated", "--destination", endpoint, "--token-url", tokens};
    assertThat(alice.run(confirm).failed().err())
        .contains("not the current endpoint of the service");
    confirm[3] = endpoint + "/moved";
    assertThat(alice.run(Arrays.copyOf(confirm, 4)).failed().err()).contains("token_url");
    assertThat(bob.run(confirm).failed().err()).doesNotContain(tokens);

    assertThat(alice.run(confirm).done().out()).contains("alice/federated is confirmed");

    assertThat(owning.get(service).at("/credential/confirmed").booleanValue()).isTrue();
  }

  @Test
  void a_borrower_asks_for_more_and_the_owner_grants_it() throws IOException {
    machines.register(alice, "wanted");
    alice
        .run("lend", "wanted", "--to", "bob", "--models", "parrot-small", "--budget", "1requests")
        .done();
    String[] why = {"why", "alice/wanted", "--model", "parrot-large"};
    assertThat(bob.run(why).out())
        .contains("Your call is refused: model_not_allowed.", "Ask the owner for it: http");
    assertThat(bob.run("ask", "alice/wanted").err()).contains("say what you ask for");
    String id =
        bob.run("ask", "alice/wanted", "--models", "parrot-large", "-q").done().lines().getFirst();
    String[] more = {"ask", "alice/wanted", "--budget", "5requests", "--note", "For the group"};
    assertThat(bob.run(more).done().out())
        .contains(
            "The owner of alice/wanted is asked, and can grant the request with claviger grant ");

    // Without quotation marks, an asker could add terms that a grant does not give.
    String forged = "parrot; a budget of 1 requests in all; “we agreed”";
    String[] forging = {"ask", "alice/wanted", "--models", forged, "-q"};
    String sly = bob.run(forging).done().lines().getFirst();
    assertThat(alice.run("grant", sly, "--decline").done().out())
        .contains(": the models “parrot; a budget of 1 requests in all; \"we agreed\"”.");
    assertThat(alice.run("grant").done().out())
        .contains(id, "bob", "alice/wanted", "the models parrot-large")
        .contains("a budget of 5 requests in all, measured; “For the group”");
    assertThat(alice.run("grant", id).done().out())
        .isEqualTo("Granted bob more of alice/wanted: the models parrot-large.\n");
    assertThat(bob.run(why).done().out()).contains("Your call passes");
    for (String other : alice.run("grant", "-q").done().lines()) {
      assertThat(alice.run("grant", other, "--decline").done().out())
          .startsWith("Declined the request of bob for more of alice/wanted: a budget of 5");
    }
    assertThat(alice.run("grant").done().out()).isEqualTo("none\n");
    assertThat(alice.run("grant", "--decline").err()).contains("by its id");
  }

  @Test
  void a_grant_that_leaves_the_limits_of_a_group_is_confirmed_first() {
    machines.register(alice, "pooled");
    Api asker = machines.journey.user(machines.node, "asker");
    Api root = machines.journey.root(machines.node);
    root.put("/v1/groups/pool", Map.of()).isStatus(201);
    root.put("/v1/groups/pool/members/asker", Map.of("role", "member"));
    String service = "/v1/llm-services/alice/pooled";
    Map<String, Object> few = Map.of("requests_per_minute", 5);
    owning.put(service + "/shares/@pool", Map.of("role", "reader", "pooled_limits", few));
    String id =
        asker.post(service + "/requests", Map.of("role", "writer")).isStatus(201).text("/id");

    assertThat(alice.run("grant", id).failed().err()).contains("nothing was changed", "--yes");
    owning.get(service + "/shares/asker").isStatus(404);
    assertThat(alice.run("grant", id, "--yes").done().out()).contains("Granted asker more");
    owning.get(service + "/shares/asker").isStatus(200);
  }

  @Test
  void a_key_that_the_provider_rejects_is_not_saved() {
    String[] register = {
      "register", "mistaken", "--from", SMALL, "--endpoint", endpoint, "--key-stdin"
    };
    machines.journey.provider().respondNextWith(Behaviour.named("stub-unauthorized"));
    Result refused = alice.runReading(machines.journey.key("mistaken"), register).failed();
    assertThat(refused.err())
        .contains("nothing was saved", "the provider rejects the key (status 401)", "--anyway");
    alice.run("show", "mistaken").failed();

    String[] anyway = Arrays.copyOf(register, register.length + 1);
    anyway[register.length] = "--anyway";
    assertThat(alice.runReading(machines.journey.key("mistaken"), anyway).done().out())
        .contains("claviger check alice/mistaken");
    machines.journey.provider().respondNextWith(Behaviour.named("stub-unauthorized"));
    Result checked = alice.run("check", "mistaken");
    assertThat(checked.exitCode()).isEqualTo(1);
    assertThat(checked.out()).contains("the provider rejects the key (status 401)");
    machines.journey.provider().respondNextWith(Behaviour.named("stub-unauthorized"));
    assertThat(
            alice
                .runReading(
                    machines.journey.key("another"), "replace-key", "mistaken", "--key-stdin")
                .failed()
                .err())
        .contains("nothing was saved", "the provider rejects the key (status 401)", "--anyway");
  }

  @Test
  void nobody_has_to_know_the_definitions_by_heart() {
    Result without = alice.run("register", "some");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("claviger definitions");
    assertThat(alice.run("register", "some", "--from", "_system/none").failed().err())
        .contains("there is no definition _system/none", "claviger definitions");
  }

  @Test
  void a_service_that_is_there_already_is_not_registered_anew() {
    machines.register(alice, "there");
    Result again =
        alice.runReading(
            "sk-another-key",
            "register",
            "there",
            "--from",
            SMALL,
            "--endpoint",
            endpoint,
            "--key-stdin");
    assertThat(again.failed().err()).contains("alice/there already", "replace-key alice/there");
    assertThat(alice.run("check", "there").done().out()).contains("ok");
  }

  @Test
  void without_a_terminal_the_key_is_not_asked_for() {
    Result asked = alice.run("register", "unheard-of", "--from", SMALL);
    assertThat(asked.failed().err()).contains("--key-stdin");
  }

  @Test
  void what_is_lent_is_said_in_words_and_kept_when_it_is_lent_again() {
    machines.register(alice, "lent");
    Result lent =
        alice.run(
            "lend",
            "lent",
            "--to",
            "bob",
            "--models",
            "text-*",
            "--budget",
            "20usd/month",
            "--concurrent-calls",
            "4",
            "--for",
            "30d");
    assertThat(lent.done().out())
        .startsWith(
            "bob may use alice/lent, only the models text-*, at most 4 calls at a time and 20 usd a"
                + " month, until ");
    assertThat(alice.run("lend", "lent", "--to", "bob", "--role", "writer").done().out())
        .startsWith(
            "bob may use, describe and switch on and off alice/lent, only the models text-*, at");
    assertThat(bob.run("show", "alice/lent").done().out())
        .contains(
            "20 usd a month",
            "4 calls at a time",
            "writer",
            "references",
            "found anywhere, by the form of ids");
    assertThat(bob.run("budgets").done().out()).contains("alice/lent", "20 usd a month");
    assertThat(alice.run("revoke", "lent", "--from", "bob").done().out())
        .contains("bob may no longer use alice/lent");
    assertThat(alice.run("revoke", "lent", "--from", "bob").done().out())
        .contains("bob had no share");
    assertThat(bob.run("show", "alice/lent").failed().err()).contains("404 not_found");
  }

  @Test
  void a_share_that_has_ended_is_lent_again_only_with_another_end() {
    machines.register(alice, "ended");
    String share = "/v1/llm-services/alice/ended/shares/bob";
    owning.put(share, Map.of("role", "reader", "expires_at", "2026-01-02T12:00:00Z")).isStatus(201);

    assertThat(alice.run("lend", "ended", "--to", "bob", "--rate", "7").failed().err())
        .contains("the share of bob in alice/ended ended on 2026-01-02", "nothing was changed")
        .contains("--for");
    assertThat(owning.get(share).at("/limits/requests_per_minute").isNull()).isTrue();
    assertThat(
            alice.run("lend", "ended", "--to", "bob", "--rate", "7", "--for", "30d").done().out())
        .startsWith("bob may use alice/ended, at most 7 calls a minute, until ");
    bob.run("show", "alice/ended").done();
  }

  @Test
  void what_a_share_had_before_is_said_too_when_it_is_lent_again() {
    machines.register(alice, "narrowed");
    Map<String, Object> limits =
        Map.of("operations", List.of("POST chat/completions"), "max_output_tokens", 500);
    owning
        .put(
            "/v1/llm-services/alice/narrowed/shares/bob",
            Map.of("role", "reader", "may_reshare", true, "limits", limits))
        .isStatus(201);

    assertThat(alice.run("lend", "narrowed", "--to", "bob", "--rate", "7").done().out())
        .startsWith(
            "bob may use alice/narrowed, also through projects of theirs that others use, only the"
                + " operations “POST chat/completions”, at most 7 calls a minute and 500 tokens of"
                + " output a call, until you revoke it.");
  }

  @Test
  void a_budget_that_is_lent_changes_no_other_budget_and_no_other_setting() {
    machines.register(alice, "budgeted");
    Map<String, String> daily = Map.of("amount", "5", "unit", "usd", "window", "day");
    Map<String, String> monthly =
        Map.of(
            "amount",
            "50",
            "unit",
            "usd",
            "window",
            "month",
            "zone",
            "Europe/Oslo",
            "bound",
            "strict");
    String share = "/v1/llm-services/alice/budgeted/shares/bob";
    owning
        .put(share, Map.of("role", "reader", "limits", Map.of("budgets", List.of(daily, monthly))))
        .isStatus(201);

    assertThat(
            alice.run("lend", "budgeted", "--to", "bob", "--budget", "100usd/month").done().out())
        .contains("at most 5 usd a day and 100 usd a month");
    alice.run("lend", "budgeted", "--to", "bob", "--budget", "7requests").done();

    TestResponse lent = owning.get(share).isStatus(200);
    assertThat(lent.at("/limits/budgets").valueStream().map(JsonNode::toString).toList())
        .hasSize(3)
        .anyMatch(each -> each.contains("\"day\"") && each.contains("\"5\""))
        .anyMatch(
            each ->
                each.contains("\"100\"") && each.contains("Europe/Oslo") && each.contains("strict"))
        .anyMatch(each -> each.contains("\"7\"") && each.contains("requests"));
  }

  /** Each of many commands names one term. A share has all terms of the commands that succeeded. */
  @Test
  void a_share_that_somebody_gives_in_between_is_not_overwritten() throws Exception {
    machines.register(alice, "raced");
    List<String[]> terms =
        List.of(
            new String[] {"--rate", "7"},
            new String[] {"--models", "text-*"},
            new String[] {"--budget", "20usd/month"},
            new String[] {"--for", "30d"});
    for (int round = 0; round < 4; round++) {
      String grantee = "borrower" + round;
      Api unused = machines.journey.user(machines.node, grantee);
      Set<Integer> done = ConcurrentHashMap.newKeySet();
      CyclicBarrier start = new CyclicBarrier(16);
      try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
        List<Future<?>> running = new ArrayList<>();
        for (int n = 0; n < 16; n++) {
          int term = n % terms.size();
          Machine machine = new Machine(alice.home());
          running.add(
              threads.submit(
                  () -> {
                    start.await();
                    Result lent =
                        machine.run(
                            "lend",
                            "raced",
                            "--to",
                            grantee,
                            terms.get(term)[0],
                            terms.get(term)[1]);
                    if (lent.exitCode() == 0) {
                      done.add(term);
                    } else {
                      assertThat(lent.failed().err()).contains("in the meantime", "again");
                    }
                    return null;
                  }));
        }
        for (Future<?> each : running) {
          each.get();
        }
      }
      TestResponse share = owning.get("/v1/llm-services/alice/raced/shares/" + grantee);
      assertThat(done).isNotEmpty();
      assertThat(share.at("/limits/requests_per_minute").isNull()).isEqualTo(!done.contains(0));
      assertThat(share.at("/limits/models").isNull()).isEqualTo(!done.contains(1));
      assertThat(share.at("/limits/budgets").isEmpty()).isEqualTo(!done.contains(2));
      assertThat(share.at("/expires_at").isNull()).isEqualTo(!done.contains(3));
    }
  }

  @Test
  void why_a_call_passes_or_not_is_explained_and_told_by_the_exit_code() {
    machines.register(alice, "asked");
    assertThat(alice.run("why", "asked").done().out()).contains("Your call passes");
    assertThat(alice.run("disable", "asked").done().out()).contains("alice/asked is disabled");
    Result refused = alice.run("why", "asked", "-q");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out().strip()).isEqualTo("disabled");
    alice.run("enable", "asked").done();
    assertThat(alice.run("why", "asked", "--as", "bob").out())
        .contains("A call of bob is refused: not_permitted");
    alice.run("lend", "asked", "--to", "bob", "--budget", "5usd").done();
    String said = alice.run("why", "asked", "--as", "bob", "--model", "priceless").out();
    assertThat(said).contains("refused: model_has_no_price.").doesNotContain("PUT /v1");
    assertThat(shownPage(said, "alice"))
        .contains("The call would be refused: model has no price", "value=\"priceless\"")
        .contains("value=\"alice/asked\"", "value=\"bob\"")
        .contains("<a href=\"/console/services/alice/asked/prices\">Set a price</a>");
  }

  @Test
  void who_lacks_a_key_is_led_to_the_answer_in_the_console() {
    owning
        .put(
            "/v1/llm-services/alice/by-own-keys",
            Map.of(
                "provider",
                "openai",
                "model",
                "m",
                "endpoint",
                endpoint,
                "key_policy",
                Map.of("central_key", false, "user_keys", true)))
        .isStatus(201);
    alice.run("lend", "by-own-keys", "--to", "bob").done();
    String operation = "POST chat/completions";
    String said = bob.run("why", "alice/by-own-keys", "--operation", operation).out();
    assertThat(said).contains("Your call is refused: user_api_key_required.");
    assertThat(shownPage(said, "bob"))
        .contains("value=\"" + operation + "\"", "Store a key of your own");
  }

  /** Opens the page of the console that {@code claviger why} has named. */
  private String shownPage(String said, String viewer) {
    String start = "The same question in the console: " + machines.node.api();
    String line = said.lines().filter(each -> each.startsWith(start)).findFirst().orElseThrow();
    FormBrowser browser = machines.browser(viewer);
    return browser.open(line.substring(start.length())).isStatus(200).body();
  }

  @Test
  void a_key_is_replaced() {
    machines.register(alice, "rotating");
    assertThat(
            alice
                .runReading(
                    machines.journey.key("rotated"), "replace-key", "rotating", "--key-stdin")
                .done()
                .out())
        .contains("Its API standard openai decides which headers and parameters of callers");
    alice.run("check", "rotating").done();
    assertThat(machines.journey.provider().requests())
        .anyMatch(
            request ->
                ("Bearer " + machines.journey.key("rotated"))
                    .equals(request.header("Authorization")));
  }

  @Test
  void a_key_is_sent_to_where_somebody_else_has_led_a_service_only_if_its_owner_agrees() {
    machines.register(alice, "led-away");
    Api owner = machines.journey.user(machines.node, "co-owner");
    alice.run("lend", "led-away", "--to", "co-owner", "--role", "owner").done();
    owner
        .patch(
            "/v1/llm-services/alice/led-away",
            Map.of("endpoint", "https://evil.example/v1", "api_key", "sk-of-the-co-owner"))
        .isStatus(200);
    String[] replace = {"replace-key", "led-away", "--key-stdin"};
    assertThat(alice.runReading(machines.journey.key("new"), replace).failed().err())
        .contains("the key would go to https://evil.example/v1, which only the server names");
    assertThat(alice.runReading(machines.journey.key("new"), replace).failed().err())
        .contains("--send-to https://evil.example/v1");
  }

  @Test
  void a_service_is_deleted_only_by_who_agrees() {
    machines.register(alice, "doomed");
    assertThat(alice.run("delete", "doomed").failed().err()).contains("--yes");
    assertThat(alice.runTyping("n", 80, "delete", "doomed").failed().err())
        .contains("nothing is done");
    alice.run("show", "doomed").done();
    assertThat(alice.runTyping("y", 80, "delete", "doomed").done().out()).contains("is deleted");
    alice.run("show", "doomed").failed();
  }

  @Test
  void without_a_terminal_the_way_back_is_named_with_yes() {
    machines.register(alice, "connected");
    String[] connect = {"connect", "codex", "--model", "text-embedding-3-small", "--yes"};
    assertThat(alice.run(connect).done().out())
        .contains("`claviger connect codex --undo --yes` undoes it");
    assertThat(alice.run("connect", "codex", "--undo").failed().err()).contains("--yes");
    assertThat(alice.run("connect", "codex", "--undo", "--yes").done().out())
        .contains("is as before");
  }

  @Test
  void what_a_shell_completes_is_listed() {
    assertThat(alice.run("definitions", "-q").done().lines()).contains(SMALL);
    assertThat(alice.run("definitions", "--provider", "openai").done().out())
        .contains("DEFINITION", "https://api.openai.com/v1");
    assertThat(alice.run("providers", "-q").done().lines()).contains("groq", "vertex");
    assertThat(alice.run("providers").done().out())
        .contains("DEFINED HERE", "https://api.groq.com/openai/v1");
    String group = "g" + System.nanoTime();
    machines
        .journey
        .root(machines.node)
        .put("/v1/groups/" + group, Map.of("display_name", "Research"))
        .isStatus(201);
    assertThat(alice.run("groups", "-q").done().lines()).contains("@" + group);
    assertThat(alice.run("groups", "-q", "--search", group.toUpperCase(Locale.ROOT)).done().lines())
        .containsExactly("@" + group);
  }

  @Test
  void administrators_list_the_services_of_all_users() {
    machines.register(alice, "listed");
    Machine root =
        new Machine(directory.resolve("root"))
            .signedIn(machines.withToken(machines.journey.root(machines.node), "root", "manage"));
    assertThat(root.run("services", "--all", "--search", "listed").done().out())
        .contains("KEY STORED", "alice/listed", "true");
    assertThat(root.run("services", "--all", "--role", "owner").failed().err()).contains("--all");
    assertThat(bob.run("services", "--all").failed().err()).contains("403");
  }

  @Test
  void models_that_can_not_be_run_or_were_deleted_are_listed() {
    Api administrator = machines.journey.root(machines.node);
    Machine root =
        new Machine(directory.resolve("root"))
            .signedIn(machines.withToken(administrator, "root", "manage"));
    String model =
        administrator
            .post("/v1/model-configs", Map.of("provider", "cohere", "model", "unserved"))
            .isStatus(201)
            .text("/id");
    assertThat(alice.run("models", "-q").done().lines()).doesNotContain("unserved");
    assertThat(alice.run("models", "--unavailable").done().out())
        .contains("WHY NOT", "unserved", "no service");
    administrator.delete("/v1/model-configs/" + model).isStatus(204);
    assertThat(root.run("models", "--deleted").done().out()).contains("DELETED BY", model, "root");
    assertThat(root.run("models", "--deleted", "-q").done().lines()).contains(model);
    assertThat(alice.run("models", "--deleted").failed().err()).contains("403");
  }

  @Test
  void an_auditor_asks_by_commands() {
    machines.register(alice, "audited");
    alice.run("lend", "audited", "--to", "bob", "--rate", "60").done();

    assertThat(alice.run("access", "audited").done().out())
        .contains("alice  owner   owner", "bob    reader  share");
    assertThat(alice.run("access", "audited", "--on", "2020-01-01").done().err())
        .contains("The record is complete since");
    assertThat(alice.run("audit", "--target", "alice/audited", "--outcome", "done").done().out())
        .containsPattern("[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{2}:[0-9]{2}")
        .contains("bob", "role none -> reader; limits/requests_per_minute none -> 60");
    String sly = "a; share:bob reader -> owner";
    owning.patch("/v1/llm-services/alice/audited", Map.of("display_name", sly)).isStatus(200);
    assertThat(alice.run("audit", "--target", "alice/audited").done().out())
        .contains("-> “" + sly + "”");
    assertThat(alice.run("audit", "--outcome", "fine").failed().err()).contains("done, refused");
    assertThat(alice.run("usage", "--group", "team").failed().err()).contains("administrators");
    // The shell completes the name of a group with its @.
    assertThat(alice.run("budgets", "--group", "@team").err())
        .isEqualTo(alice.run("budgets", "--group", "team").err())
        .doesNotContain("invalid_value");
    assertThat(alice.run("holders", "audited", "--at", "2020-01-01", "-q").done().lines())
        .isEmpty();
    assertThat(
            alice.run("holders", "audited", "--search", "b", "--at", "2020-01-01").failed().err())
        .contains("--at");
    assertThat(alice.run("services", "--key", "rejected", "-q").done().lines())
        .doesNotContain("alice/audited");
    assertThat(alice.run("services", "--key-older-than", "9", "-q").done().lines()).isEmpty();
    assertThat(alice.run("usage", "--by", "model", "--month", "2020-01").done().out())
        .contains("none");
    assertThat(alice.run("refusals", "--by", "code").done().out()).isNotEmpty();
    assertThat(alice.run("people", "--administrators").failed().err()).contains("403");
    Machine root =
        new Machine(directory.resolve("auditing"))
            .signedIn(machines.withToken(machines.journey.root(machines.node), "root", "manage"));
    assertThat(root.run("people", "--administrators").done().out())
        .contains("ADMINISTRATOR SINCE", "root");
    assertThat(root.run("people", "--service-accounts", "--json").done().out()).startsWith("[");
    assertThat(alice.run("key-ages").failed().err()).contains("administrators");
    assertThat(alice.run("lend", "audited", "--to", "bob", "--weight", "30").done().out())
        .contains("at most 60 calls a minute", "with a weight of 30");
    assertThat(alice.run("audit", "--target", "alice/audited").done().out())
        .contains("weight none -> 30");
    assertThat(alice.run("holders", "audited").done().out()).contains("WEIGHT", "30");
    assertThat(alice.run("lend", "audited", "--to", "bob", "--weight", "101").failed().err())
        .contains("1 to 100");
    alice.run("lend", "audited", "--to", "bob", "--models", "none").done();
  }

  @Test
  void the_bill_of_a_service_is_shown_to_its_owner() {
    machines.register(alice, "billed");
    owning
        .put(
            "/v1/llm-services/alice/billed/bill/invoices/2026-01",
            Map.of("total", "12.30", "currency", "USD"))
        .isStatus(201);

    assertThat(alice.run("bill", "billed", "--month", "2026-01").done().out())
        .contains("The provider bills 12.3 USD", "Claviger counted   0 USD")
        .contains("Unexplained        12.3 USD");
    assertThat(alice.run("bill", "billed", "--month", "2026-01").err()).isEmpty();
    assertThat(alice.run("bill", "billed").done().err())
        .startsWith("There is no invoice for this month, and no billing credential");
    assertThat(alice.run("bill", "billed", "--json").done().out()).contains("\"theirs\": null");
    assertThat(alice.run("bill", "billed", "--month", "x").failed().err()).contains("month");
    assertThat(bob.run("bill", "alice/billed").failed().err()).contains("404");
  }

  @Test
  void the_capacity_of_a_service_is_shown_to_those_who_may_use_it() {
    machines.register(alice, "limited");

    assertThat(alice.run("capacity", "limited").done().out())
        .contains(
            "The provider's limits are not known, or you may not see them.",
            "in the settings of the service",
            "No calls were counted in the last hour, or you may not see them.");
    assertThat(alice.run("capacity", "limited", "--json").done().out())
        .contains("\"last_hour\": [");
    assertThat(bob.run("capacity", "alice/limited").failed().err()).contains("404");
    owning
        .patch(
            "/v1/llm-services/alice/limited",
            Map.of("provider_limits", Map.of("requests_per_minute", 60), "capacity_group", "main"))
        .isStatus(200);
    assertThat(alice.run("show", "limited").done().out())
        .contains("60 requests per minute", "main", "at most 10000 ms for a turn");
  }

  @Test
  void all_holders_of_a_service_are_listed_and_searched() {
    machines.register(alice, "held");
    machines.journey.insert(
        """
        insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
        select gen_random_uuid(), 'holder-' || lpad(n::text, 3, '0'), 'Holders', 'local', 1, now(),
          now()
        from generate_series(0, 202) n
        """);
    machines.journey.insert(
        """
        insert into shares (instance_id, owner_handle, instance_handle, grantee_id, grantee_handle,
          role, may_reshare, version, created_at)
        select i.id, i.owner_handle, i.handle, g.id, '@' || g.handle, 'reader', false, 1, now()
        from instances i, groups g
        where i.owner_handle = 'alice' and i.handle = 'held' and g.handle like 'holder-%'
        """);
    alice.run("lend", "held", "--to", "bob", "--budget", "20usd/month").done();
    assertThat(alice.run("holders", "held", "-q").done().lines())
        .hasSize(204)
        .contains("@holder-202", "bob");
    assertThat(alice.run("holders", "held", "--search", "BO").done().out())
        .contains("HOLDER", "bob", "reader", "20 usd", "alice")
        .doesNotContain("holder");
    assertThat(bob.run("holders", "alice/held").failed().err()).contains("403");
  }

  @Test
  void all_projects_that_are_open_to_everybody_are_named_below_the_holders() {
    machines.register(alice, "opened");
    for (int n = 0; n < 51; n++) {
      owning
          .put(
              "/v1/projects/alice/open-%02d".formatted(n),
              Map.of("service", "alice/opened", "visibility", "everybody"))
          .isStatus(201);
    }
    assertThat(alice.run("holders", "opened").done().err())
        .contains("alice/open-00, ", ", alice/open-50");
    assertThat(alice.run("holders", "opened", "--at", "2020-01-01").done().err())
        .as("what is open now says nothing about another day")
        .startsWith("The record is complete since ")
        .doesNotContain("open-00");
  }

  @Test
  void faults_of_validation_are_told_one_a_line() {
    Result two =
        alice.run(
            "register",
            "faulty",
            "--from",
            SMALL,
            "--no-key",
            "--endpoint",
            "no url",
            "--model",
            "m".repeat(1_000));
    assertThat(two.failed().err()).contains("422", "\n  /endpoint: ", "\n  /model: ");
  }

  @Test
  void a_single_fault_is_told_once() {
    machines.register(alice, "single");
    assertThat(alice.run("lend", "single", "--to", "@nobodys").failed().err().strip())
        .startsWith("claviger: There is no such group that you can see. (422")
        .doesNotContain("\n");
    assertThat(alice.run("ask", "alice/single", "--models", "m").failed().err().strip())
        .contains("This service is your own.")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"services", "models", "usage", "budgets", "audit", "refusals"})
  void every_list_is_a_table_or_json_or_names(String list) {
    assertThat(alice.run(list).done().out()).isNotBlank();
    JsonNode json = JSON.readTree(alice.run(list, "--json").done().out());
    assertThat(json.isArray()).isTrue();
    assertThat(alice.run(list, "-q").done().lines()).hasSize(json.size());
  }

  @Test
  void the_usage_of_a_month_is_written_as_a_file() {
    assertThat(alice.run("usage", "export", "--focus", "--month", "2020-01").done().lines())
        .singleElement()
        .asString()
        .startsWith("BilledCost,");
    assertThat(alice.run("usage", "export").err()).contains("--focus");
    assertThat(alice.run("usage", "export", "--focus", "--month", "May").failed().err())
        .contains("422", "month: a month, such as 2026-01");
    assertThat(alice.run("usage", "export", "--focus", "--group", "team").failed().err())
        .contains("administrators");
  }

  @Test
  void a_long_list_comes_in_pages_and_whole() {
    Api owner = machines.journey.user(machines.node, "owner-of-many");
    owner
        .put("/v1/llm-services/owner-of-many/s0", Map.of("definition", SMALL, "endpoint", endpoint))
        .isStatus(201);
    machines.journey.insert(
        """
        insert into instances (id, handle, owner_id, owner_handle, definition_id, display_name,
          description, provider, api_standard, endpoint, model, timeout_ms, enabled, central_key,
          user_keys, fallback_to_central, version, created_at, updated_at)
        select gen_random_uuid(), 's' || n, owner_id, owner_handle, definition_id, display_name,
          description, provider, api_standard, endpoint, model, timeout_ms, enabled, central_key,
          user_keys, fallback_to_central, version, created_at, updated_at
        from instances, generate_series(1, 200) n where owner_handle = 'owner-of-many'
        """);
    Machine machine =
        new Machine(directory.resolve("many"))
            .signedIn(machines.withToken(owner, "owner-of-many", "use"));
    assertThat(machine.run("services", "-q", "--owner", "owner-of-many").done().lines())
        .hasSize(201)
        .doesNotHaveDuplicates();
    assertThat(JSON.readTree(machine.run("status", "--json").done().out()).path("services"))
        .hasSize(201);
    assertThat(machine.run("status").done().out()).contains("and more: claviger services");
  }

  @Test
  void a_table_fits_the_terminal() {
    machines.register(alice, "a-name-of-some-length-that-is-a-burden-to-tables");
    assertThat(alice.runTyping("", 60, "services").done().lines())
        .allMatch(line -> line.replaceAll("\u001b\\[\\d+m", "").length() <= 60)
        .anyMatch(line -> line.contains("\u2026"));
  }

  @Test
  void colours_are_for_terminals_whose_users_want_them() {
    machines.register(alice, "coloured");
    assertThat(alice.runTyping("", 80, "services").out()).contains("\u001b[1m");
    assertThat(alice.run("services").out()).doesNotContain("\u001b");
    alice.environment().put("NO_COLOR", "1");
    assertThat(alice.runTyping("", 80, "services").out()).doesNotContain("\u001b");
    alice.environment().remove("NO_COLOR");
  }

  @Test
  void a_sign_in_to_use_is_told_how_to_manage() {
    Machine using =
        new Machine(directory.resolve("using"))
            .signedIn(machines.byDevice("bob", java.time.Duration.ofHours(12)));
    Result refused = using.run("register", "mine", "--from", SMALL, "--no-key");
    assertThat(refused.failed().err()).contains("403", "claviger login URL --manage");
  }

  @Test
  void status_says_who_one_is_and_what_one_may_use() {
    machines.register(alice, "seen");
    assertThat(alice.run("status").done().out())
        .contains("alice", "to use and to manage", "0.2.0", "alice/");
    JsonNode json = JSON.readTree(alice.run("status", "--json").done().out());
    assertThat(json.at("/me/handle").asString()).isEqualTo("alice");
    assertThat(alice.run("status", "-q").done().lines()).containsExactly("alice");
  }
}
