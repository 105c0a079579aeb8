package io.claviger.console.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.definitions.ServiceSettings;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.sharing.Audience;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console shows and sets all fields of a service that the API's contract has. */
class SettingsContractTest {
  private static final String SETTINGS = "/console/services/cora/chat/settings";
  private static final String PAGE = "/console/services/cora/chat";
  private static final String API = "/v1/llm-services/cora/chat";
  private static final Set<String> WRITTEN = ContractFields.writable("LlmServiceWrite");

  /**
   * Fields that consist of several inputs, by one of them, and those that are said otherwise. Of
   * credentials, the console enters keys; the other kinds are written through the API.
   */
  private static final Map<String, String> INPUTS =
      Map.of(
          "key_policy", "central_key",
          "limits", "requests_per_minute",
          "budgets_in_all", "in_all_amount1",
          "limits_in_all", "in_all_concurrent_calls",
          "provider_limits", "provider_concurrent_calls",
          "custom_headers", "header_value1",
          "credential", "api_key",
          // Of system-level services only, which have another test.
          "audience", "enabled",
          "definition_owner", "definition",
          "definition_handle", "definition");

  private static final List<ScalarField<?>> OF_ANY_SERVICE =
      InstanceField.scalars().stream()
          .filter(field -> field != InstanceField.AUDIENCE.<Audience>scalar())
          // Of providers with settings only, which have another test.
          .filter(field -> field != InstanceField.SETTINGS.<ServiceSettings>scalar())
          .toList();

  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final Map<String, Person> PEOPLE = new HashMap<>();

  @Test
  void the_form_has_all_fields_that_can_be_written() {
    Person owner = withService("cora");

    assertThat(ContractFields.missing(WRITTEN, inputs(owner), INPUTS)).isEmpty();
  }

  @Test
  void a_field_that_the_form_lacks_is_found() {
    Person owner = withService("cleo");
    Set<String> written = new TreeSet<>(WRITTEN);
    written.add("region");

    assertThat(ContractFields.missing(written, inputs(owner), INPUTS)).containsExactly("region");
  }

  @Test
  void all_scalar_fields_are_set_by_the_form_and_shown_as_facts() {
    Person owner = withService("cora");
    Map<String, String> typed = new HashMap<>(Map.of("central_key", "yes", "user_keys", ""));
    typed.put("fallback_to_central", "");
    Map<String, String> sample = samples();
    typed.putAll(sample);
    owner.send(SETTINGS, typed).isStatus(303);

    ContractFields.assertShown(
        OF_ANY_SERVICE, sample, owner.open(PAGE).isStatus(200).body(), owner.api().get(API));
  }

  @Test
  void administrators_say_who_uses_a_system_level_service() {
    Person root = SERVED.root();
    Person holder = SERVED.person("hanna");
    String api = "/v1/llm-services/_system/lent";
    String page = "/console/services/_system/lent";
    root.api()
        .put(api, Map.of("provider", "openai", "model", "m", "endpoint", "https://api.example/v1"))
        .isStatus(201);
    assertThat(root.open(page + "/settings").body()).contains("name=\"audience\"");

    root.send(
            page + "/settings",
            Map.of(
                "audience",
                "shared",
                "central_key",
                "yes",
                "user_keys",
                "",
                "fallback_to_central",
                ""))
        .isStatus(303);

    assertThat(root.api().get(api).text("/audience")).isEqualTo("shared");
    assertThat(root.open(page).body()).contains("<dt>Audience</dt><dd><bdi>shared</bdi></dd>");
    holder.open(page).isStatus(404);
    root.api().put(api + "/shares/hanna", Map.of("role", "writer")).isStatus(201);
    assertThat(holder.open(page).isStatus(200).body()).contains("_system/lent");
    assertThat(holder.open(page + "/settings").body()).doesNotContain("name=\"audience\"");
    assertThat(withService("cora").open(SETTINGS).body()).doesNotContain("name=\"audience\"");
  }

  @Test
  void settings_that_make_the_endpoint_are_set_and_shown() {
    SERVED
        .root()
        .api()
        .put(
            "/v1/providers/cloud",
            Map.of(
                "format", "openai",
                "endpoint", "https://{region}.models.example.org/{project}/v1",
                "settings",
                    List.of(
                        Map.of("name", "region", "kind", "label", "longest", 20),
                        Map.of("name", "project", "kind", "segment", "longest", 20))))
        .isStatus(201);
    Person owner = withService("cleo");
    String api = "/v1/llm-services/cleo/cloud";
    String page = "/console/services/cleo/cloud";
    owner
        .api()
        .put(
            api,
            Map.of(
                "provider", "cloud",
                "model", "m",
                "settings", Map.of("region", "eu", "project", "p")))
        .isStatus(201);
    assertThat(owner.open(page + "/settings").body()).contains(">project=p\nregion=eu</textarea>");
    Map<String, String> typed =
        new HashMap<>(Map.of("central_key", "yes", "user_keys", "", "fallback_to_central", ""));
    typed.put("settings", "region=us\r\nproject=p");

    owner.send(page + "/settings", typed).isStatus(303);

    assertThat(owner.api().get(api).text("/settings/region")).isEqualTo("us");
    assertThat(owner.open(page).body())
        .contains("project=p, region=us", "https://us.models.example.org/p/v1");
    typed.put("settings", "region=evil.example\r\nproject=p");
    assertThat(owner.send(page + "/settings", typed).isStatus(422).body())
        .contains("id=\"settings-more\"><span class=\"field-error\">");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12,50",
        "1,5",
        "1,,000",
        "1.5",
        "1e3",
        "+7",
        "\u0663\u0660",
        "1 000",
        "\u22125",
        "x"
      })
  void whole_numbers_are_asked_for_where_there_are_no_others(String text) {
    Person owner = withService("cora");

    TestResponse refused = owner.send(SETTINGS, numbers(text)).isStatus(422);

    for (String field : numbers(text).keySet()) {
      assertThat(refused.body()).contains(fault(field, "a whole number, such as 20 or 1,000"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0", "9,999,999,999,999,999,999", "99999999999999999999999"})
  void numbers_out_of_their_bounds_are_refused_with_the_bounds(String text) {
    Person owner = withService("cora");

    TestResponse refused = owner.send(SETTINGS, numbers(text)).isStatus(422);

    assertThat(refused.body())
        .contains(fault("timeout_ms", "1 to 600,000"))
        .contains(fault("requests_per_minute", "1 to 1,000,000"))
        .contains(fault("max_bytes", "1 to 10^15"))
        .contains(fault("provider_tokens_per_minute", "1 to 1,000,000,000"))
        .contains(fault("in_all_concurrent_calls", "1 to 100,000"));
  }

  private static Map<String, String> numbers(String text) {
    Map<String, String> typed = new HashMap<>();
    for (String field :
        List.of(
            "timeout_ms",
            "requests_per_minute",
            "max_bytes",
            "provider_tokens_per_minute",
            "in_all_concurrent_calls")) {
      typed.put(field, text);
    }
    return typed;
  }

  private static String fault(String field, String beginning) {
    return "id=\"" + field + "-more\"><span class=\"field-error\">" + beginning;
  }

  @Test
  void a_policy_that_uses_no_key_is_told_at_its_boxes() {
    Person owner = withService("cilly");
    String settings = "/console/services/cilly/chat/settings";
    Map<String, String> typed = new HashMap<>(Map.of("central_key", "", "user_keys", ""));
    typed.put("fallback_to_central", "");
    assertThat(owner.send(settings, typed).isStatus(422).body())
        .contains(fault("central_key", "Tick the stored key, the caller's own key, or both."))
        .containsPattern("name=\"central_key\"[^>]* aria-invalid=\"true\"");
    typed.put("central_key", "yes");
    typed.put("fallback_to_central", "yes");
    assertThat(owner.send(settings, typed).isStatus(422).body())
        .contains(fault("fallback_to_central", "This box needs the other two: tick both."));
  }

  @Test
  void the_longest_texts_of_any_script_are_saved() {
    Person owner = withService("cora");
    Map<String, String> typed = new HashMap<>(Map.of("central_key", "yes", "user_keys", ""));
    typed.put("fallback_to_central", "");
    typed.put("description", "\u5b57".repeat(4_999) + "\r\n" + "\u5b57".repeat(5_000));
    typed.put("note", "\ud83d\ude42".repeat(1_000));
    typed.put("metadata", "{\"a\":\"" + "\u5b57".repeat(5_000) + "\"}");
    owner.send(SETTINGS, typed).isStatus(303);

    assertThat(owner.api().get(API).text("/description"))
        .isEqualTo("\u5b57".repeat(4_999) + "\n" + "\u5b57".repeat(5_000));
    assertThat(owner.open(SETTINGS).body())
        .containsPattern("<textarea name=\"metadata\"[^>]* maxlength=\"20000\"")
        .contains("A JSON object with your own data, which is shown with the resource");
  }

  @Test
  void limits_stand_on_the_page_of_the_service_for_those_who_may_see_them() {
    Person owner = withService("carl");
    Person reader = SERVED.person("rolf");
    owner.api().put("/v1/llm-services/carl/chat/shares/rolf", Map.of("role", "reader"));
    owner
        .api()
        .patch(
            "/v1/llm-services/carl/chat",
            Map.of(
                "limits", Map.of("requests_per_minute", 17, "objects", "user"),
                "limits_in_all", Map.of("requests_per_minute", 170),
                "budgets_in_all",
                    List.of(Map.of("amount", "99", "unit", "usd", "window", "month"))))
        .isStatus(200);

    assertThat(owner.open("/console/services/carl/chat").body())
        .contains(
            "<dt>Limits of each caller</dt><dd><bdi>17 requests a minute, access tokens can use"
                + " all objects of their user (takes effect only in limits of access"
                + " tokens)</bdi></dd>",
            "<dt>Limits of all callers together</dt><dd><bdi>170 requests a minute, $99 a month</bdi></dd>");
    assertThat(reader.open("/console/services/carl/chat").body())
        .contains("<dt>Limits of each caller</dt>", "17 requests a minute")
        .doesNotContain("Limits of all callers together", "170 requests");
  }

  @Test
  void a_value_that_is_not_allowed_is_refused_at_its_field() {
    Person owner = withService("cora");
    for (Map.Entry<String, String> wrong :
        Map.of(
                "api_standard", "No Handle",
                "stream_usage", "perhaps",
                "definition", "nothing/there",
                "header_name1", "not a header")
            .entrySet()) {
      Map<String, String> typed = new HashMap<>(Map.of("central_key", "yes", "user_keys", ""));
      typed.put("fallback_to_central", "");
      typed.put(wrong.getKey(), wrong.getValue());
      typed.put("header_value1", "canary-0123456789");
      typed.putIfAbsent("header_name1", "X-Team");
      assertThat(owner.send(SETTINGS, typed).isStatus(422).body())
          .as(wrong.getKey())
          .contains("id=\"" + wrong.getKey() + "-more\"><span class=\"field-error\">")
          .doesNotContain("canary-0123456789");
    }
  }

  @Test
  void what_the_provider_allows_is_stated_shown_and_kept_by_those_who_do_not_change_it() {
    Person owner = withService("cora");
    Map<String, String> typed = new HashMap<>(Map.of("central_key", "yes", "user_keys", ""));
    typed.put("fallback_to_central", "");
    Map<String, String> kept = Map.copyOf(typed);
    typed.put("provider_tokens_per_minute", "1,000,000");
    typed.put("provider_concurrent_calls", "4");
    owner.send(SETTINGS, typed).isStatus(303);
    owner.send(SETTINGS, kept).isStatus(303);

    assertThat(owner.api().get(API).at("/provider_limits/tokens_per_minute").intValue())
        .isEqualTo(1_000_000);
    assertThat(owner.open(PAGE).body()).contains("1,000,000 tokens a minute, 4 calls at a time");
    Map<String, String> wrong = new HashMap<>(kept);
    wrong.put("provider_concurrent_calls", "100001");
    assertThat(owner.send(SETTINGS, wrong).isStatus(422).body())
        .contains("id=\"provider_concurrent_calls-more\"><span class=\"field-error\">");
    Map<String, String> emptied = new HashMap<>(kept);
    emptied.put("provider_tokens_per_minute", "");
    owner.send(SETTINGS, emptied).isStatus(303);
    assertThat(owner.api().get(API).at("/provider_limits/tokens_per_minute").isNull()).isTrue();
    assertThat(owner.api().get(API).at("/provider_limits/concurrent_calls").intValue())
        .isEqualTo(4);
  }

  @Test
  void custom_headers_are_replaced_kept_and_removed_and_never_shown() {
    Person owner = withService("cora");
    Map<String, String> typed = new HashMap<>(Map.of("central_key", "yes", "user_keys", ""));
    typed.put("fallback_to_central", "");
    typed.put("clear_headers", "");
    Map<String, String> kept = Map.copyOf(typed);
    typed.put("header_name1", "X-Team");
    typed.put("header_value1", "canary-0123456789");
    owner.send(SETTINGS, typed).isStatus(303);
    assertThat(owner.api().get(API).text("/custom_header_names/0")).isEqualTo("X-Team");
    owner.send(SETTINGS, kept).isStatus(303);
    assertThat(owner.api().get(API).text("/custom_header_names/0")).isEqualTo("X-Team");
    for (String path : List.of(PAGE, SETTINGS)) {
      assertThat(owner.open(path).body()).contains("X-Team").doesNotContain("canary-0123456789");
    }
    Map<String, String> cleared = new HashMap<>(kept);
    cleared.put("clear_headers", "yes");
    owner.send(SETTINGS, cleared).isStatus(303);
    assertThat(owner.api().get(API).at("/custom_header_names").size()).isZero();
  }

  @Test
  void other_headers_need_the_key_again_and_the_page_of_the_key_names_them() {
    Person owner = withService("cyra");
    owner
        .api()
        .patch("/v1/llm-services/cyra/chat", Map.of("api_key", "sk-0123456789"))
        .isStatus(200);
    String page = "/console/services/cyra/chat";
    Map<String, String> typed = new HashMap<>(Map.of("central_key", "yes", "user_keys", "yes"));
    typed.put("fallback_to_central", "yes");
    typed.put("header_name1", "X-Team");
    typed.put("header_value1", "canary-0123456789");

    assertThat(owner.open(page + "/settings").body()).contains("is not sent with other headers");
    assertThat(owner.send(page + "/settings", typed).isStatus(409).body())
        .contains("Enter the key again with this change");
    typed.put("api_key", "sk-0123456789");
    owner.send(page + "/settings", typed).isStatus(303);

    assertThat(owner.open(page + "/key").body())
        .containsOnlyOnce("New API key")
        .containsOnlyOnce("Your API key")
        .contains("Each call also carries custom headers of the service: <bdi>X-Team</bdi>.")
        .contains("Its API standard <bdi>openai</bdi> decides");
    assertThat(owner.open(page + "/credential").body())
        .contains("<bdi>X-Team</bdi>", "Its API standard <bdi>openai</bdi> decides");
  }

  @Test
  void a_credential_that_the_form_does_not_show_is_kept() {
    Person owner = withService("carl");
    String api = "/v1/llm-services/carl/chat";
    owner.api().patch(api, Map.of("credential", Map.of("kind", "none"))).isStatus(200);
    owner
        .send(
            "/console/services/carl/chat/settings",
            Map.of(
                "note", "mine", "central_key", "yes", "user_keys", "", "fallback_to_central", ""))
        .isStatus(303);

    assertThat(owner.api().get(api).text("/note")).isEqualTo("mine");
    assertThat(owner.api().get(api).text("/credential/kind")).isEqualTo("none");
  }

  @Test
  void a_provider_that_an_administrator_defined_is_offered_and_kept() {
    Person root = SERVED.root();
    root.api().put("/v1/providers/house", Map.of("format", "openai")).isStatus(201);
    Person owner = withService("carl");
    String api = "/v1/llm-services/carl/chat";
    owner.api().patch(api, Map.of("provider", "house")).isStatus(200);
    String settings = "/console/services/carl/chat/settings";

    assertThat(owner.open("/console/services/register?from=nothing").body()).contains("house");
    assertThat(root.open("/console/price").body()).contains("house");
    assertThat(ContractFields.inputs(owner.open(settings).body())).contains("provider");
    assertThat(owner.open(settings).body()).contains("value=\"house\"");
  }

  private static Map<String, String> samples() {
    return ContractFields.samples(
        OF_ANY_SERVICE,
        Map.of(
            "provider", "mistral",
            "allowed_origins", "https://app.example.org",
            "approvals", "2",
            "api_standard", "openai",
            "endpoint", "https://sample.example/v1"));
  }

  private static Set<String> inputs(Person owner) {
    String pages =
        owner.open("/console/services/" + owner.handle() + "/chat").body()
            + owner.open("/console/services/" + owner.handle() + "/chat/key").body()
            + owner.open("/console/services/" + owner.handle() + "/chat/settings").body();
    return ContractFields.inputs(pages);
  }

  private static Person withService(String handle) {
    Person owner = PEOPLE.computeIfAbsent(handle, SERVED::person);
    owner
        .api()
        .put(
            "/v1/llm-services/" + handle + "/chat",
            Map.of("provider", "openai", "model", "gpt-4o", "endpoint", "https://api.example/v1"));
    return owner;
  }
}
