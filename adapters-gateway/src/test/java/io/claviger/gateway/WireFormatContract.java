package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ClientExample;
import io.claviger.domain.formats.ModelListShape;
import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.TestCall;
import io.claviger.domain.formats.ProviderApi.TestQuestion;
import io.claviger.domain.objects.IdForm;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each format has to say, as far as its values show it. {@link WireFormatContractTest} holds
 * it against all formats, and the gateway against their providers.
 */
final class WireFormatContract {
  static final String MODEL = "parrot-large";
  private static final String ODD = "It \"fails\":\n\\ é \u0001";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private WireFormatContract() {}

  /** The JSON pointer of the longest text that an error of the provider has. */
  static String placeOfMessage(String error) {
    String place = "";
    String longest = "";
    Deque<String> open = new ArrayDeque<>(List.of(""));
    while (!open.isEmpty()) {
      String at = open.pop();
      JsonNode node = JSON.readTree(error).at(at);
      if (node.isString() && node.asString().length() > longest.length()) {
        longest = node.asString();
        place = at;
      }
      node.propertyNames().forEach(name -> open.push(at + "/" + name));
    }
    return place;
  }

  static TestCall textCall(ProviderApi api) {
    return api.textCall(new TestQuestion(MODEL, 16, "max_tokens", api.baseUrlEnd()));
  }

  static void errors_are_read_where_the_provider_writes_them(ProviderApi api, String place) {
    for (int status : List.of(400, 401, 403, 404, 413, 429, 500, 502, 503, 504)) {
      assertThat(JSON.readTree(api.errorBody(status, "some_code", ODD)).at(place).asString(""))
          .isEqualTo(ODD);
      Optional<String> event = api.errorEvent("/chat", status, "some_code", ODD);
      event.ifPresent(
          text -> {
            String data =
                text.lines()
                    .filter(line -> line.startsWith("data: ") || line.startsWith("{"))
                    .findFirst()
                    .orElseThrow();
            assertThat(JSON.readTree(data.replaceFirst("^data: ", "")).at(place).asString(""))
                .isEqualTo(ODD);
            assertThat(text).endsWith(data.startsWith("{") ? "}\n" : "\n\n");
          });
    }
  }

  static void a_path_that_names_the_model_can_name_another(ProviderApi api) {
    String path = textCall(api).path();
    if (api.namesModelInPath(path)) {
      assertThat(api.modelInPath(path)).contains(MODEL);
      assertThat(api.modelPath(path).orElseThrow().model()).isEqualTo(MODEL);
      assertThat(api.modelInPath(api.modelPath(path).orElseThrow().with("other")))
          .contains("other");
    } else {
      assertThat(JSON.readTree(textCall(api).body()).path("model").asString("")).isEqualTo(MODEL);
      assertThat(api.modelPath(path)).isEmpty();
    }
  }

  static void the_members_of_its_own_requests_are_known(ProviderApi api) {
    TestCall call = textCall(api);
    Set<String> output = api.useFields(call.path()).output();
    assertThat(output).isNotEmpty();
    assertThat(output).anyMatch(name -> call.body().contains("\"" + name + "\":16"));
    for (String name : JSON.readTree(call.body()).propertyNames()) {
      String folded = name.replace("_", "").toLowerCase(Locale.ROOT);
      assertThat(
              output.contains(name)
                  || api.useFields(call.path()).parents().contains(folded)
                  || api.knownMembers().settings().contains(folded)
                  || api.knownMembers().texts().contains(folded))
          .as(name)
          .isTrue();
    }
  }

  /** A format whose requests can't refer to anything lends nothing that is stored. */
  static void the_places_of_references_are_known(ProviderApi api) {
    ObjectPlaces places = api.objectPlaces();
    assertThat(places.areInBody(textCall(api).path())).isTrue();
    assertThat(places.body().inside().find("type").isText()).isTrue();
    if (places.form().equals(IdForm.NONE)) {
      assertThat(api.storage().kinds()).isEmpty();
    } else {
      assertThat(places.body().inside().known()).anyMatch(ObjectPlace::isReference);
    }
  }

  static void operations_are_lent(ProviderApi api) {
    assertThat(api.operations()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(api.lends("POST", textCall(api).path())).isTrue();
    assertThat(api.lends("GET", api.modelList().path())).isTrue();
    assertThat(api.modelList().isListed(api.modelList().path())).isTrue();
    if (api.hasBaseUrl()) {
      assertThat(api.operationPath("POST", textCall(api).path())).isEqualTo(textCall(api).path());
      assertThat(api.lends("GET", api.operationPath("GET", "models"))).isTrue();
    }
  }

  static void lists_are_written_as_they_are_read(ProviderApi api) {
    ModelListShape shape = api.modelList();
    Instant since = Instant.parse("2026-01-02T03:04:05Z");
    JsonNode page =
        JSON.readTree(
            api.modelPage(
                api.listedModel("a\"b", "m", "owner", since)
                    + ","
                    + api.listedModel("c", "m", "o", since),
                Optional.of("a\"b"),
                Optional.of("c"),
                Optional.of("c")));
    JsonNode list =
        shape.members().stream()
            .filter(page::has)
            .map(page::path)
            .findFirst()
            .orElseThrow(() -> new AssertionError("no member of the page is known as a list"));
    assertThat(list)
        .extracting(model -> shape.id(model.path(shape.idMember()).asString("")))
        .containsExactly("a\"b", "c");
    ModelListShape.Paging paging = shape.paging();
    if (!paging.size().isEmpty()) {
      assertThat(page.path(paging.next()).asString("")).isEqualTo("c");
      assertThat(paging.more().isEmpty() || page.path(paging.more()).asBoolean(false)).isTrue();
      assertThat(api.queryParameters()).contains(paging.size(), paging.after());
      assertThat(paging.usual()).isPositive();
    }
  }

  static void clients_are_told_how_to_connect(ProviderApi api) {
    for (boolean embeds : new boolean[] {false, true}) {
      List<ClientExample> examples = api.examples(embeds);
      assertThat(examples).extracting(ClientExample::id).contains("curl").doesNotHaveDuplicates();
      for (ClientExample example : examples) {
        assertThat(example.path() + example.text().replaceAll("<(url|(prefixed )?model)>", ""))
            .as(example.id())
            .isNotBlank();
        if (example.syntax() == ClientExample.Syntax.CURL) {
          String path = example.path().substring(1).replace("<model segment>", MODEL);
          assertThat(api.lends("POST", api.operationPath("POST", path))).as(path).isTrue();
          assertThat(JSON.readTree(example.text().replace("<model>", "\"m\"")).isObject()).isTrue();
        }
      }
    }
  }

  static void others_know_its_provider_and_headers(ProviderApi api) {
    assertThat(Provider.known()).extracting(Provider::wireName).contains(api.usualProvider());
    api.telemetryName().ifPresent(name -> assertThat(name).matches("[a-z._]+"));
    assertThat(api.statusOfNotFound()).isBetween(400, 499);
    Map<String, String> headers = new TreeMap<>(api.requiredHeaders());
    assertThat(headers.keySet()).allMatch(name -> name.matches("[a-z-]+"));
    assertThat(api.credentialHeaders()).allMatch(name -> name.matches("[a-z-]+"));
    assertThat(
            api.headerOrBearer().isEmpty()
                || api.credentialHeaders().contains(api.headerOrBearer()))
        .isTrue();
    assertThat(textCall(api).body().getBytes(UTF_8).length).isLessThan(1_000);
  }

  /**
   * All of it.
   *
   * @param place the JSON pointer at which the provider has the message of an error
   */
  static void check(ProviderApi api, String place) {
    errors_are_read_where_the_provider_writes_them(api, place);
    a_path_that_names_the_model_can_name_another(api);
    the_members_of_its_own_requests_are_known(api);
    the_places_of_references_are_known(api);
    operations_are_lent(api);
    lists_are_written_as_they_are_read(api);
    clients_are_told_how_to_connect(api);
    others_know_its_provider_and_headers(api);
  }
}
