package io.claviger.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Keycloak's realm {@code lab}, changed by its administrator over Keycloak's REST API. */
final class KeycloakRealm {
  static final String ADMINISTRATOR = "admin";
  static final String ADMINISTRATORS_PASSWORD = "password-of-the-administrator";

  private static final String LAB = "/admin/realms/lab";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestClient http;

  KeycloakRealm(String url) {
    TestClient anyone = TestClient.of(URI.create(url));
    TestResponse token =
        anyone
            .with("Content-Type", "application/x-www-form-urlencoded")
            .send(
                "POST",
                "/realms/master/protocol/openid-connect/token",
                BodyPublishers.ofString(
                    "grant_type=password&client_id=admin-cli&username="
                        + ADMINISTRATOR
                        + "&password="
                        + ADMINISTRATORS_PASSWORD))
            .isStatus(200);
    this.http = anyone.withToken(token.text("/access_token"));
  }

  /** Adds somebody whose password is {@code password-of-NAME}. */
  KeycloakRealm person(String name, String... groups) {
    http.json(
            "POST",
            LAB + "/users",
            Map.of(
                "username",
                name,
                "enabled",
                true,
                "email",
                name + "@example.org",
                "emailVerified",
                true,
                "firstName",
                name,
                "lastName",
                "Example",
                "groups",
                List.of(groups),
                "credentials",
                List.of(
                    Map.of(
                        "type", "password", "value", "password-of-" + name, "temporary", false))))
        .isStatus(201);
    return this;
  }

  /** Enables or disables a user. Disabling ends the user's sessions. */
  void enable(String name, boolean enabled) {
    ObjectNode user = (ObjectNode) http.get(LAB + "/users/" + id(name)).isStatus(200).json();
    user.put("enabled", enabled);
    http.json("PUT", LAB + "/users/" + id(name), JSON.writeValueAsString(user)).isStatus(204);
  }

  /** Takes somebody out of a group. */
  void leave(String name, String group) {
    http.delete(LAB + "/users/" + id(name) + "/groups/" + groupId(group)).isStatus(204);
  }

  /**
   * Ends all sessions of somebody; clients are told through the back channel. A session in which
   * offline access was asked for from the beginning is an offline one.
   */
  void logOut(String name) {
    String user = LAB + "/users/" + id(name);
    http.json("POST", user + "/logout", "{}").isStatus(204);
    for (JsonNode each : http.get(user + "/offline-sessions/" + clientId()).isStatus(200).json()) {
      http.delete(LAB + "/sessions/" + each.get("id").stringValue() + "?isOffline=true")
          .isStatus(204);
    }
  }

  private String clientId() {
    return http.get(LAB + "/clients?clientId=claviger")
        .isStatus(200)
        .json()
        .get(0)
        .get("id")
        .stringValue();
  }

  /** Tells Keycloak where the client hears that somebody signed out. */
  void backChannel(String url) {
    JsonNode client = http.get(LAB + "/clients?clientId=claviger").isStatus(200).json().get(0);
    ObjectNode changed = (ObjectNode) client;
    ((ObjectNode) changed.get("attributes")).put("backchannel.logout.url", url);
    http.json(
            "PUT",
            LAB + "/clients/" + client.get("id").stringValue(),
            JSON.writeValueAsString(changed))
        .isStatus(204);
  }

  /** Makes a new key that signs from now on, which clients have not seen. */
  void rollKeysOver() {
    String realm = http.get(LAB).isStatus(200).text("/id");
    http.json(
            "POST",
            LAB + "/components",
            Map.of(
                "name", "rolled-over",
                "providerId", "rsa-generated",
                "providerType", "org.keycloak.keys.KeyProvider",
                "parentId", realm,
                "config",
                    Map.of(
                        "priority",
                        List.of("500"),
                        "enabled",
                        List.of("true"),
                        "active",
                        List.of("true"),
                        "algorithm",
                        List.of("RS256"))))
        .isStatus(201);
  }

  private String id(String name) {
    JsonNode found = http.get(LAB + "/users?exact=true&username=" + name).isStatus(200).json();
    assertThat(found.size()).as(name).isEqualTo(1);
    return found.get(0).get("id").stringValue();
  }

  private String groupId(String group) {
    JsonNode found = http.get(LAB + "/groups").isStatus(200).json();
    for (JsonNode each : found) {
      if (each.get("name").stringValue().equals(group)) {
        return each.get("id").stringValue();
      }
    }
    throw new AssertionError("no group " + group);
  }
}
