package io.claviger.console.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The forms of the console keep, set and clear every field that the API's contract lets a write
 * change. The fields come from the contract, so that a field that a form does not know is found
 * when it enters the contract.
 */
class WrittenFieldsTest {
  private static final String LINES = "Two\nlines, of 50% & \"more\" <b>.";

  /** Fields of every resource that say something about the write itself. */
  private static final Set<String> OF_WRITES = Set.of("version", "updated_at", "created_at", "id");

  private static final Map<String, Object> CHAT =
      Map.of(
          "provider",
          "cloud",
          "model",
          "m",
          "settings",
          Map.of("region", "eu", "team", "x"),
          "storage",
          List.of("files", "batches"));

  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static Person root;
  private static Person owner;

  /** The ids of the models of the catalogue, by their names. */
  private static final Map<String, String> MODELS = new HashMap<>();

  /**
   * A form that changes resources of one kind.
   *
   * @param schema the schema of a write
   * @param api the address of a resource of this name in the API
   * @param page the address of the page with the form
   * @param action the address to which the form is sent
   * @param least the body that makes a resource in which as little as possible is set
   * @param special values for fields for which the schema does not say enough
   * @param same fields that both resources of a comparison have in common
   * @param unread fields that a response does not have
   * @param own inputs that name the resource
   * @param typed an input in which something else is typed, by its value
   */
  record Form(
      String schema,
      boolean ofRoot,
      UnaryOperator<String> api,
      UnaryOperator<String> page,
      UnaryOperator<String> action,
      Map<String, ?> least,
      Map<String, ?> special,
      Set<String> same,
      Set<String> unread,
      Set<String> own,
      Map.Entry<String, String> typed) {

    Form(
        String schema,
        boolean ofRoot,
        UnaryOperator<String> api,
        UnaryOperator<String> page,
        Map<String, ?> least,
        Map<String, ?> special,
        Map.Entry<String, String> typed) {
      this(schema, ofRoot, api, page, page, least, special, Set.of(), Set.of(), Set.of(), typed);
    }

    Form having(Set<String> same, Set<String> unread) {
      return new Form(schema, ofRoot, api, page, action, least, special, same, unread, own, typed);
    }

    Person who() {
      return ofRoot ? root : owner;
    }

    JsonNode make(String name, boolean whole) {
      Map<String, Object> body = new HashMap<>(least);
      if (whole) {
        body.putAll(ContractFields.whole(schema, special));
      }
      body.remove("version");
      TestResponse made =
          Set.of("UserPatch", "ModelConfigWriteFields").contains(schema)
              ? who().api().patch(api.apply(name), body)
              : who().api().put(api.apply(name), body);
      assertThat(made.status()).as(made.body()).isIn(200, 201);
      return stored(name);
    }

    TestResponse open(String name) {
      return who().open(page.apply(name)).isStatus(200);
    }

    void send(String name, Map<String, String> fields) {
      TestResponse answer = who().browser().submitOnly(action.apply(name), fields);
      assertThat(answer.status()).as(answer.body()).isIn(200, 303);
    }

    /** The resource as the API shows it. The API shows prices only in lists. */
    JsonNode stored(String name) {
      String address = api.apply(name).replace("/prices/openai?", "/prices?");
      TestResponse response = who().api().get(address).isStatus(200);
      return response.at(schema.equals("PriceWrite") ? "/items/0" : "");
    }

    /** The fields that a write can change and a response has. */
    Set<String> fields(JsonNode response) {
      Set<String> fields = new TreeSet<>(ContractFields.writable(schema));
      fields.removeAll(OF_WRITES);
      Set<String> lacking = new TreeSet<>(fields);
      lacking.removeIf(response::has);
      assertThat(lacking).as("fields that responses lack").isEqualTo(new TreeSet<>(unread));
      fields.removeAll(lacking);
      fields.removeAll(own);
      return fields;
    }

    @Override
    public String toString() {
      return schema + " at " + page.apply("{name}");
    }
  }

  static Stream<Form> forms() {
    Map<String, Object> limits =
        Map.of("unit", "usd", "window", "week", "zone", "Asia/Tokyo", "unpriced", "refuse");
    Map<String, Object> service = new HashMap<>(limits);
    service.putAll(
        Map.of("provider", "cloud", "model", "m", "api_standard", "openai", "enabled", false));
    service.putAll(
        Map.of(
            "definition",
            "olga/origin",
            "settings",
            Map.of("region", "us", "team", "a, b = c"),
            "storage",
            List.of("files"),
            "audience",
            "",
            "approvals",
            "",
            "endpoint",
            ""));
    service.putAll(
        Map.of(
            "definition_owner",
            "",
            "definition_handle",
            "",
            "custom_headers",
            "",
            "api_key",
            "",
            "credential",
            "",
            "same_account",
            ""));
    service.put("allowed_origins", List.of("https://app.example", "https://b.example"));
    service.putAll(Map.of("stream_usage", false, "description", LINES, "note", LINES));
    Map<String, Object> share = with(limits, "storage", List.of("files"));
    Map<String, Object> ofGroup = new HashMap<>(share);
    ofGroup.putAll(Map.of("role", "writer", "may_reshare", false, "to_everybody", false));
    Map<String, Object> ofUser = with(share, "pooled_limits", "");
    Map<String, Object> project = with(limits, "service", "olga/chat");
    project.put("description", LINES);
    Map.Entry<String, String> described = Map.entry("description", "other");
    Map.Entry<String, String> paced = Map.entry("requests_per_minute", "999");
    Map.Entry<String, String> named = Map.entry("display_name", "other");
    return Stream.of(
        new Form(
                "LlmServiceWrite",
                false,
                name -> "/v1/llm-services/olga/" + name,
                name -> "/console/services/olga/" + name + "/settings",
                CHAT,
                service,
                described)
            .having(
                Set.of(
                    "provider",
                    "model",
                    "api_standard",
                    "approvals",
                    "audience",
                    "credential",
                    "key_policy"),
                Set.of(
                    "api_key",
                    "custom_headers",
                    "definition_handle",
                    "definition_owner",
                    "same_account")),
        share("@", ofGroup, Set.of("may_reshare", "to_everybody")),
        share("", ofUser, Set.of("pooled_limits")),
        new Form(
            "DefinitionWrite",
            false,
            name -> "/v1/llm-definitions/olga/" + name,
            name -> "/console/definitions/olga/" + name,
            Map.of("provider", "openai", "endpoint", "https://api.example/v1", "model", "m"),
            Map.of("provider", "mistral", "api_standard", "cohere"),
            described),
        new Form(
                "ProjectWrite",
                false,
                name -> "/v1/projects/olga/" + name,
                name -> "/console/projects/olga/" + name,
                Map.of(),
                project,
                Map.entry("visibility", "members"))
            .having(Set.of(), Set.of("allow_dimension_change")),
        new Form(
            "ProjectShareWrite",
            false,
            name -> "/v1/projects/olga/corpus/shares/" + name,
            name -> "/console/projects/olga/corpus/people/add?to=" + name,
            name -> "/console/projects/olga/corpus/people/add",
            Map.of("role", "reader"),
            Map.of("role", "writer"),
            Set.of(),
            Set.of(),
            Set.of("to"),
            Map.entry("applied_by", "other.yaml")),
        changed("", Map.of("responsible", ""), Set.of("responsible")),
        changed(
            "bot-", Map.of("administrator", "", "responsible", "olga"), Set.of("administrator")),
        new Form(
            "ModelConfigWriteFields",
            true,
            name -> "/v1/model-configs/" + MODELS.getOrDefault(name, name),
            name -> "/console/models/catalogue/" + MODELS.getOrDefault(name, name),
            name -> "/console/models/catalogue/" + MODELS.getOrDefault(name, name),
            Map.of("targets", List.of()),
            Map.of(
                "provider", "",
                "model", "",
                "name", "",
                "is_default", "",
                "enabled", false,
                "service", "",
                "on_failure", "next",
                "targets",
                    List.of(
                        Map.of("service", "_system/one", "model", "a/b:c"),
                        Map.of("service", "_system/two", "model", "c"))),
            Set.of("is_default"),
            Set.of(),
            Set.of("provider", "name"),
            named),
        price("/v1/prices/openai", "/console/price", "?provider=openai&"),
        price("/v1/llm-services/olga/chat/prices", "/console/services/olga/chat/price", "?"),
        new Form(
            "GroupWrite",
            true,
            name -> "/v1/groups/" + name,
            name -> "/console/groups/" + name,
            Map.of(),
            Map.of(),
            named),
        new Form(
            "GroupMemberWrite",
            true,
            name -> "/v1/groups/crew/members/" + name,
            name -> "/console/groups/crew/member?user=" + name,
            name -> "/console/groups/crew/member",
            Map.of("role", "member"),
            Map.of("role", "manager"),
            Set.of(),
            Set.of(),
            Set.of("user"),
            Map.entry("applied_by", "other.yaml")),
        assigned("/v1/groups/", "/console/groups/", "/limits", limits, paced),
        assigned("/v1/groups/", "/console/groups/", "/pooled-limits", limits, paced),
        assigned("/v1/users/", "/console/people/", "/limits", limits, paced),
        new Form(
                "WebhookWrite",
                true,
                name -> "/v1/users/" + name + "/webhook",
                name -> "/console/people/" + name + "/webhook",
                Map.of("url", "https://one.example/in"),
                Map.of("url", "https://one.example/in", "deliveries", ""),
                Map.entry("thresholds", "66"))
            .having(Set.of("url", "deliveries"), Set.of()),
        new Form(
            "TrustWrite",
            true,
            name -> "/v1/users/bot-" + name + "/trusts/main",
            name -> "/console/people/bot-" + name + "/trusts/main",
            Map.of("issuer", "ci", "subject", "repo:acme/app:*"),
            Map.of(
                "issuer",
                "cd",
                "subject",
                "repo:acme/other:*",
                "claims",
                Map.of("https://x.example/?a=b", "c = d"),
                "max_lifetime",
                90),
            Map.entry("subject", "repo:acme/third:*")),
        new Form(
                "ProviderWrite",
                true,
                name -> "/v1/providers/" + name,
                name -> "/console/providers/" + name,
                Map.of("format", "openai"),
                Map.of(
                    "format", "openai",
                    "api_standard", "openai",
                    "endpoint", "https://{place}.models.example/v1",
                    "settings",
                        List.of(
                            Map.of("name", "place", "kind", "label", "longest", 20),
                            Map.of(
                                "name",
                                "team",
                                "kind",
                                "header",
                                "longest",
                                9,
                                "as",
                                "X-Team",
                                "pattern",
                                "[A-Z][a-z]{2,8}")),
                    "limits",
                        List.of(
                            Map.of(
                                "limit", "tokens_per_minute",
                                "window", "minute",
                                "notation", "seconds",
                                "most", "x-ratelimit-limit-tokens",
                                "remaining", "x-ratelimit-remaining-tokens",
                                "reset", "x-ratelimit-reset-tokens"))),
                Map.entry("price_list", "other"))
            .having(Set.of("format", "api_standard"), Set.of()));
  }

  private static Form share(String before, Map<String, ?> special, Set<String> same) {
    return new Form(
        "ShareWrite",
        false,
        name -> "/v1/llm-services/olga/chat/shares/" + before + name,
        name -> "/console/services/olga/chat/lend?to=" + before + name,
        name -> "/console/services/olga/chat/lend",
        Map.of("role", "reader"),
        special,
        same,
        Set.of(),
        Set.of("to"),
        Map.entry("weight", "99"));
  }

  /** The form of a user who exists already. */
  private static Form changed(String before, Map<String, ?> special, Set<String> same) {
    return new Form(
        "UserPatch",
        true,
        name -> "/v1/users/" + before + name,
        name -> "/console/people/" + before + name,
        name -> "/console/people/" + before + name,
        before.isEmpty() ? Map.of() : Map.of("responsible", "root"),
        with(special, "email", "s@example.org"),
        same,
        Set.of(),
        Set.of(),
        Map.entry("display_name", "other"));
  }

  /** The form of a price from a day on, which is part of the name of the price. */
  private static Form price(String api, String page, String query) {
    String day = "2040-03-02";
    boolean ofRoot = page.equals("/console/price");
    return new Form(
        "PriceWrite",
        ofRoot,
        name -> api + "?model=" + name,
        name -> page + query + "model=" + name + "&valid_from=" + day,
        name -> page,
        Map.of("valid_from", day, "input", "1"),
        Map.of(
            "valid_from",
            day,
            "long_context",
            "",
            "thresholds",
            List.of(
                Map.of("above", 200_000, "input", "8", "cache_write_1h", "8.5"),
                Map.of("above", 300_000, "output", "9")),
            "tiers",
            Map.of("flex", Map.of("input", "3", "audio_output", "2.5")),
            "fees",
            List.of(
                Map.of("what", "web_search", "amount", "0.01"),
                Map.of("what", "web_search", "quality", "high", "amount", "0.02"),
                Map.of("what", "character", "amount", "15", "per", 1_000_000))),
        Set.of(),
        Set.of(),
        ofRoot ? Set.of("provider", "model", "valid_from") : Set.of("model", "valid_from"),
        Map.entry("output", "11.50"));
  }

  private static Form assigned(
      String api,
      String page,
      String path,
      Map<String, ?> special,
      Map.Entry<String, String> typed) {
    return new Form(
        "AssignedLimitsWrite",
        true,
        name -> api + name + path,
        name -> page + name + path,
        Map.of(),
        special,
        typed);
  }

  private static Map<String, Object> with(Map<String, ?> values, String name, Object value) {
    Map<String, Object> more = new HashMap<>(values);
    more.put(name, value);
    return more;
  }

  @BeforeAll
  static void what_the_resources_refer_to() {
    root = CONSOLE.root();
    owner = CONSOLE.person("olga");
    root.api()
        .put(
            "/v1/providers/cloud",
            Map.of(
                "format", "openai",
                "endpoint", "https://{region}.models.example/v1",
                "settings",
                    List.of(
                        Map.of("name", "region", "kind", "label", "longest", 20),
                        Map.of("name", "team", "kind", "header", "longest", 20, "as", "X-Team"))))
        .isStatus(201);
    owner
        .api()
        .put(
            "/v1/llm-definitions/olga/origin",
            Map.of("provider", "openai", "endpoint", "https://api.example/v1", "model", "m"))
        .isStatus(201);
    owner.api().put("/v1/llm-services/olga/chat", CHAT).isStatus(201);
    for (String house : List.of("one", "two")) {
      root.api()
          .put(
              "/v1/llm-services/_system/" + house,
              Map.of(
                  "provider", "openai",
                  "model", "m",
                  "endpoint", "https://" + house + ".example"))
          .isStatus(201);
    }
    for (String issuer : List.of("ci", "cd")) {
      root.api()
          .put("/v1/trusted-issuers/" + issuer, Map.of("issuer", "https://" + issuer + ".example"))
          .isStatus(201);
    }
    owner.api().put("/v1/projects/olga/corpus", Map.of()).isStatus(201);
    root.api().put("/v1/groups/crew", Map.of()).isStatus(201);
    for (String name : List.of("kept", "whole", "bare", "filled", "emptied", "opened", "another")) {
      CONSOLE.person(name);
      root.api()
          .post(
              "/v1/users",
              Map.of("handle", "bot-" + name, "kind", "service", "responsible", "root"))
          .isStatus(201);
      root.api().put("/v1/groups/" + name, Map.of()).isStatus(201);
      String model =
          root.api()
              .post("/v1/model-configs", Map.of("provider", "openai", "model", name))
              .isStatus(201)
              .text("/id");
      MODELS.put(name, model);
      root.api()
          .put("/v1/groups/" + name + "/members/olga", Map.of("role", "member"))
          .isStatus(201);
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_form_keeps_the_fields_that_nobody_changed(Form form) {
    JsonNode before = form.make("kept", true);
    Map<String, String> fields =
        FormBrowser.unchanged(form.open("kept"), form.action().apply("kept"));
    assertThat(fields).containsKey(form.typed().getKey());
    fields.put(form.typed().getKey(), form.typed().getValue());
    form.send("kept", fields);

    JsonNode after = form.stored("kept");
    for (String field : form.fields(before)) {
      if (field.equals(form.typed().getKey())) {
        assertThat(after.at("/" + field)).as(field).isNotEqualTo(before.at("/" + field));
      } else {
        assertThat(after.at("/" + field)).as(field).isEqualTo(before.at("/" + field));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_form_sets_and_clears_all_fields(Form form) {
    JsonNode whole = form.make("whole", true);
    JsonNode bare = form.make("bare", false);
    for (String field : form.fields(whole)) {
      if (!form.same().contains(field)) {
        assertThat(whole.at("/" + field)).as(field).isNotEqualTo(bare.at("/" + field));
      }
    }
    JsonNode unused = form.make("filled", false);
    JsonNode unusedToo = form.make("emptied", true);

    copy(form, "whole", "filled");
    copy(form, "bare", "emptied");

    for (String field : form.fields(whole)) {
      assertThat(form.stored("filled").at("/" + field)).as(field).isEqualTo(whole.at("/" + field));
      assertThat(form.stored("emptied").at("/" + field)).as(field).isEqualTo(bare.at("/" + field));
    }
  }

  /** The forms whose fields alone name the resource: its name is not in the address. */
  static Stream<Form> namingForms() {
    return forms().filter(form -> form.action().apply("one").equals(form.action().apply("two")));
  }

  @ParameterizedTest
  @MethodSource("namingForms")
  void a_form_that_was_opened_for_one_resource_does_not_change_another(Form form) {
    JsonNode unused = form.make("opened", false);
    JsonNode before = form.make("another", false);
    String action = form.action().apply("opened");
    TestResponse page = form.open("opened");
    Set<String> typed = new TreeSet<>(form.own());
    typed.removeAll(FormBrowser.hidden(page, action).keySet());
    assumeThat(typed).as("inputs in which another name can be typed").isNotEmpty();
    Map<String, String> fields = FormBrowser.unchanged(page, action);
    Map<String, String> names = FormBrowser.unchanged(form.open("another"), action);
    typed.forEach(input -> fields.put(input, names.get(input)));
    fields.put(form.typed().getKey(), form.typed().getValue());

    TestResponse refused = form.who().browser().submitOnly(action, fields);

    assertThat(ServedConsole.sound(refused.isStatus(412)).body())
        .contains("already", "Stored now", form.typed().getValue())
        .doesNotContain("Somebody else");
    assertThat(form.stored("another")).isEqualTo(before);
    fields.putAll(FormBrowser.hidden(refused, action));
    assertThat(form.who().browser().submitOnly(action, fields).status()).isEqualTo(303);
    assertThat(form.stored("another")).isNotEqualTo(before);
  }

  /** Types into the form of one resource what the form of another one shows. */
  private static void copy(Form form, String from, String to) {
    Map<String, String> typed = FormBrowser.unchanged(form.open(from), form.action().apply(from));
    TestResponse page = form.open(to);
    typed.putAll(FormBrowser.hidden(page, form.action().apply(to)));
    Map<String, String> own = FormBrowser.unchanged(page, form.action().apply(to));
    form.own().forEach(input -> typed.put(input, own.get(input)));
    form.send(to, typed);
  }
}
