package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.testkit.http.LocalHttp;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ActualStateReaderTest {
  @AutoClose private final LocalHttp server = new LocalHttp();

  @AutoClose
  private final Api api = new Api(URI.create(server.url()), new Api.Fixed(Optional.empty()));

  @AutoClose private final RequestSender requests = new RequestSender(api);

  private static ObjectNode page(String provider) {
    ObjectNode page = JsonTrees.object();
    page.putArray("items")
        .addObject()
        .put("name", provider)
        .put("endpoint", "https://%s.example/v1".formatted(provider));
    return page.putNull("next_cursor");
  }

  @Test
  void the_endpoints_of_all_providers_are_read_page_by_page() {
    serve("/", JsonTrees.object().putArray("items"));
    server.serve(
        "/v1/providers",
        exchange ->
            LocalHttp.answer(
                exchange,
                200,
                "application/json",
                JsonTrees.bytes(
                    exchange.getRequestURI().getQuery().contains("cursor=next")
                        ? page("last")
                        : page("first").put("next_cursor", "next"))));
    DesiredState desired =
        Files.read(
            """
            name: team
            services: [{ref: mine, provider: last, model: m, api_key: {env: KEY}}]
            """);

    assertThat(read(desired).providerEndpoints())
        .isEqualTo(Map.of("first", "https://first.example/v1", "last", "https://last.example/v1"));
  }

  private void serve(String path, ArrayNode items) {
    ObjectNode page = JsonTrees.object().putNull("next_cursor");
    page.set("items", items);
    server.serve(
        path,
        exchange -> LocalHttp.answer(exchange, 200, "application/json", JsonTrees.bytes(page)));
  }

  private ActualState read(DesiredState desired) {
    FileFaults faults = new FileFaults("team.yaml");
    ActualState state = ActualStateReader.read(requests, "alice", desired, false, faults);
    faults.demandNone();
    return state;
  }

  private void serveModels() {
    serve("/", JsonTrees.object().putArray("items"));
    ArrayNode models = JsonTrees.object().putArray("items");
    List.of("1 twice openai", "2 twice anthropic", "3 once openai").stream()
        .map(words -> words.split(" ", -1))
        .forEach(
            words ->
                models
                    .addObject()
                    .put("id", words[0])
                    .put("name", words[1])
                    .put("format", words[2])
                    .put("provider", "p"));
    serve("/v1/model-configs", models);
  }

  /** Names are unique only among the models of a format. */
  @Test
  void a_model_is_found_by_its_name_and_format() {
    serveModels();
    DesiredState desired =
        Files.read(
            """
            name: team
            models:
              - {name: twice, format: anthropic, provider: p}
              - {name: twice, format: gemini}
              - {name: once}
            """);
    ActualState state = read(desired);

    assertThat(desired.resources().keySet())
        .extracting(key -> key + " " + state.find(key).map(found -> found.path("id").asString()))
        .containsExactlyInAnyOrder(
            "model twice (anthropic) Optional[2]",
            "model twice (gemini) Optional.empty",
            "model once Optional[3]");
    assertThat(read(Files.read("name: team\nmodels: [{name: once, format: openai}]")).resources())
        .containsKey(new ResourceKey(ResourceKind.MODEL, "openai", "once"));
  }

  @Test
  void a_name_of_several_models_is_a_fault_without_a_format() {
    serveModels();

    assertThatThrownBy(() -> read(Files.read("name: team\nmodels: [{name: once}, {name: twice}]")))
        .isInstanceOfSatisfying(
            ClientFault.class,
            fault ->
                assertThat(fault.lines())
                    .contains(
                        "  team.yaml:2:24: the server has several models of this name; say which:"
                            + " `format: anthropic` or `format: openai`"));
  }

  @Test
  void all_models_of_a_name_are_exported() {
    serveModels();
    String exported =
        Yaml.write(ExportReader.read(requests, "root", "_system", false).document("team"));

    assertThat(Files.read(exported).resources().keySet())
        .extracting(ResourceKey::toString)
        .containsExactlyInAnyOrder("model twice (anthropic)", "model twice (openai)", "model once");
  }
}
