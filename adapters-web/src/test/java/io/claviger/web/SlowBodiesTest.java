package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.served.Client;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bodies that arrive slowly do not delay other requests, and are refused if their senders have lost
 * their rights meanwhile.
 */
class SlowBodiesTest {
  private static final String DEVICE = "/oauth/device_authorization";

  /** Connections on which bodies arrive slowly. */
  private static final class Drip implements AutoCloseable {
    private final Served served;
    private final List<RawConnection> connections = new ArrayList<>();

    Drip(Served served) {
      this.served = served;
    }

    /** Begins requests that announce 50,000 bytes but send only these. */
    void begin(int many, String requestLine, String body, String... fields) throws IOException {
      for (int i = 0; i < many; i++) {
        connections.add(
            new RawConnection(served.port())
                .send(
                    requestLine
                        + " HTTP/1.1\r\nHost: x\r\n"
                        + String.join("\r\n", fields)
                        + "\r\nContent-Length: 50000\r\n\r\n"
                        + body));
      }
    }

    void more() throws IOException {
      for (RawConnection connection : connections) {
        connection.send("a");
      }
    }

    boolean isOneClosed() throws IOException {
      for (RawConnection connection : connections) {
        if (connection.isClosed()) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() throws IOException {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  void slow_forms_without_a_token_take_no_place() throws IOException {
    try (Served served = Served.start(Served::behindProxy, u -> u);
        Drip drip = new Drip(served)) {
      String token =
          served.user("alice").post("/v1/users/alice/tokens", Map.of("name", "n")).text("/token");
      for (int address = 1; address <= 5; address++) {
        drip.begin(
            16,
            "POST /oauth/token",
            "grant_type=",
            "X-Forwarded-For: 192.0.2." + address,
            "Content-Type: application/x-www-form-urlencoded");
      }
      for (int i = 0; i < 3; i++) {
        drip.more();
        from(served, "198.51.100.1").form(DEVICE, "client_id=claviger").isStatus(200);
        from(served, "192.0.2.1").form(DEVICE, "client_id=claviger").isStatus(200);
        served.holding(token).get("/v1/me").isStatus(200);
      }
    }
  }

  @Test
  void slow_bodies_of_a_person_and_three_service_accounts_take_no_place() throws IOException {
    try (Served served = Served.start();
        Drip drip = new Drip(served)) {
      Client alice = served.user("alice");
      Client bob = served.user("bob");
      List<String> tokens = new ArrayList<>();
      tokens.add(token(alice, "alice"));
      for (int i = 0; i < 3; i++) {
        String robot = "robot-" + i;
        served
            .root()
            .post("/v1/users", Map.of("handle", robot, "kind", "service", "responsible", "alice"))
            .isStatus(201);
        tokens.add(token(alice, robot));
      }
      for (String token : tokens) {
        drip.begin(
            32,
            "PATCH /v1/users/alice",
            "{",
            "Content-Type: application/json",
            "Authorization: Bearer " + token);
      }
      for (int i = 0; i < 3; i++) {
        drip.more();
        bob.get("/v1/me").isStatus(200);
        bob.patch("/v1/users/bob", Map.of("display_name", "Bob " + i)).isStatus(200);
        alice.get("/v1/me").isStatus(200);
        alice.patch("/v1/users/alice", Map.of("display_name", "Alice " + i)).isStatus(200);
      }
    }
  }

  @Test
  void a_refused_request_gives_its_place_back_before_its_body_is_discarded() throws IOException {
    try (Served served = Served.start();
        Drip drip = new Drip(served)) {
      for (String method : List.of("GET", "DELETE", "PATCH")) {
        drip.begin(
            40,
            method + " /v1/users/nobody",
            "{",
            "Content-Type: application/json",
            "Authorization: Bearer " + served.rootToken());
      }
      drip.more();
      served.root().get("/v1/me").isStatus(200);
      served.root().delete("/v1/users/nobody").isProblem(404, "not_found");
    }
  }

  @Tag("thorough")
  @Test
  void when_their_memory_is_used_up_slow_bodies_give_way() throws IOException {
    String large = "client_id=claviger&x=" + "a".repeat(49_000);
    try (Served served =
            Served.start(
                s -> Served.behindProxy(Served.limited(l -> l.withBodyMemory(1)).apply(s)),
                u -> u);
        Drip drip = new Drip(served)) {
      for (int address = 1; address <= 5; address++) {
        drip.begin(
            5,
            "POST /oauth/token",
            large,
            "X-Forwarded-For: 192.0.2." + address,
            "Content-Type: application/x-www-form-urlencoded");
      }
      for (int i = 0; i < 1_000 && !drip.isOneClosed(); i++) {
        from(served, "198.51.100.1").form(DEVICE, large).isStatus(i < 50 ? 200 : 429);
      }
      assertThat(drip.isOneClosed()).isTrue();
    }
  }

  @Test
  void a_change_is_refused_if_its_sender_is_no_administrator_any_more_when_the_body_is_there()
      throws IOException {
    String body = "{\"administrator\": true}";
    try (Served served = Served.start();
        RawConnection slow = new RawConnection(served.port())) {
      String token = token(served.user("dana"), "dana");
      served.root().patch("/v1/users/dana", Map.of("administrator", true)).isStatus(200);
      slow.begin("PATCH", "/v1/users/dana", body.length(), json(token));

      served.root().patch("/v1/users/dana", Map.of("administrator", false)).isStatus(200);

      assertThat(slow.send(body).answer("PATCH", "/v1/users/dana").status()).isEqualTo(403);
      assertThat(served.root().get("/v1/users/dana").at("/administrator").asBoolean()).isFalse();
    }
  }

  @Test
  void a_change_is_refused_if_its_token_has_ended_when_the_body_is_there() throws IOException {
    try (Served served = Served.start();
        RawConnection slow = new RawConnection(served.port())) {
      Client erin = served.user("erin");
      String token = token(erin, "erin");
      String id = served.holding(token).get("/v1/me").isStatus(200).text("/token/id");
      slow.begin("PUT", "/v1/projects/erin/late", 2, json(token));

      erin.delete("/v1/users/erin/tokens/" + id).isStatus(204);

      assertThat(slow.send("{}").answer("PUT", "/v1/projects/erin/late").status()).isEqualTo(401);
      erin.get("/v1/projects/erin/late").isStatus(404);
    }
  }

  private static String[] json(String token) {
    return new String[] {"Content-Type: application/json", "Authorization: Bearer " + token};
  }

  private static Client from(Served served, String address) {
    return served.nobody().with("X-Forwarded-For", address);
  }

  private static String token(Client manager, String user) {
    return manager
        .post("/v1/users/" + user + "/tokens", Map.of("name", "slow"))
        .isStatus(201)
        .text("/token");
  }
}
