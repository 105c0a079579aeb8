package io.claviger.client.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.client.apply.PlanStep.Action;
import io.claviger.client.apply.PlanStep.DestinationTrust;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Plans, done by a server in memory that merges what it is sent. */
class PlanTest {
  private static final String KEYED =
      """
      name: team
      services:
        - ref: mine
          endpoint: %s
          api_key: {env: A, version: '%s'}
      """;

  private static final String PRICED =
      "name: team\nprices: [{provider: openai, model: m, valid_from: 2026-01-01, %s}]";

  private final ServerInMemory server = new ServerInMemory();
  private BiPredicate<String, String> confirmed = (service, endpoint) -> false;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 6 * Integer.getInteger("test.seeds", 50));
  }

  /** Each file is applied to whatever the files before it left. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("seeds")
  void a_plan_that_is_done_makes_what_the_file_says_and_the_next_is_empty(long seed) {
    Random random = new Random(seed);
    for (int n = 0; n < 5; n++) {
      DesiredState desired = Files.read(RandomFile.of(random));
      boolean prune = random.nextBoolean();
      Plan plan = plan(desired, prune);

      plan.steps().forEach(server::run);

      desired
          .resources()
          .values()
          .forEach(
              entry ->
                  assertThat(Differences.between(entry.fields(), server.shown(entry.key())))
                      .isEmpty());
      assertThat(plan(desired, prune).steps()).isEmpty();
      if (prune) {
        assertThat(server.namesAppliedBy("team"))
            .allMatch(key -> desired.resources().containsKey(key) || isUnmentioned(key, desired));
      }
    }
  }

  /** The file says nothing about the list in which this is. */
  private static boolean isUnmentioned(ResourceKey key, DesiredState desired) {
    return key.kind().parent().isPresent() && !desired.complete().contains(key.list());
  }

  /** Acts as if the program had been killed after this step. */
  @ParameterizedTest
  @MethodSource("seeds")
  void a_plan_that_is_done_half_is_finished_by_the_next(long seed) {
    Random random = new Random(seed);
    DesiredState desired = Files.read(RandomFile.of(random));
    List<PlanStep> steps = plan(desired, true).steps();
    steps.subList(0, random.nextInt(steps.size() + 1)).forEach(server::run);

    List<PlanStep> rest = plan(desired, true).steps();
    rest.forEach(server::run);

    assertThat(rest.size()).isLessThanOrEqualTo(steps.size());
    assertThat(plan(desired, true).steps()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_others_refer_to_is_written_first_and_deleted_last(long seed) {
    Random random = new Random(seed);
    List<PlanStep> steps = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      steps = plan(Files.read(RandomFile.of(random)), true).steps();
      steps.forEach(server::run);
    }
    List<ResourceKind> written =
        steps.stream()
            .filter(step -> step.action() != Action.DELETE)
            .map(step -> step.key().kind())
            .toList();
    List<ResourceKind> deleted =
        steps.stream()
            .filter(step -> step.action() == Action.DELETE)
            .map(step -> step.key().kind())
            .toList();
    assertThat(written).isSorted();
    assertThat(deleted.reversed()).isSorted();
  }

  @Test
  void only_what_bears_the_name_of_the_file_is_deleted() {
    server.run(plan(Files.read("name: other\nservices: [{ref: others}]"), true).steps().getFirst());
    server.put(ResourceKey.of(ResourceKind.SERVICE, "alice/made-by-hand"), Map.of());
    server.run(plan(Files.read("name: team\nservices: [{ref: mine}]"), true).steps().getFirst());

    DesiredState nothing = Files.read("name: team");
    assertThat(plan(nothing, false).steps()).isEmpty();
    assertThat(plan(nothing, true).steps())
        .extracting(step -> step.key().name())
        .containsExactly("alice/mine");
  }

  @Test
  void shares_that_were_given_by_hand_or_by_another_file_are_kept_and_told() {
    apply("name: team\nservices: [{ref: mine, shares: [{user: bob, role: reader}]}]");
    ResourceKey service = ResourceKey.of(ResourceKind.SERVICE, "alice/mine");
    server.put(
        new ResourceKey(ResourceKind.SERVICE_SHARE, service.name(), "carol"),
        Map.of("role", "reader"));
    server.put(
        new ResourceKey(ResourceKind.SERVICE_SHARE, service.name(), "dan"),
        Map.of("role", "reader", "applied_by", "other"));
    DesiredState none = Files.read("name: team\nservices: [{ref: mine, shares: []}]");

    Plan plan = plan(none, true);

    assertThat(plan.steps())
        .extracting(step -> step.action() + " " + step.key())
        .containsExactly("DELETE share alice/mine bob");
    assertThat(plan.kept())
        .extracting(PlanText::kept)
        .containsExactly(
            "= share alice/mine carol is kept: given by hand",
            "= share alice/mine dan is kept: given by the file \"other\"");
    assertThat(plan(none, false).kept()).isEmpty();
    assertThat(plan(Files.read("name: team\nservices: [{ref: mine}]"), true).kept()).isEmpty();
  }

  @Test
  void a_share_that_a_co_owner_gave_again_is_given_by_the_file_before_the_co_owners_own_changes() {
    apply(
        """
        name: team
        services: [{ref: mine, shares: [{user: bob, role: owner}, {user: carol, role: reader}]}]
        """);
    ResourceKey carol = new ResourceKey(ResourceKind.SERVICE_SHARE, "alice/mine", "carol");
    server.put(carol, Map.of("role", "reader", "applied_by", "team", "depends_on", "bob"));

    Plan lowered =
        plan(
            Files.read(
                """
                name: team
                services:
                  - ref: mine
                    shares: [{user: bob, role: reader}, {user: carol, role: reader}]
                """),
            true);
    assertThat(lowered.steps())
        .extracting(step -> step.action() + " " + step.key())
        .containsExactly("CHANGE share alice/mine carol", "CHANGE share alice/mine bob");
    assertThat(lowered.steps().getFirst().body().isEmpty()).isTrue();
    assertThat(plan(Files.read("name: team\nservices: [{ref: mine, shares: []}]"), true).steps())
        .extracting(step -> step.action() + " " + step.key())
        .containsExactlyInAnyOrder("DELETE share alice/mine bob", "DELETE share alice/mine carol");
  }

  @Test
  void a_share_that_a_co_owner_gave_by_hand_is_said_to_end_if_the_co_owner_does_not_stay() {
    String file = "name: team\nservices: [{ref: mine, shares: [%s]}]";
    apply(file.formatted("{user: bob, role: owner}"));
    ResourceKey carol = new ResourceKey(ResourceKind.SERVICE_SHARE, "alice/mine", "carol");
    server.put(carol, Map.of("role", "reader", "depends_on", "bob"));
    String ends = "= share alice/mine carol ends: it depends on bob, who is no longer a co-owner";

    assertThat(keptParts(file.formatted(""))).containsExactly(ends);
    assertThat(keptParts(file.formatted("{user: bob, role: writer}"))).containsExactly(ends);
    assertThat(keptParts(file.formatted("{user: bob, role: owner, weight: 5}")))
        .containsExactly("= share alice/mine carol is kept: given by hand");
    server.put(carol, Map.of("role", "reader", "depends_on", "bob", "applied_by", "lab"));
    assertThat(keptParts(file.formatted("{user: bob, role: owner}")))
        .containsExactly("= share alice/mine carol is kept: given by the file \"lab\"");
    assertThat(
            keptParts(file.formatted("{user: bob, role: owner, limits: {requests_per_minute: 1}}")))
        .containsExactly(
            "= share alice/mine carol is kept unless it exceeds the changed share of bob: given by"
                + " the file \"lab\"");
  }

  private List<String> keptParts(String file) {
    return plan(Files.read(file), true).kept().stream().map(PlanText::kept).toList();
  }

  /** The server could refuse it: a co-owner may not give more than the co-owner's own share. */
  @Test
  void a_co_owner_does_not_give_again_what_another_co_owner_gave() {
    server.put(ResourceKey.of(ResourceKind.SERVICE, "carol/theirs"), Map.of("note", "n"));
    server.put(
        new ResourceKey(ResourceKind.SERVICE_SHARE, "carol/theirs", "erin"),
        Map.of("role", "reader", "depends_on", "bob"));
    String file =
        """
        name: team
        services: [{ref: carol/theirs, shares: [{user: erin, role: reader}]}]
        """;

    assertThat(steps(file)).isEmpty();
    assertThat(steps(file.replace("role: reader", "role: writer")))
        .singleElement()
        .satisfies(step -> assertThat(step.body().path("applied_by").asString()).isEqualTo("team"));
    server.makeAdministrator();
    assertThat(steps(file))
        .singleElement()
        .satisfies(
            step -> assertThat(PlanText.lines(step)).anyMatch(l -> l.contains("depends_on")));
  }

  @Test
  void a_share_that_the_file_names_is_the_files_from_then_on() {
    server.put(ResourceKey.of(ResourceKind.SERVICE, "alice/mine"), Map.of("applied_by", "team"));
    server.put(
        new ResourceKey(ResourceKind.SERVICE_SHARE, "alice/mine", "bob"), Map.of("role", "reader"));
    apply("name: team\nservices: [{ref: mine, shares: [{user: bob, role: reader}]}]");

    assertThat(plan(Files.read("name: team\nservices: [{ref: mine, shares: []}]"), true).steps())
        .hasSize(1);
  }

  @Test
  void a_list_of_shares_is_complete_only_if_it_stands_in_the_file() {
    apply("name: team\nservices: [{ref: mine, shares: [{user: bob, role: reader}]}]");

    assertThat(plan(Files.read("name: team\nservices: [{ref: mine}]"), true).steps()).isEmpty();
    assertThat(plan(Files.read("name: team\nservices: [{ref: mine, shares: []}]"), true).steps())
        .extracting(step -> step.action() + " " + step.key())
        .containsExactly("DELETE share alice/mine bob");
  }

  @Test
  void a_key_is_sent_again_only_when_its_label_or_its_destination_changes() {
    String there = "https://one.example/v1";
    assertThat(destinations(there, "1")).containsExactly(there + " new");
    assertThat(destinations(there, "1")).isEmpty();
    assertThat(destinations(there + "/", "1")).isEmpty();
    assertThat(destinations(there, "2")).containsExactly(there);
    assertThat(destinations("https://two.example", "2")).containsExactly("https://two.example new");
  }

  /** A service of the server with the first version of its key. */
  private ResourceKey keyed(String endpoint) {
    ResourceKey mine = ResourceKey.of(ResourceKind.SERVICE, "alice/mine");
    server.put(
        mine,
        Map.of(
            "endpoint", endpoint,
            "has_api_key", "true",
            "api_key_version", "1",
            "applied_by", "team"));
    return mine;
  }

  /** If the headers change, the key has to be sent again together with them. */
  @Test
  void other_headers_are_sent_with_the_key_and_removed_without_it() {
    String there = "https://one.example/v1";
    ResourceKey mine = keyed(there);
    String file = KEYED.formatted(there, "1") + "    custom_headers: ";
    assertThat(sent(file + "null")).isEmpty();
    assertThat(sent(file + "{X-Team: {env: B}}")).containsExactly("api_key", "X-Team");

    server.shown(mine).putArray("custom_header_names").add("x-team");

    assertThat(sent(file + "{X-Team: {env: B}}")).isEmpty();
    assertThat(sent(file + "{X-Team: {env: B}, X-Other: {env: B}}"))
        .containsExactly("api_key", "X-Team", "X-Other");
    assertThat(sent(file + "null")).isEmpty();
    assertThat(plan(Files.read(file + "null"), false).steps()).hasSize(1);

    assertThat(kept(KEYED.formatted(there, "2"))).containsExactly("x-team");
    assertThat(kept(KEYED.formatted(there, "2") + "    custom_headers: null")).isEmpty();
  }

  /** Returns the names of the stored headers that would be sent together with the plan's values. */
  private List<String> kept(String file) {
    return plan(Files.read(file), false).steps().stream()
        .flatMap(step -> step.secrets().stream())
        .flatMap(delivery -> delivery.kept().stream())
        .toList();
  }

  /** The names of the secrets that a plan sends. */
  private List<String> sent(String file) {
    List<String> names = new ArrayList<>();
    plan(Files.read(file), false).steps().stream()
        .flatMap(step -> step.secrets().stream())
        .forEach(
            delivery -> {
              delivery.key().ifPresent(key -> names.add(key.name()));
              delivery.headers().ifPresent(headers -> names.addAll(headers.keySet()));
            });
    return names;
  }

  /** A co-owner may have set the endpoint, and stored a key there. */
  @Test
  void a_destination_that_only_the_server_names_is_confirmed_by_this_user() {
    server.put(
        ResourceKey.of(ResourceKind.SERVICE, "alice/mine"),
        Map.of(
            "endpoint", "https://evil.example/v1",
            "has_api_key", "true",
            "api_key_version", "1",
            "applied_by", "team"));
    String rotated = "name: team\nservices: [{ref: mine, api_key: {env: A, version: '2'}}]";

    assertThat(destinations(rotated)).containsExactly(DestinationTrust.NOT_IN_FILE);
    assertThat(destinations(rotated.replace("api_key", "definition: _system/openai, api_key")))
        .containsExactly(DestinationTrust.NOT_IN_FILE);
    assertThat(
            destinations(
                """
                name: team
                definitions: [{ref: chat, endpoint: 'https://good.example/v1'}]
                services: [{ref: mine, definition: chat, api_key: {env: A, version: '2'}}]
                """))
        .containsExactly(DestinationTrust.NOT_IN_FILE);
    assertThat(
            destinations(
                rotated.replace("api_key", "endpoint: 'https://evil.example/v1/', api_key")))
        .containsExactly(DestinationTrust.KNOWN);

    confirmed = (service, endpoint) -> endpoint.equals("https://good.example/v1");
    assertThat(destinations(rotated)).containsExactly(DestinationTrust.NOT_IN_FILE);
    confirmed =
        (service, endpoint) ->
            service.equals("alice/mine") && endpoint.equals("https://evil.example/v1");
    assertThat(destinations(rotated)).containsExactly(DestinationTrust.KNOWN);
  }

  /** A proxy behind the endpoint may send the key wherever a header says. */
  @Test
  void headers_from_files_are_confirmed_even_for_a_known_endpoint() {
    String there = "https://proxy.example/v1";
    ResourceKey mine = keyed(there);
    String file = KEYED.formatted(there, "2") + "    custom_headers: ";
    String fromFile = file + "{X-Target-Url: {file: target}}";

    assertThat(destinations(fromFile)).containsExactly(DestinationTrust.BY_HEADER);
    assertThat(plan(Files.read(fromFile), false).steps())
        .allMatch(step -> step.questionable().isPresent())
        .flatExtracting(PlanText::lines)
        .anyMatch(line -> line.contains("X-Target-Url: file target -> " + there + " (headers"));
    assertThat(destinations(file + "{X-Team: {env: B}}")).containsExactly(DestinationTrust.KNOWN);
    assertThat(destinations(file + "null")).containsExactly(DestinationTrust.KNOWN);

    server.shown(mine).putArray("custom_header_names").add("x-target-url");
    confirmed = (service, to) -> to.equals(there);
    assertThat(destinations(fromFile)).containsExactly(DestinationTrust.BY_HEADER);
    server.shown(mine).put("api_key_version", "2");
    assertThat(destinations(fromFile)).isEmpty();
  }

  @Test
  void a_credential_is_sent_whole_and_with_its_secret_whenever_anything_of_it_changes() {
    String file =
        """
        name: team
        services:
          - ref: mine
            endpoint: https://one.example/v1
            credential:
              kind: oauth_client
              client_id: c
              token_url: https://T.example:443/token/
              client_secret: {env: S, version: '1'}
        """;
    PlanStep created = plan(Files.read(file), false).steps().getFirst();
    assertThat(created.body().path("credential").path("client_id").asString()).isEqualTo("c");
    assertThat(created.body().path("credential").has("client_secret")).isFalse();
    assertThat(created.secrets().orElseThrow().key().orElseThrow().name())
        .isEqualTo("credential.client_secret");
    Map<String, String> credential =
        Map.of("kind", "oauth_client", "client_id", "c", "token_url", "https://t.example/token/");
    put("alice/mine", credential);

    assertThat(plan(Files.read(file), false).steps()).isEmpty();
    for (String change :
        List.of(
            file.replace("client_id: c", "client_id: d"),
            file.replace("/token/", "/token"),
            file.replace("version: '1'", "version: '2'"),
            file.replace("one.example", "two.example"))) {
      PlanStep step = plan(Files.read(change), false).steps().getFirst();
      assertThat(step.body().path("credential").has("client_id")).as(change).isTrue();
      assertThat(step.body().has("endpoint")).as(change).isTrue();
      assertThat(step.secrets().flatMap(PlanStep.SecretDelivery::key)).as(change).isPresent();
    }
    assertThat(destinations(file.replace("version: '1'", "version: '2'")))
        .containsExactly(DestinationTrust.KNOWN);
    String elsewhere = file.replace("T.example", "evil.example");
    assertThat(destinations(elsewhere)).containsExactly(DestinationTrust.NEW);
    assertThat(PlanText.lines(plan(Files.read(elsewhere), false).steps().getFirst()))
        .anyMatch(
            line ->
                line.contains(
                    "https://one.example/v1 and https://evil.example/token (new destination)"));
    confirmed = (service, to) -> to.equals("https://one.example/v1 https://evil.example/token");
    assertThat(destinations(elsewhere)).containsExactly(DestinationTrust.KNOWN);
    String key = "name: team\nservices: [{ref: mine, api_key: {env: A, version: '1'}}]";
    assertThat(plan(Files.read(key), false).steps().getFirst().secrets()).isPresent();
    String cleared = "name: team\nservices: [{ref: mine, api_key: null}]";
    assertThat(plan(Files.read(cleared), false).steps())
        .allSatisfy(step -> assertThat(step.body().has("api_key")).isFalse());
  }

  @Test
  void a_value_that_is_cut_in_the_text_of_a_plan_says_so_and_how_long_it_is() {
    String whole = "b".repeat(98);
    String file = "name: team\nservices: [{ref: mine, description: '%s'}]";

    assertThat(lines(file.formatted(whole))).containsOnlyOnce("    description: \"" + whole + "\"");
    assertThat(lines(file.formatted("b".repeat(1_232))))
        .containsOnlyOnce("    description: \"" + "b".repeat(99) + "… (1234 characters)");
    assertThat(lines(file.formatted("b".repeat(98) + "😀😀")))
        .containsOnlyOnce("    description: \"" + "b".repeat(98) + "😀… (102 characters)");
  }

  private List<String> lines(String file) {
    return PlanText.lines(plan(Files.read(file), false).steps().getFirst());
  }

  /** Without this rule, a template that somebody has changed would also get the key. */
  @Test
  void a_key_goes_with_other_settings_only_where_the_file_says() {
    String file =
        """
        name: team
        services:
          - ref: mine
            endpoint: https://eu.models.example/v1
            settings: {region: eu}
            api_key: {env: A, version: '1'}
        """;
    String unnamed = file.replace("endpoint: https://eu.models.example/v1", "note: ours");
    assertThatThrownBy(() -> plan(Files.read(unnamed), false))
        .hasMessage("team.yaml has a fault; nothing was changed");
    apply(file);
    assertThat(plan(Files.read(file), false).steps()).isEmpty();
    assertThat(plan(Files.read(unnamed.replace("note: ours", "model: m")), false).steps())
        .singleElement()
        .satisfies(step -> assertThat(step.secrets()).isEmpty());

    assertThatThrownBy(() -> plan(Files.read(unnamed.replace("region: eu", "region: us")), false))
        .hasMessage("team.yaml has a fault; nothing was changed");
    assertThat(plan(Files.read(file.replace("eu", "us")), false).steps())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.secrets().flatMap(PlanStep.SecretDelivery::key)).isPresent();
              assertThat(step.body().path("settings").path("region").asString()).isEqualTo("us");
              assertThat(step.body().path("endpoint").asString())
                  .isEqualTo("https://us.models.example/v1");
            });
    assertThat(
            plan(Files.read(file.replace("{region: eu}", "{}").replace("eu.", "a.")), false)
                .steps())
        .singleElement()
        .satisfies(step -> assertThat(step.body().has("settings")).isTrue());
  }

  private void put(String ref, Map<String, String> credential) {
    ResourceKey key = ResourceKey.of(ResourceKind.SERVICE, ref);
    Map<String, String> stored =
        Map.of(
            "endpoint", "https://one.example/v1",
            "has_api_key", "true",
            "api_key_version", "1",
            "applied_by", "team");
    server.put(key, stored);
    ObjectNode settings = server.shown(key).putObject("credential");
    credential.forEach(settings::put);
  }

  private List<DestinationTrust> destinations(String file) {
    return plan(Files.read(file), false).steps().stream()
        .flatMap(step -> step.secrets().stream())
        .map(PlanStep.SecretDelivery::destination)
        .toList();
  }

  /**
   * A plan does not mark a service of another owner with the name of its file, because a later plan
   * for the file could then delete the service.
   */
  @Test
  void what_belongs_to_others_is_neither_marked_nor_deleted() {
    server.put(
        ResourceKey.of(ResourceKind.SERVICE, "carol/theirs"),
        Map.of("applied_by", "team", "note", "old"));

    assertThat(plan(Files.read("name: team\nservices: []"), true).steps()).isEmpty();
    assertThat(
            plan(Files.read("name: other\nservices: [{ref: carol/theirs, note: new}]"), true)
                .steps())
        .singleElement()
        .satisfies(step -> assertThat(step.body().has("applied_by")).isFalse());
  }

  @Test
  void a_key_is_sent_where_its_definition_leads() {
    Plan plan =
        plan(
            Files.read(
                """
                name: team
                definitions: [{ref: chat, provider: openai-compat, endpoint: 'https://c.example'}]
                services: [{ref: mine, definition: chat, api_key: {env: A}}]
                """),
            false);
    assertThat(plan.steps().getLast().body().path("endpoint").asString())
        .isEqualTo("https://c.example");
  }

  /** A write replaces all fields, and a list of borrowers that is left out would mean everybody. */
  @Test
  void a_shared_object_keeps_its_borrowers_unless_the_file_names_others() {
    String file =
        """
        name: team
        services:
          - ref: mine
            shared_objects: [{kind: vector_stores, id: vs_1, %s}, {kind: files, id: files/abc}]
        """;
    plan(Files.read(file.formatted("borrowers: [bob, '@lab']")), false)
        .steps()
        .forEach(server::run);

    Plan changed = plan(Files.read(file.formatted("access: read")), false);
    assertThat(changed.steps())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.key() + "").isEqualTo("shared object alice/mine vector_stores/vs_1");
              assertThat(step.body().path("borrowers").toString()).isEqualTo("[\"bob\",\"@lab\"]");
            });
    assertThat(plan(Files.read(file.formatted("borrowers: ['@lab', bob]")), false).steps())
        .isEmpty();
    PlanStep all = plan(Files.read(file.formatted("borrowers: null")), false).steps().getFirst();
    assertThat(all.body().path("borrowers").isNull()).isTrue();
    assertThat(
            plan(Files.read("name: team\nservices: [{ref: mine, shared_objects: []}]"), true)
                .steps())
        .extracting(PlanStep::action)
        .containsExactly(Action.DELETE, Action.DELETE);
  }

  @Test
  void what_a_file_says_of_the_account_goes_with_each_change_and_is_none_itself() {
    String file =
        """
        name: team
        services: [{ref: mine, endpoint: 'https://c.example', same_account: true, note: %s}]
        """;
    plan(Files.read(file.formatted("a")), false).steps().forEach(server::run);

    assertThat(plan(Files.read(file.formatted("a")), false).steps()).isEmpty();
    assertThat(plan(Files.read(file.formatted("b")), false).steps())
        .singleElement()
        .satisfies(step -> assertThat(step.body().path("same_account").asBoolean()).isTrue());
  }

  /** A write replaces the whole price, so it has to repeat what the file does not mention. */
  @Test
  void a_price_keeps_what_the_file_does_not_mention() {
    String whole =
        """
        {"valid_from": "2026-01-01", "input": "2", "cached_input": "0.175", "output": "14",
         "tiers": {"flex": {"input": "0.875"}}, "thresholds": [{"above": 9, "input": "3"}],
         "fees": [{"what": "web_search", "amount": "0.01"}]}
        """;
    apply(
        PRICED.formatted(
            "input: 1.75, cached_input: 0.175, output: 14, tiers: {flex: {input: 0.875}},"
                + " thresholds: [{above: 9, input: 3}], fees: [{what: web_search, amount: 0.01}]"));
    PlanStep changed =
        plan(Files.read(PRICED.formatted("input: 2, output: 14, request: null")), false)
            .steps()
            .getFirst();

    assertThat(PlanText.lines(changed))
        .containsExactly("~ price openai 2026-01-01 m", "    input: \"1.75\" -> \"2\"");
    assertThat(Differences.between(changed.body(), JsonTrees.read(whole.getBytes(UTF_8))))
        .isEmpty();
    assertThat(changed.body().propertyNames())
        .containsExactlyInAnyOrder(
            "valid_from",
            "input",
            "cached_input",
            "output",
            "request",
            "tiers",
            "thresholds",
            "fees");
  }

  /**
   * The field long_context is another name of the first threshold, and the client does not send
   * back fields that the server derives from a price.
   */
  @Test
  void long_context_in_a_file_changes_the_first_threshold_only() {
    String both = "{above: 9, input: 3, output: 7}, {above: 20, input: 5}";
    apply(PRICED.formatted("input: 1, thresholds: [%s]".formatted(both)));
    server
        .shown(ResourceKey.of(ResourceKind.PRICE, "openai 2026-01-01 m"))
        .putObject("long_context")
        .put("above", 9)
        .put("input", "3")
        .put("output", "7");

    assertThat(steps(PRICED.formatted("long_context: {above: 9, input: 3, output: 7}"))).isEmpty();
    PlanStep changed = steps(PRICED.formatted("long_context: {above: 8, input: 4}")).getFirst();
    assertThat(PlanText.lines(changed)).hasSize(2);
    assertThat(changed.body().path("thresholds").toString())
        .isEqualTo("[{\"above\":8,\"input\":\"4\"},{\"above\":20,\"input\":\"5\"}]");
    assertThat(changed.body().has("long_context")).isFalse();
    PlanStep none = steps(PRICED.formatted("long_context: null")).getFirst();
    assertThat(none.body().path("thresholds").toString()).isEqualTo("[]");
    assertThat(steps(PRICED.formatted("input: 2")).getFirst().body().has("long_context")).isFalse();
  }

  @Test
  void a_service_for_everybody_has_no_shares_in_a_file() {
    ResourceKey lent = ResourceKey.of(ResourceKind.SERVICE, "_system/lent");
    String file =
        """
        name: team
        services:
          - ref: _system/lent
            %s
            shares:
              - {grantee: bob, role: reader}
        """;
    String fault =
        "  team.yaml:6:9: everybody can use what belongs to _system; it is shared only if its"
            + " `audience` is `shared`";
    assertThat(faults(file.formatted("note: n"))).contains(fault);
    assertThat(faults(file.formatted("audience: everybody"))).contains(fault);
    assertThat(steps(file.formatted("audience: shared"))).hasSize(2);

    server.put(lent, Map.of("audience", "shared"));
    assertThat(steps(file.formatted("note: n")))
        .extracting(step -> step.action() + " " + step.key())
        .containsExactly("CHANGE service _system/lent", "CREATE share _system/lent bob");
    assertThat(faults(file.formatted("audience: everybody"))).contains(fault);
    server.put(lent, Map.of("audience", "everybody"));
    assertThat(faults(file.formatted("note: n"))).contains(fault);
    assertThat(steps(file.formatted("note: n").replace("- {grantee: bob, role: reader}", "[]")))
        .hasSize(1);
  }

  private List<String> faults(String file) {
    return catchThrowableOfType(ClientFault.class, () -> plan(Files.read(file), false)).lines();
  }

  private List<PlanStep> steps(String file) {
    return plan(Files.read(file), false).steps();
  }

  @Test
  void the_default_model_is_written_last() {
    assertThat(
            plan(
                    Files.read(
                        """
                        name: team
                        models: [{name: a, is_default: true}, {name: b, is_default: false}]
                        """),
                    false)
                .steps())
        .extracting(step -> step.key().name())
        .containsExactly("b", "a");
  }

  private List<String> destinations(String endpoint, String label) {
    Plan plan = plan(Files.read(KEYED.formatted(endpoint, label)), false);
    plan.steps().forEach(server::run);
    return plan.steps().stream()
        .flatMap(step -> step.secrets().stream())
        .map(
            delivery ->
                delivery.endpoint()
                    + (delivery.destination() == DestinationTrust.NEW ? " new" : ""))
        .toList();
  }

  private void apply(String file) {
    plan(Files.read(file), false).steps().forEach(server::run);
  }

  private Plan plan(DesiredState desired, boolean prune) {
    FileFaults faults = new FileFaults("team.yaml");
    Plan plan = Plan.of(desired, server.state(), prune, confirmed, faults);
    faults.demandNone();
    return plan;
  }
}
