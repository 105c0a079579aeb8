package io.claviger.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** URLs that a server states, to which other programs send an access token, and paths. */
class GatewayUrlTest {
  private static String named(String server, String address) {
    ObjectNode service = JsonTrees.object().put("gateway_url", address);
    try (Api api = new Api(URI.create(server), new Api.Fixed(Optional.empty()))) {
      return GatewayUrl.ofService(api, service).text();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://claviger.example.com, https://gateway.example.com:8443/gateway/_system/gpt-5_x.y~z",
    "https://claviger.example.com, https://my_host:8443/gateway",
    "https://claviger.example.com, http://localhost:8080/gateway",
    "https://claviger.example.com, http://[::1]:8080/gateway",
    "http://127.0.0.1:8080, http://127.0.0.1:8081/gateway",
    "http://claviger.lan, http://gateway.lan/gateway",
  })
  void usual_addresses_are_taken(String server, String address) {
    assertThat(named(server, address)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://claviger.example.com", "http://localhost:8080", "http://[::1]"})
  void plain_http_over_a_network_is_only_for_those_who_have_agreed_to_it(String server) {
    for (String address : List.of("http://gateway.example.com/gateway", "http://my_host:8081/x")) {
      assertThatThrownBy(() -> named(server, address))
          .isInstanceOf(ClientFault.class)
          .hasMessageContaining("could read the access token")
          .hasMessageContaining(address);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://x.example/{file:~/.ssh/id_ed25519}",
        "https://${GITHUB_TOKEN}.example/gateway",
        "https://x.example/$GITHUB_TOKEN",
        "https://x.example/`id`",
        "https://x.example/a\nb",
        "https://alice@x.example/",
        "https://x.example:65536/gateway",
        "https://x.example/?q",
        "https://x.example/%24",
        "ftp://x.example/",
        "https://",
        "gateway",
        "",
      })
  void others_are_refused(String address) {
    assertThatThrownBy(() -> named("https://claviger.example.com", address))
        .isInstanceOf(ClientFault.class)
        .hasMessageContaining("names no address of its gateway that can be called");
    assertThatThrownBy(() -> new GatewayUrl(address)).isInstanceOf(ClientFault.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:65536", "claviger.example.com:99999/x"})
  void a_server_has_no_port_that_does_not_exist(String address) {
    assertThatThrownBy(() -> ServerUrl.of(address, false))
        .isInstanceOf(ClientFault.class)
        .hasMessageContaining("URL is the address of a Claviger");
  }

  @Test
  void what_lies_below_an_address_is_checked_too() {
    GatewayUrl gateway = new GatewayUrl("https://x.example/gateway");
    assertThat(gateway.under("openai/v1")).hasToString("https://x.example/gateway/openai/v1");
    assertThatThrownBy(() -> gateway.under("{env:X}")).isInstanceOf(ClientFault.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alice/chat", "a\\b", "100%", "a\nb", "a\0b"})
  void a_name_that_no_path_of_the_api_can_have_is_refused_before_a_request_is_sent(String name) {
    assertThatThrownBy(() -> Api.path("v1", "requests", name))
        .isInstanceOf(ClientFault.class)
        .hasMessageFindingMatch("a name or id is empty|no name and no id has a / ");
    assertThat(Api.path("v1", "groups", "ä b?#;+")).isEqualTo("/v1/groups/%C3%A4%20b%3F%23%3B%2B");
  }
}
