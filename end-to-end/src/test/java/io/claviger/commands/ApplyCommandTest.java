package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.commands.Machine.Result;
import io.claviger.domain.definitions.Provider;
import io.claviger.journeys.Api;
import io.claviger.testkit.RsaKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Files that are applied to a node, and exported from it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApplyCommandTest {
  @AutoClose private final SignedInMachines machines = SignedInMachines.ofTheirOwnNode();
  private static final Pattern VARIABLE = Pattern.compile("env: ([A-Z0-9_]+)");
  private static final Pattern SERVICES =
      Pattern.compile("^services:\n.*?(?=^\\w|\\z)", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory = Path.of("");
  private String user = "";
  private Api api = machines.journey.root(machines.node);
  private Machine machine = new Machine(directory);
  private final String key = machines.journey.key(UUID.randomUUID().toString());

  @BeforeEach
  void signIn() {
    user = "u" + UUID.randomUUID().toString().substring(0, 8);
    api = machines.journey.user(machines.node, user);
    machine = new Machine(directory.resolve("home"));
    machine.signedIn(machines.withToken(api, user, "manage"));
    machine.environment().put("TEAM_KEY", key);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("team.yaml"), text);
  }

  private Result apply(String text, String... options) throws IOException {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "apply";
    arguments[1] = "-f";
    arguments[2] = file(text).toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return machine.run(arguments);
  }

  private String service(String handle) {
    return "/v1/llm-services/" + user + "/" + handle;
  }

  private static String keyed(String endpoint, String label) {
    return """
    name: team
    services:
      - ref: mine
        provider: openai-compat
        model: m
        endpoint: %s
        api_key: {env: TEAM_KEY, version: '%s'}
    """
        .formatted(endpoint, label);
  }

  @Test
  void the_documented_file_is_applied_as_written() throws IOException {
    String bob = "b" + user;
    Api unused = machines.journey.user(machines.node, bob);
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", "apply.md")));
    assertThat(example.find()).isTrue();
    String text = example.group(1).replace("grantee: bob", "grantee: " + bob);
    Files.createDirectory(directory.resolve("keys"));
    Files.writeString(directory.resolve("keys/chat"), key + "\n");
    machine.environment().put("LAB_OPENAI_KEY", key);

    Result plan = apply(text, "--plan").planned();
    assertThat(plan.out())
        .contains(
            "api_key: variable LAB_OPENAI_KEY -> https://api.openai.com/v1 (not named by the file)",
            "api_key: file keys/chat -> https://llm.example.org/v1 (new destination)",
            "6 to create, 0 to change, 0 to delete, 0 unchanged")
        .doesNotContain(key);
    api.get(service("embeddings")).isStatus(404);

    String openai = "https://api.openai.com/v1";
    apply(text, "--allow-env", "LAB_OPENAI_KEY", "--yes", "--send-to", openai).done();
    assertThat(api.get(service("embeddings")).text("/applied_by")).isEqualTo("lab");
    assertThat(api.get(service("embeddings")).text("/api_key_version")).isEqualTo("2026-11");
    assertThat(api.get(service("embeddings")).text("/limits/budgets/0/amount")).isEqualTo("20");
    assertThat(api.get(service("embeddings") + "/shares/" + bob).text("/role")).isEqualTo("reader");
    assertThat(api.get("/v1/projects/" + user + "/thesis/shares/" + bob).text("/role"))
        .isEqualTo("writer");

    machine.environment().remove("LAB_OPENAI_KEY");
    assertThat(apply(text, "--prune").done().out())
        .isEqualToIgnoringNewLines("0 created, 0 changed, 0 deleted, 6 unchanged");
    assertThat(apply(text, "--plan").done().out())
        .isEqualToIgnoringNewLines("0 to create, 0 to change, 0 to delete, 6 unchanged");
  }

  @Test
  void what_is_exported_can_be_applied_and_changes_nothing() throws IOException {
    String bob = "b" + user;
    Api unused = machines.journey.user(machines.node, bob);
    apply(
            """
            name: team
            definitions: [{ref: d, provider: openai-compat, endpoint: 'http://h.example', model: m}]
            services:
              - ref: one
                definition: d
                dimensions: 5
                note: "yes: # '1'\\ntwo lines"
                organization: null
                limits: {models: ['a*'], requests_per_minute: 7}
                budgets_in_all: [{amount: '1.5', unit: usd, window: day, zone: Europe/Berlin}]
                provider_limits: {requests_per_minute: 60, concurrent_calls: 4}
                capacity_group: main
                max_wait_ms: 5
                on_429: pass
                max_connection_minutes: 5
                metadata: {cost: 1.50, tags: [x, null, {no: 'on'}], big: 12345678901234567890}
                allowed_origins: ['https://app.example.org']
                shares: [{grantee: %s, role: reader, weight: 30}]
                api_key: {env: TEAM_KEY}
                custom_headers: {X-Team: {env: TEAM_KEY}}
            projects:
              - ref: p
                service: one
                metadata: {of: p}
                visibility: everybody
                limits: {requests_per_minute: 20, budgets: [{amount: '5', unit: usd, window: month}]}
            """
                .formatted(bob),
            "--allow-env",
            "TEAM_KEY",
            "--yes")
        .done();
    String exported = machine.run("export", "--name", "team").done().out();

    assertThat(exported).doesNotContain(key).contains("budgets_in_all", "X-Team");
    assertThat(api.get(service("one")).at("/provider_limits/concurrent_calls").intValue())
        .isEqualTo(4);
    assertThat(api.get(service("one")).text("/capacity_group")).isEqualTo("main");
    assertThat(api.get(service("one")).at("/max_connection_minutes").intValue()).isEqualTo(5);
    assertThat(api.get(service("one")).body())
        .contains("\"metadata\":{\"cost\":1.50,\"tags\":[\"x\",null,{\"no\":\"on\"}],");
    assertThat(api.get(service("one")).text("/allowed_origins/0"))
        .isEqualTo("https://app.example.org");
    assertThat(api.get("/v1/projects/" + user + "/p").at("/limits/requests_per_minute").intValue())
        .isEqualTo(20);
    assertThat(machine.run("holders", "one").done().err())
        .contains(user + "/p (each person: 20 calls a minute, 5 usd");
    assertThat(api.get(service("one") + "/shares/" + bob).at("/weight").intValue()).isEqualTo(30);
    assertThat(apply(exported).done().out()).contains("0 created, 0 changed, 0 deleted");
    api.delete("/v1/projects/" + user + "/p").isStatus(204);
    api.delete(service("one")).isStatus(204);
    List<String> named = VARIABLE.matcher(exported).results().map(each -> each.group(1)).toList();
    named.forEach(name -> machine.environment().put(name, key));
    assertThat(apply(exported, "--yes", "--allow-env", String.join(",", named)).done().out())
        .contains("3 created, 0 changed");
    assertThat(machine.run("export", "--name", "team").done().out()).isEqualTo(exported);
  }

  @Test
  void odd_values_are_the_same_at_the_second_apply_and_after_an_export() throws IOException {
    String file =
        """
        name: 'team: #1'
        definitions:
          - {ref: d, provider: openai-compat, endpoint: 'https://BÜCHER.example:443/v1/', model: '1e3'}
        services:
          - ref: odd
            definition: d
            display_name: ' Ünï 👩‍🔬 '
            endpoint: https://BÜCHER.example/v1/
            api_key: {env: TEAM_KEY, version: 1.0}
            note: |2

                indented: "yes"
              # no comment
              \ttab, and the end

            metadata: {'': '', '1': ~, 'true': [1.50, -0, 1e3, '0x1F', ' x ', {}], '<<': "a\\tb\\e[m\\u2028"}
            limits: {models: ['b ', 'a*', '1'], budgets: [{amount: 1.50, unit: usd, window: month}]}
            budgets_in_all: [{amount: '2.0', unit: usd, window: day, zone: Europe/Berlin}]
            shared_objects: []
        projects:
          - {ref: p, service: odd, description: "two\\n\\n  lines \\n", metadata: {a: {b: [null, '']}}}
        """
            .replace("\\t", "\t");
    apply(file, "--allow-env", "TEAM_KEY", "--yes").done();

    assertThat(apply(file).done().out()).contains("0 created, 0 changed, 0 deleted");
    String exported = machine.run("export", "--name", "team: #1").done().out();
    assertThat(apply(exported).done().out()).as(exported).contains("0 created, 0 changed");
    assertThat(machine.run("export", "--name", "team: #1").done().out()).isEqualTo(exported);
  }

  /** A proxy behind the endpoint may send the key wherever a header says. */
  @Test
  void headers_from_files_go_with_a_key_only_if_the_user_agrees() throws IOException {
    String endpoint = "https://proxy.example/v1";
    apply(keyed(endpoint, "1"), "--allow-env", "TEAM_KEY", "--yes").done();
    Files.writeString(directory.resolve("target"), "https://elsewhere.example");
    String file = keyed(endpoint, "1") + "    custom_headers: {X-Target-Url: {file: target}}\n";

    assertThat(apply(file, "--allow-env", "TEAM_KEY").failed().err())
        .contains("X-Target-Url: file target -> " + endpoint, "nobody confirmed", "--yes");
    assertThat(api.get(service("mine")).at("/custom_header_names")).isEmpty();
    apply(file, "--allow-env", "TEAM_KEY", "--yes").done();
    assertThat(api.get(service("mine")).text("/custom_header_names/0"))
        .isEqualToIgnoringCase("X-Target-Url");
    assertThat(apply(file).done().out()).contains("0 created, 0 changed");
  }

  @Test
  void administrators_apply_what_belongs_to_everybody() throws IOException {
    String root = "r" + user;
    machine = new Machine(directory.resolve("root"));
    Api administrator = machines.journey.administrator(machines.node, root);
    machine.signedIn(machines.withToken(administrator, root, "manage"));
    machine.environment().put("TEAM_KEY", key);
    String file =
        """
        name: deployment
        groups:
          - handle: lab
            display_name: The lab
            members: [{user: %1$s, role: manager}]
            limits: {requests_per_minute: 50}
            pooled_limits: {budgets: [{amount: 20, unit: usd, window: month, unpriced: allow}]}
        users: [{handle: %1$s, limits: {max_output_tokens: 100}}]
        services:
          - {ref: _system/a, provider: openai, model: m, api_key: {env: TEAM_KEY}}
          - {ref: _system/b, provider: openai, model: m, api_key: {env: TEAM_KEY}}
        models:
          - {name: first, is_default: true, targets: [{service: a, model: m}, {service: b, model: n}]}
          - {name: second, is_default: false, provider: openai, model: m, service: a}
        prices:
          - provider: openai
            model: org/m
            valid_from: 2026-01-31
            input: 0.150
            output: 2
            thresholds: [{above: 200000, input: 0.3}, {above: 300000, output: 5}]
            tiers: {flex: {input: 0.07, output: 1.0}, priority: {input: 9}}
            fees: [{what: web_search, amount: 0.01}, {what: page, amount: 3, per: 1000}]
        """
            .formatted(user);
    String[] options = {
      "--allow-env", "TEAM_KEY", "--yes", "--send-to", "https://api.openai.com/v1", "--prune"
    };
    apply(file, options).done();
    assertThat(apply(file, "--prune").done().out()).contains("0 created, 0 changed, 0 deleted, 10");
    assertThat(apply(file.replace("0.150", "0.2"), "--prune").done().out()).contains("1 changed");
    assertThat(apply(file.replace(", priority: {input: 9}", ""), "--plan").planned().lines())
        .anyMatch(line -> line.contains("tiers: "));
    assertThat(apply(file.replace(", per: 1000", ""), "--plan").planned().lines())
        .anyMatch(line -> line.contains("fees: "));

    assertThat(administrator.get("/v1/groups/lab/pooled-limits").text("/budgets/0/amount"))
        .isEqualTo("20");
    apply(file.replace("requests_per_minute: 50", "max_output_tokens: 7"), "--prune").done();
    // What a file does not mention stays as it is.
    assertThat(administrator.get("/v1/groups/lab/limits").at("/requests_per_minute").asInt())
        .isEqualTo(50);

    String exported =
        machine.run("export", "--system", "--users", "--name", "deployment").done().out();
    assertThat(exported)
        .contains("org/m", "first", "handle: lab", "pooled_limits", "max_output_tokens: 100")
        .doesNotContain(key);
    // The things that the program created itself have no file's name yet.
    List<String> plan = apply(exported, "--plan").planned().lines();
    assertThat(plan.getLast()).startsWith("0 to create, ").contains(" 0 to delete, ");
    assertThat(plan.stream().filter(line -> line.startsWith("    ")))
        .containsOnly("    applied_by: null -> \"deployment\"");
    String swapped = file.replace("is_default: true", "is_default: false ");
    apply(swapped.replace("second, is_default: false", "second, is_default: true")).done();

    assertThat(apply("name: deployment", "--prune").failed().err())
        .contains("- service _system/a", "- service _system/b", "--yes");
    administrator.get("/v1/groups/lab").isStatus(200);
    assertThat(apply("name: deployment", "--prune", "--yes").done().out()).contains("5 deleted");
    administrator.get("/v1/groups/lab").isStatus(404);
    administrator.get("/v1/llm-services/_system/a").isStatus(404);
  }

  @Test
  void providers_are_applied_and_exported_and_services_lead_where_the_file_says()
      throws IOException {
    Api administrator = machines.journey.root(machines.node);
    administrator.patch("/v1/users/" + user, Map.of("administrator", true)).isStatus(200);
    String file =
        """
        name: clouds
        providers:
          - name: %1$s
            format: openai
            endpoint: https://models.example/v1
            traits: [streams_asked]
        services:
          - ref: in-cloud
            provider: %1$s
            model: m
            api_key: {env: TEAM_KEY}
        """
            .formatted(user + "-cloud");

    String[] options = {"--allow-env", "TEAM_KEY", "--send-to", "https://models.example/v1"};
    assertThat(apply(file, options).done().out())
        .contains("2 created")
        .doesNotContain("not named by the file");
    assertThat(administrator.get("/v1/llm-services/" + user + "/in-cloud").text("/endpoint"))
        .isEqualTo("https://models.example/v1");
    String changed = file.replace("models.example/v1", "models.example/v2");
    assertThat(apply(changed, options).done().out()).contains("0 created, 1 changed");
    assertThat(
            administrator.get("/v1/providers/" + user + "-cloud").at("/traits").get(0).asString())
        .isEqualTo("streams_asked");
    assertThat(administrator.get("/v1/llm-services/" + user + "/in-cloud").text("/endpoint"))
        .as("a service that is there stays where it is")
        .isEqualTo("https://models.example/v1");
    String exported = machine.run("export", "--system", "--name", "all").done().out();
    assertThat(exported).contains("- name: " + user + "-cloud", "https://models.example/v2");
    assertThat(exported).doesNotContain("- name: openai\n");
    administrator.delete("/v1/llm-services/" + user + "/in-cloud").isStatus(204);
    administrator.delete("/v1/providers/" + user + "-cloud").isStatus(204);
  }

  @Test
  void credentials_of_other_kinds_are_applied_exported_and_rotated() throws IOException {
    String tokens = machines.journey.provider().baseUrl() + "/token";
    String file =
        """
        name: team
        services:
          - ref: mine
            provider: openai-compat
            model: m
            endpoint: https://one.example/v1
            credential:
              kind: oauth_client
              client_id: lab
              token_url: %s
              client_secret: {env: TEAM_KEY, version: '1'}
          - ref: stated
            provider: openai-compat
            model: m
            endpoint: https://one.example/v1
            credential: {kind: federated, federation: {provider: rfc8693, token_url: %s}}
        """
            .formatted(tokens, tokens);
    String[] allowed = {"--allow-env", "TEAM_KEY", "--yes"};
    assertThat(apply(file, "--plan").planned().out())
        .contains("credential.client_secret: variable TEAM_KEY -> https://one.example/v1")
        .doesNotContain(key);
    apply(file, allowed).done();
    assertThat(api.get(service("mine")).text("/credential/client_id")).isEqualTo("lab");
    assertThat(api.get(service("stated")).at("/credential/confirmed").booleanValue()).isTrue();
    String set = api.get(service("mine")).text("/api_key_set_at");

    String exported = machine.run("export", "--name", "team").done().out();

    assertThat(exported).contains("client_secret", "rfc8693").doesNotContain(key, "minted_at");
    assertThat(apply(exported).done().out()).contains("0 created, 0 changed, 0 deleted, 2");
    apply(file.replace("version: '1'", "version: '2'"), allowed).done();
    assertThat(api.get(service("mine")).text("/api_key_set_at")).isNotEqualTo(set);
    apply(file.replace("client_id: lab", "client_id: other"), allowed).done();
    assertThat(api.get(service("mine")).text("/credential/client_id")).isEqualTo("other");
    assertThat(apply(file.replace("{env: TEAM_KEY, version: '1'}", key)).failed().err())
        .doesNotContain(key);
  }

  /** Each page says what to enter here, and each of its files is applied as it is written. */
  @Test
  void every_provider_has_a_page_whose_files_are_applied() throws Exception {
    Files.writeString(
        directory.resolve("key.json"),
        """
        {"type": "service_account", "client_email": "lab@p.iam.gserviceaccount.com", "private_key_id": "1",
         "token_uri": "https://oauth2.googleapis.com/token", "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
        """
            .formatted(
                Base64.getEncoder().encodeToString(RsaKeys.pair(0).getPrivate().getEncoded())));
    Path pages = Path.of("..", "docs", "providers");
    String index = Files.readString(pages.resolve("README.md"));
    for (Provider provider : Provider.known()) {
      String page = provider.wireName() + ".md";
      assertThat(index).contains("](" + page + ")");
      Matcher file = EXAMPLE.matcher(Files.readString(pages.resolve(page)));
      int files = 0;
      for (; file.find(); files++) {
        String text = file.group(1).indent(-file.group(1).indexOf("name:"));
        List<String> options = new ArrayList<>(List.of("--yes"));
        Matcher variable = VARIABLE.matcher(text);
        while (variable.find()) {
          machine.environment().put(variable.group(1), "canary-0123456789");
          options.addAll(List.of("--allow-env", variable.group(1)));
        }
        Result applied = apply(text, options.toArray(String[]::new));
        assertThat(applied.exitCode()).as(page + text + applied.err()).isZero();
      }
      assertThat(files).as(page).isPositive();
      assertThat(api.get(service("my-" + provider.wireName())).text("/provider"))
          .isEqualTo(provider.wireName());
    }
  }

  @Test
  void a_new_destination_needs_somebodys_word() throws IOException {
    String file = keyed("https://one.example/v1", "1");
    Result refused = apply(file, "--allow-env", "TEAM_KEY").failed();
    assertThat(refused.err())
        .contains("TEAM_KEY -> https://one.example/v1 (new destination)", "--yes");
    api.get(service("mine")).isStatus(404);
    apply(file, "--allow-env", "TEAM_KEY", "--yes").done();

    String moved = keyed("https://two.example/v1", "1");
    assertThat(apply(moved, "--allow-env", "TEAM_KEY").failed().err()).contains("two.example");
    assertThat(api.get(service("mine")).text("/endpoint")).isEqualTo("https://one.example/v1");
    assertThat(
            machine
                .runTyping(
                    "y", 80, "apply", "--allow-env", "TEAM_KEY", "-f", file(moved).toString())
                .exitCode())
        .isZero();
    assertThat(api.get(service("mine")).text("/endpoint")).isEqualTo("https://two.example/v1");
  }

  /** The label of the key is new, so that the next run sends it to wherever the service leads. */
  @Test
  void a_rotated_key_does_not_go_where_a_co_owner_leads_it() throws IOException {
    String file = keyed("https://one.example/v1", "1");
    apply(file, "--allow-env", "TEAM_KEY", "--yes").done();
    String other = "o" + user;
    Api coOwner = machines.journey.user(machines.node, other);
    api.put(service("mine") + "/shares/" + other, Map.of("role", "owner")).isStatus(201);
    coOwner
        .patch(
            service("mine"),
            Map.of("endpoint", "https://evil.example/v1", "api_key", machines.journey.key(other)))
        .isStatus(200);
    String set = api.get(service("mine")).text("/api_key_set_at");
    String rotated =
        file.replace("    endpoint: https://one.example/v1\n", "").replace("'1'", "'2'");

    Result refused = apply(rotated, "--allow-env", "TEAM_KEY", "--yes").failed();
    assertThat(refused.err())
        .contains("TEAM_KEY -> https://evil.example/v1 (not named by the file)")
        .contains("--send-to https://evil.example/v1", "`endpoint`");
    assertThat(
            machine
                .runTyping("n", 80, "apply", "--allow-env", "TEAM_KEY", "-f", file(rotated) + "")
                .err())
        .contains("evil.example");
    assertThat(machine.runReading(key, "replace-key", "mine", "--key-stdin").failed().err())
        .contains("https://evil.example/v1", "--send-to");
    assertThat(api.get(service("mine")).text("/api_key_set_at")).isEqualTo(set);

    // The user's consent is not requested again as long as the service has the same endpoint.
    api.patch(service("mine"), Map.of("endpoint", "https://one.example/v1", "api_key", key))
        .isStatus(200);
    apply(rotated, "--allow-env", "TEAM_KEY").done();
    assertThat(api.get(service("mine")).text("/api_key_set_at")).isNotEqualTo(set);
    Path kept = machine.home().resolve(".config/claviger/destinations.json");
    assertThat(Files.readString(kept)).contains("https://one.example/v1").doesNotContain("evil");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_co_owner_does_not_have_the_owners_file_delete_a_service() throws IOException {
    String other = "o" + user;
    Api coOwner = machines.journey.user(machines.node, other);
    api.put(service("by-hand"), Map.of("definition", "_system/openai-small")).isStatus(201);
    api.put(service("by-hand") + "/shares/" + other, Map.of("role", "owner")).isStatus(201);

    coOwner.patch(service("by-hand"), Map.of("applied_by", "team")).isStatus(403);
    assertThat(apply("name: team", "--prune", "--yes").done().out()).contains("0 deleted");
    api.get(service("by-hand")).isStatus(200);

    api.patch(service("by-hand"), Map.of("applied_by", "team")).isStatus(200);
    assertThat(apply("name: team", "--prune").failed().err()).contains("by-hand", "--yes");
    String path = file("name: team").toString();
    assertThat(machine.runTyping("n", 80, "apply", "--prune", "-f", path).err())
        .contains("- service " + user + "/by-hand", "nothing was changed");
    api.get(service("by-hand")).isStatus(200);
    machine.runTyping("y", 80, "apply", "--prune", "-f", path).done();
    api.get(service("by-hand")).isStatus(404);
  }

  @Test
  void a_co_owner_applies_a_file_without_marking_what_belongs_to_somebody_else()
      throws IOException {
    String other = "o" + user;
    Api owner = machines.journey.user(machines.node, other);
    String path = "/v1/llm-services/" + other + "/lent";
    owner.put(path, Map.of("definition", "_system/openai-small")).isStatus(201);
    owner.put(path + "/shares/" + user, Map.of("role", "owner")).isStatus(201);

    apply("name: team\nservices: [{ref: %s/lent, note: x}]".formatted(other)).done();
    assertThat(owner.get(path).text("/note")).isEqualTo("x");
    assertThat(owner.get(path).at("/applied_by").isNull()).isTrue();
  }

  @Test
  void a_key_is_sent_again_when_its_label_changes_and_not_before() throws IOException {
    String endpoint = "https://one.example/v1";
    apply(keyed(endpoint, "1"), "--allow-env", "TEAM_KEY", "--yes").done();
    String set = api.get(service("mine")).text("/api_key_set_at");

    assertThat(apply(keyed(endpoint, "1")).done().out()).contains("1 unchanged");
    assertThat(api.get(service("mine")).text("/api_key_set_at")).isEqualTo(set);
    assertThat(apply(keyed(endpoint, "2")).failed().err())
        .contains("team.yaml:3:5: allow the variable TEAM_KEY: --allow-env TEAM_KEY");
    apply(keyed(endpoint, "2"), "--allow-env", "TEAM_KEY").done();
    assertThat(api.get(service("mine")).text("/api_key_set_at")).isNotEqualTo(set);
    assertThat(api.get(service("mine")).text("/api_key_version")).isEqualTo("2");
  }

  @Test
  void faults_change_nothing() throws IOException {
    machine.environment().remove("TEAM_KEY");
    String file =
        """
        name: team
        services:
          - {ref: good, provider: openai, model: m}
          - {ref: keyed, provider: openai, model: m, api_key: {env: TEAM_KEY}}
          - {ref: filed, provider: openai, model: m, api_key: {file: ../secret}}
        """;
    assertThat(apply(file, "--allow-env", "TEAM_KEY", "--yes").failed().err())
        .contains(
            "2 faults; nothing was changed",
            "team.yaml:4:5: the variable TEAM_KEY is not set",
            "team.yaml:5:5: the file ../secret can't be read");
    api.get(service("good")).isStatus(404);
    assertThat(apply(file.replace("model: m", "modl: m")).failed().err())
        .contains("did you mean `model`?");
    assertThat(machine.run("apply", "-f", directory.resolve("none").toString()).failed().err())
        .contains("can't be read");
  }

  @Test
  void prune_deletes_what_came_from_the_file_and_nothing_else() throws IOException {
    String two =
        """
        name: team
        services: [{ref: one, provider: openai, model: m}, {ref: two, provider: openai, model: m}]
        projects: [{ref: p, service: two}]
        """;
    api.put(service("by-hand"), Map.of("provider", "openai", "model", "m")).isStatus(201);
    apply(two).done();
    apply(
            two.replace("team", "other")
                .replace("one", "three")
                .replace("two", "four")
                .replace("ref: p", "ref: q"))
        .done();
    String one = "name: team\nservices: [{ref: one, provider: openai, model: m}]";

    assertThat(apply(one).done().out()).contains("1 unchanged");
    api.get(service("two")).isStatus(200);
    assertThat(apply(one, "--prune", "--plan").planned().out())
        .contains("- project", "- service", "0 to create, 0 to change, 2 to delete, 1 unchanged");
    apply(one, "--prune", "--yes").done();
    api.get(service("two")).isStatus(404);
    api.get("/v1/projects/" + user + "/p").isStatus(404);
    for (String kept : new String[] {"one", "three", "four", "by-hand"}) {
      api.get(service(kept)).isStatus(200);
    }
  }

  @Test
  void shares_and_members_that_were_added_by_hand_survive_prune() throws IOException {
    String bob = "b" + user;
    String carol = "c" + user;
    Api unusedBob = machines.journey.user(machines.node, bob);
    Api unusedCarol = machines.journey.user(machines.node, carol);
    String file =
        """
        name: team
        services: [{ref: s, provider: openai, model: m, shares: [%1$s]}]
        projects: [{ref: p, service: s, shares: [%1$s]}]
        """;
    apply(file.formatted("{grantee: %s, role: reader}".formatted(bob))).done();
    String project = "/v1/projects/" + user + "/p";
    for (String whole : new String[] {service("s"), project}) {
      assertThat(api.get(whole + "/shares/" + bob).text("/applied_by")).isEqualTo("team");
      api.put(whole + "/shares/" + carol, Map.of("role", "reader")).isStatus(201);
      // A change by hand does not change that the resource belongs to the file.
      api.put(whole + "/shares/" + bob, Map.of("role", "writer")).isStatus(200);
    }

    assertThat(apply(file.formatted(""), "--prune", "--plan").planned().lines())
        .containsExactly(
            "- share %1$s/p %2$s".formatted(user, bob),
            "- share %1$s/s %2$s".formatted(user, bob),
            "= share %1$s/s %2$s is kept: given by hand".formatted(user, carol),
            "= share %1$s/p %2$s is kept: given by hand".formatted(user, carol),
            "0 to create, 0 to change, 2 to delete, 2 unchanged");
    apply(file.formatted(""), "--prune").done();
    for (String whole : new String[] {service("s"), project}) {
      api.get(whole + "/shares/" + bob).isStatus(404);
      api.get(whole + "/shares/" + carol).isStatus(200);
    }
  }

  @Test
  void a_share_that_a_co_owner_gave_again_stays_when_the_co_owner_leaves_the_file()
      throws IOException {
    String dave = "d" + user;
    String carol = "c" + user;
    Api coOwner = machines.journey.user(machines.node, dave);
    Api unused = machines.journey.user(machines.node, carol);
    String both =
        """
        name: team
        services:
          - ref: s
            provider: openai
            model: m
            shares: [{grantee: %1$s, role: %3$s}, {grantee: %2$s, role: reader}]
        """;
    String share = service("s") + "/shares/" + carol;
    for (String after : new String[] {"writer", "none"}) {
      apply(both.formatted(dave, carol, "owner")).done();
      coOwner.put(share, Map.of("role", "reader")).isStatus(200);
      assertThat(api.get(share).text("/depends_on")).isEqualTo(dave);
      assertThat(api.get(share).at("/applied_by").isNull()).isTrue();
      String file =
          after.equals("none")
              ? both.formatted(dave, carol, "")
                  .replace("{grantee: %s, role: }, ".formatted(dave), "")
              : both.formatted(dave, carol, after);

      assertThat(apply(file, "--prune", "--plan").planned().out())
          .contains("~ share %s/s %s".formatted(user, carol), "depends_on");
      apply(file, "--prune").done();

      assertThat(api.get(share).isStatus(200).at("/depends_on").isNull()).isTrue();
      assertThat(apply(file, "--prune", "--plan").done().out())
          .contains("0 to create, 0 to change, 0 to delete");
    }

    apply(both.formatted(dave, carol, "owner")).done();
    coOwner.put(share, Map.of("role", "reader")).isStatus(200);
    String daveAlone =
        both.formatted(dave, carol, "owner")
            .replace(", {grantee: %s, role: reader}".formatted(carol), "");
    assertThat(apply(daveAlone, "--prune").done().out()).contains("0 deleted");
    api.get(share).isStatus(200);

    Map<String, String> fromFile = Map.of("role", "reader", "applied_by", "team");
    coOwner.put(share, fromFile).isStatus(200);
    assertThat(apply(daveAlone, "--prune").done().out()).contains("1 deleted");
    api.get(share).isStatus(404);
    for (String last : List.of("writer", "none")) {
      apply(daveAlone).done();
      coOwner.put(share, fromFile).isStatus(201);
      String file =
          last.equals("none")
              ? daveAlone.replace("{grantee: %s, role: owner}".formatted(dave), "")
              : daveAlone.replace("role: owner", "role: writer");
      apply(file, "--prune").done();
      api.get(share).isStatus(404);
    }
  }

  @Test
  void an_export_can_be_applied_after_the_only_borrower_of_an_object_was_deleted()
      throws IOException {
    String bob = "b" + user;
    Api borrower = machines.journey.user(machines.node, bob);
    api.put(service("s"), Map.of("provider", "openai", "model", "m")).isStatus(201);
    String object = service("s") + "/shared-objects/vector_stores/vs_1";
    api.put(object, Map.of("access", "refer", "borrowers", List.of(bob))).isStatus(201);
    borrower.delete("/v1/users/" + bob).isStatus(204);

    String exported = machine.run("export", "--name", "team").done().out();

    assertThat(exported).doesNotContain("vs_1");
    apply(exported).done();
  }

  @Test
  void a_change_that_waits_for_consent_is_asked_for_once_however_often_the_file_is_applied()
      throws IOException {
    api.put(
            service("s"),
            Map.of("provider", "openai-compat", "model", "m", "endpoint", "http://a.example"))
        .isStatus(201);
    api.patch(service("s"), Map.of("approvals", 3)).isStatus(200);
    String file = "name: team\nservices: [{ref: s, endpoint: 'http://b.example'}]";

    Result first = apply(file);
    Result second = apply(file);

    assertThat(first.exitCode()).isEqualTo(3);
    assertThat(second.exitCode()).isEqualTo(3);
    assertThat(first.out() + first.err()).contains("claviger approve ");
    assertThat(second.err()).isEqualTo(first.err());
    assertThat(api.get("/v1/approvals").at("/items")).hasSize(1);
  }

  @Test
  void an_administrator_changes_what_somebody_else_owns_as_often_as_needed() throws IOException {
    String owner = "o" + user;
    Api owning = machines.journey.user(machines.node, owner);
    String path = "/v1/llm-services/" + owner + "/s";
    owning.put(path, Map.of("provider", "openai", "model", "m")).isStatus(201);
    Api administrator = machines.journey.root(machines.node);
    administrator.patch("/v1/users/" + user, Map.of("administrator", true)).isStatus(200);
    for (boolean enabled : new boolean[] {false, true, false}) {
      String file = "name: team\nservices: [{ref: %s/s, enabled: %s}]".formatted(owner, enabled);

      assertThat(apply(file).done().out()).contains("0 created, 1 changed, 0 deleted");
      assertThat(owning.get(path).at("/enabled").booleanValue()).isEqualTo(enabled);
      assertThat(apply(file).done().out()).contains("0 created, 0 changed, 0 deleted, 1 unchanged");
    }
  }

  @Test
  void what_is_refused_is_told_and_the_next_run_finishes() throws IOException {
    String file =
        """
        name: team
        services:
          - {ref: good, provider: openai, model: m}
          - {ref: bad, definition: none}
        projects: [{ref: p, service: good}]
        """;
    Result refused = apply(file).failed();
    assertThat(refused.err()).contains("1 of 3 steps are done", user + "/bad", "definition");
    api.get("/v1/projects/" + user + "/p").isStatus(404);

    assertThat(apply(file.replace("definition: none", "provider: openai, model: m")).done().out())
        .contains("2 created, 0 changed, 0 deleted, 1 unchanged");
  }

  @Test
  void somebody_elses_change_is_not_overwritten() throws IOException {
    String file = "name: team\nservices: [{ref: one, provider: openai, model: %s}]";
    apply(file.formatted("m")).done();
    machine.environment().put("TEAM_KEY", key);
    Path keyFile = file(keyed("https://one.example/v1", "1").replace("mine", "one"));

    // Somebody changes the service while the question waits for its answer.
    Result late =
        machine.runAnswering(
            question -> {
              api.patch(service("one"), Map.of("description", "changed")).isStatus(200);
              return "y";
            },
            "apply",
            "--allow-env",
            "TEAM_KEY",
            "-f",
            keyFile.toString());

    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.err()).contains("somebody changed it in the meantime");
    assertThat(api.get(service("one")).text("/model")).isEqualTo("m");
  }

  /** Without their shares, nobody could use these services of a server that is set up again. */
  @Test
  void shares_of_system_level_services_for_some_are_applied_and_exported() throws IOException {
    Api administrator = machines.journey.root(machines.node);
    administrator.patch("/v1/users/" + user, Map.of("administrator", true)).isStatus(200);
    String bob = "b" + user;
    Api unused = machines.journey.user(machines.node, bob);
    String lent = "/v1/llm-services/_system/" + user + "-lent";
    String file =
        """
        name: lent
        services:
          - ref: _system/%1$s-lent
            provider: openai
            model: m
            audience: shared
            shares: [{grantee: %2$s, role: reader, limits: {requests_per_minute: 7}}]
        """
            .formatted(user, bob);

    assertThat(apply(file.replace("    audience: shared\n", "")).failed().err())
        .contains("everybody can use what belongs to _system");
    apply(file).done();
    assertThat(
            administrator.get(lent + "/shares/" + bob).at("/limits/requests_per_minute").intValue())
        .isEqualTo(7);
    String exported = machine.run("export", "--system", "--name", "lent").done().out();
    Matcher services = SERVICES.matcher(exported);
    assertThat(services.find()).isTrue();
    administrator.delete(lent).isStatus(204);
    apply("name: lent\n" + services.group(), "--yes").done();
    assertThat(administrator.get(lent + "/shares/" + bob).text("/role")).isEqualTo("reader");
    assertThat(apply(file.replace("    audience: shared\n", "")).done().out())
        .contains("0 created, 0 changed, 0 deleted");
    administrator.delete(lent).isStatus(204);
  }

  /** Names of models are unique only among the models of a format. */
  @Test
  void models_of_the_same_name_are_applied_and_exported_by_their_formats() throws IOException {
    Api administrator = machines.journey.root(machines.node);
    administrator.patch("/v1/users/" + user, Map.of("administrator", true)).isStatus(200);
    String file =
        """
        name: pairs
        services:
          - {ref: _system/%1$s-o, provider: openai, model: m}
          - {ref: _system/%1$s-a, provider: anthropic, model: m}
        models:
          - {name: %1$s, format: openai, service: %1$s-o, provider: openai, model: m}
          - {name: %1$s, format: anthropic, service: %1$s-a, provider: anthropic, model: m}
        """
            .formatted(user);
    String second = file.substring(file.lastIndexOf("  - "));
    assertThat(apply(file).done().out()).contains("4 created");

    assertThat(machine.run("export", "--system", "--name", "pairs").done().out())
        .contains("name: %s\n    provider: openai".formatted(user))
        .contains("name: %s\n    provider: anthropic".formatted(user))
        .contains("format: openai", "format: anthropic");
    assertThat(apply(file, "--prune").done().out()).contains("0 created, 0 changed, 0 deleted, 4");
    assertThat(apply(file.replace(", format: anthropic", "")).failed().err())
        .contains("a model of this name is in line 6 too");
    String bare = file.replace(second, "").replace(", format: openai", ", enabled: false");
    assertThat(apply(bare).failed().err())
        .contains("say which: `format: anthropic` or `format: openai`");
    assertThat(
            apply(bare.replace(", enabled", ", format: openai, enabled"), "--prune").done().lines())
        .contains("~ model %s (openai)".formatted(user), "- model %s (anthropic)".formatted(user));
    assertThat(apply(bare).done().out()).contains("0 created, 0 changed, 0 deleted, 3");
    apply("name: pairs", "--prune", "--yes").done();
  }

  /** The price is written only after the question, so that it can change in the meantime. */
  @Test
  void somebody_elses_change_of_a_price_is_not_overwritten() throws IOException {
    Api administrator = machines.journey.root(machines.node);
    administrator.patch("/v1/users/" + user, Map.of("administrator", true)).isStatus(200);
    String model = "m-" + user;
    String path = "/v1/prices/openai?model=" + model;
    String listed = "/v1/prices?provider=openai&model=" + model;
    String prices =
        "prices: [{provider: openai, model: %s, valid_from: 2026-01-31, input: %s}]\n"
            .formatted(model, "%s");
    String file = keyed("https://one.example/v1", "1") + prices;
    Map<String, Object> theirs = Map.of("valid_from", "2026-01-31", "input", "7");

    assertThat(applyLate(file.formatted("2"), () -> administrator.put(path, theirs)).err())
        .contains("price openai 2026-01-31 " + model + ": somebody made it in the meantime");
    assertThat(administrator.get(listed).text("/items/0/input")).isEqualTo("7");

    String moved = file.replace("one.example", "two.example").formatted("3");
    Map<String, Object> more =
        Map.of("valid_from", "2026-01-31", "input", "8", "cached_input", "0.5");
    assertThat(applyLate(moved, () -> administrator.put(path, more)).err())
        .contains("price openai 2026-01-31 " + model + ": somebody changed it in the meantime");
    assertThat(administrator.get(listed).text("/items/0/input")).isEqualTo("8");

    apply(moved, "--allow-env", "TEAM_KEY", "--yes").done();
    assertThat(administrator.get(listed).text("/items/0/input")).isEqualTo("3");
    assertThat(administrator.get(listed).text("/items/0/cached_input")).isEqualTo("0.5");
  }

  /** Applies a file whose question is answered after somebody else's change. */
  private Result applyLate(String text, Runnable change) throws IOException {
    String path = file(text).toString();
    return machine.runAnswering(
        question -> {
          change.run();
          return "y";
        },
        "apply",
        "--allow-env",
        "TEAM_KEY",
        "-f",
        path);
  }
}
