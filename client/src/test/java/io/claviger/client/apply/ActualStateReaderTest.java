package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.testkit.http.LocalHttp;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
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
    server.serve(
        "/",
        exchange -> {
          ObjectNode none = JsonTrees.object().putNull("next_cursor");
          none.putArray("items");
          LocalHttp.answer(exchange, 200, "application/json", JsonTrees.bytes(none));
        });
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

    assertThat(ActualStateReader.read(requests, "alice", desired, false).providerEndpoints())
        .isEqualTo(Map.of("first", "https://first.example/v1", "last", "https://last.example/v1"));
  }
}
