package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ErrorResponse;
import com.unboundid.scim2.common.messages.PatchOperation;
import com.unboundid.scim2.common.messages.PatchRequest;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.UserResource;
import com.unboundid.scim2.common.utils.JsonUtils;
import io.claviger.application.scim.ScimTokens;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.groups.Group;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import io.claviger.web.served.UseCaseStubs;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * {@code /scim/v2} over a socket. The requests have the form that two pages describe, read on
 * 2026-11-24, with values of our own: "Okta and SCIM Version 2.0" of Okta's developer
 * documentation, and "Tutorial: Develop and plan provisioning for a SCIM endpoint in Microsoft
 * Entra ID" of Microsoft Learn.
 */
class ScimTest {
  private static final String ISSUER = "https://id.example";
  private static final String PATCH =
      "{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"], \"Operations\": %s}";

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private TestClient provider = TestClient.of(URI.create("http://localhost:" + served.port()));

  @BeforeEach
  void makeToken() {
    provider = with(token(ISSUER));
  }

  private String token(String issuer) {
    return root.post("/v1/scim-tokens", Map.of("name", "idp", "issuer", issuer))
        .isStatus(201)
        .text("/token");
  }

  private TestClient with(String token) {
    return TestClient.of(URI.create("http://localhost:" + served.port())).withToken(token);
  }

  @Test
  void a_list_is_refused_if_the_token_ends_while_the_request_waits() {
    AtomicReference<Runnable> beforeSecond = new AtomicReference<>(() -> {});
    AtomicInteger asked = new AtomicInteger();
    try (Served ending =
        Served.start(
            settings -> settings,
            usual ->
                UseCaseStubs.answered(
                    usual,
                    ScimTokens.class,
                    (operation, arguments) -> {
                      if (operation.equals("authenticate") && asked.incrementAndGet() == 2) {
                        beforeSecond.get().run();
                      }
                      return Optional.empty();
                    }))) {
      TestResponse made =
          ending
              .root()
              .post("/v1/scim-tokens", Map.of("name", "idp", "issuer", ISSUER))
              .isStatus(201);
      beforeSecond.set(
          () -> ending.root().delete("/v1/scim-tokens/" + made.text("/id")).isStatus(204));
      TestClient reader =
          TestClient.of(URI.create("http://localhost:" + ending.port()))
              .withToken(made.text("/token"));

      reader.get("/scim/v2/Users").isStatus(401);
    }
  }

  @Test
  void okta_makes_finds_changes_and_deactivates_a_user() {
    get("/Users?filter="
            + encoded("userName eq \"carol.lab@acme.example\"")
            + "&startIndex=1&count=100")
        .isStatus(200);
    TestResponse made =
        send(
                "POST",
                "/Users",
                """
                {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                 "userName": "carol.lab@acme.example",
                 "name": {"givenName": "Carol", "familyName": "Lab"},
                 "emails": [{"primary": true, "value": "carol.lab@acme.example", "type": "work"}],
                 "displayName": "Carol Lab", "locale": "en-GB", "externalId": "00u9carol",
                 "groups": [], "password": "not-kept-1", "active": true}
                """)
            .isStatus(201);
    String id = made.text("/id");
    assertThat(made.header("Content-Type")).startsWith("application/scim+json");
    assertThat(made.header("Location")).endsWith("/scim/v2/Users/" + id);
    assertThat(made.body()).doesNotContain("not-kept-1");
    assertThat(root.get("/v1/users/carol.lab").isStatus(200).text("/email"))
        .isEqualTo("carol.lab@acme.example");

    TestResponse found = get("/Users?filter=" + encoded("userName eq \"Carol.Lab@ACME.example\""));
    assertThat(found.at("/totalResults").asInt()).isEqualTo(1);
    assertThat(found.text("/Resources/0/id")).isEqualTo(id);

    send(
            "PUT",
            "/Users/" + id,
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "%s",
             "userName": "carol.lab@acme.example", "externalId": "00u9carol",
             "name": {"givenName": "Carol", "familyName": "Labs"},
             "emails": [{"primary": true, "value": "carol.labs@acme.example", "type": "work"}],
             "active": true}
            """
                .formatted(id))
        .isStatus(200);
    assertThat(root.get("/v1/users/carol.lab").text("/display_name")).isEqualTo("Carol Labs");

    served.ports().clock().advance(Duration.ofMinutes(1));
    TestResponse off =
        patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": false}}]")
            .isStatus(200);
    assertThat(off.at("/active").asBoolean()).isFalse();
    assertThat(off.json()).isEqualTo(get("/Users/" + id).json());
    assertThat(root.get("/v1/users/carol.lab").at("/suspended").asBoolean()).isTrue();
    patch(
            "/Users/" + id,
            "[{\"op\": \"remove\", \"path\": \"active\"},"
                + " {\"op\": \"replace\", \"value\": {\"displayName\": \"Carol\"}}]")
        .isStatus(200);
    assertThat(root.get("/v1/users/carol.lab").at("/suspended").asBoolean()).isTrue();
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": true}}]").isStatus(200);
    assertThat(root.get("/v1/users/carol.lab").at("/suspended").asBoolean()).isFalse();
  }

  @Test
  void a_change_is_refused_if_its_token_has_ended_when_the_body_is_there() throws IOException {
    String path = "/scim/v2/Users/" + user("fay@acme.example", "00u9fay");
    String body = PATCH.formatted("[{\"op\": \"replace\", \"value\": {\"active\": false}}]");
    String token = token(ISSUER);
    String id = root.get("/v1/scim-tokens").isStatus(200).text("/items/1/id");
    try (RawConnection slow = new RawConnection(served.port())) {
      slow.begin(
          "PATCH",
          path,
          body.length(),
          "Content-Type: application/scim+json",
          "Authorization: Bearer " + token);

      root.delete("/v1/scim-tokens/" + id).isStatus(204);

      assertThat(slow.send(body).answer("PATCH", path).status()).isEqualTo(401);
      assertThat(root.get("/v1/users/fay").at("/suspended").asBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /Me",
        "PATCH /Me",
        "POST /Bulk",
        "POST /.search",
        "POST /Users/.search",
        "POST /Groups/.search"
      })
  void what_is_not_supported_is_answered_so(String request) {
    String[] parts = request.split(" ", -1);
    TestResponse answer = send(parts[0], parts[1], "{}").isStatus(501);
    assertThat(answer.text("/schemas/0")).isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
    assertThat(answer.text("/status")).isEqualTo("501");
    assertThat(answer.text("/detail")).contains("Send GET to /Users or /Groups");
  }

  @Test
  void okta_pushes_a_group_and_its_members() {
    String dave = user("dave@acme.example", "00u9dave");
    String erin = user("erin@acme.example", "00u9erin");
    String group =
        send(
                "POST",
                "/Groups",
                """
                {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                 "displayName": "research", "members": [{"value": "%s", "display": "dave"}]}
                """
                    .formatted(dave))
            .isStatus(201)
            .text("/id");
    patch(
            "/Groups/" + group,
            """
            [{"op": "remove", "path": "members[value eq \\"%s\\"]"},
             {"op": "add", "path": "members", "value": [{"value": "%s", "display": "erin"}]}]
            """
                .formatted(dave, erin))
        .isStatus(204);
    assertThat(get("/Groups/" + group).text("/members/0/value")).isEqualTo(erin);
    assertThat(root.get("/v1/groups/research").isStatus(200).text("/kind")).isEqualTo("synced");
    assertThat(root.get("/v1/groups/research/members").items("user")).containsExactly("erin");

    patch(
            "/Groups/" + group,
            "[{\"op\": \"replace\", \"value\": {\"id\": \"%s\", \"displayName\": \"Science\"}}]"
                .formatted(group))
        .isStatus(204);
    assertThat(root.get("/v1/groups/research").text("/display_name")).isEqualTo("Science");
    provider.delete("/scim/v2/Groups/" + group).isStatus(204);
    get("/Groups/" + group).isStatus(404);
    assertThat(root.get("/v1/groups/research/members").items("user")).isEmpty();
  }

  @Test
  void entra_provisions_and_disables_a_user() {
    assertThat(
            get("/Users?filter=" + encoded("externalId eq \"58342554-38d6\""))
                .at("/totalResults")
                .asInt())
        .isZero();
    String id =
        send(
                "POST",
                "/Users",
                """
                {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                   "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
                 "externalId": "58342554-38d6", "userName": "Frank_Site@acme.example",
                 "active": true, "meta": {"resourceType": "User"}, "roles": [],
                 "emails": [{"primary": true, "type": "work", "value": "frank@acme.example"}],
                 "name": {"formatted": "Frank Site", "familyName": "Site", "givenName": "Frank"},
                 "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R"}}
                """)
            .isStatus(201)
            .text("/id");
    TestResponse changed =
        patch(
                "/Users/" + id,
                """
                [{"op": "Replace", "path": "emails[type eq \\"work\\"].value", "value": "f@b.example"},
                 {"op": "Replace", "path": "name.familyName", "value": "Sight"},
                 {"op": "Add", "path": "phoneNumbers[type eq \\"work\\"].value", "value": "1"},
                 {"op": "Add", "value": {"name.givenName": "Francis", "nickName": "F"}},
                 {"op": "Add",
                  "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                  "value": "S"}]
                """)
            .isStatus(200);
    assertThat(changed.text("/emails/0/value")).isEqualTo("f@b.example");
    assertThat(changed.text("/name/familyName")).isEqualTo("Sight");
    assertThat(changed.text("/name/givenName")).isEqualTo("Francis");

    patch("/Users/" + id, "[{\"op\": \"Replace\", \"path\": \"active\", \"value\": \"False\"}]")
        .isStatus(200);
    assertThat(root.get("/v1/users/frank_site").at("/suspended").asBoolean()).isTrue();
    assertThat(get("/Users/" + id).at("/active").asBoolean()).isFalse();
    provider.delete("/scim/v2/Users/" + id).isStatus(204);
    get("/Users/" + id).isStatus(404);
  }

  /** By default, sign-ins find a person by this attribute. */
  @Test
  void a_user_keeps_the_external_id_that_a_put_does_not_name() {
    String id = user("nora@acme.example", "n-1");

    for (String more : List.of("", ", \"externalId\": null", ", \"externalId\": \"\"")) {
      TestResponse put =
          send("PUT", "/Users/" + id, "{\"userName\": \"nora.2@acme.example\"%s}".formatted(more))
              .isStatus(200);
      assertThat(put.text("/externalId")).isEqualTo("n-1");
      assertThat(put.text("/userName")).isEqualTo("nora.2@acme.example");
    }
    send("PUT", "/Users/" + id, "{\"userName\": \"nora@acme.example\", \"externalId\": \"n-2\"}")
        .isStatus(200);
    assertThat(get("/Users/" + id).text("/externalId")).isEqualTo("n-2");
  }

  @Test
  void an_empty_id_of_a_group_is_none_and_one_that_is_no_line_is_refused() {
    String group =
        send("POST", "/Groups", "{\"externalId\": \"8aa1a0c0\", \"displayName\": \"Data Team\"}")
            .isStatus(201)
            .text("/id");
    String replace = "[{\"op\": \"replace\", \"path\": \"externalId\", \"value\": \"%s\"}]";

    patch("/Groups/" + group, replace.formatted("")).isStatus(204);
    for (String id : List.of("x".repeat(3_000), "a\\u0000b")) {
      patch("/Groups/" + group, replace.formatted(id)).isStatus(400);
    }

    assertThat(get("/Groups/" + group).text("/externalId")).isEqualTo("8aa1a0c0");
  }

  @Test
  void the_id_of_a_group_can_be_removed() {
    String group =
        send("POST", "/Groups", "{\"externalId\": \"r-7\", \"displayName\": \"Removed Id\"}")
            .isStatus(201)
            .text("/id");

    patch("/Groups/" + group, "[{\"op\": \"remove\", \"path\": \"externalId\"}]").isStatus(204);

    assertThat(get("/Groups/" + group).at("/externalId").isMissingNode()).isTrue();
    patch("/Groups/" + group, "[{\"op\": \"remove\", \"path\": \"displayName\"}]").isStatus(400);
  }

  @Test
  void entra_keeps_a_group_without_reading_its_members() {
    String grace = user("grace@acme.example", "g-1");
    String group =
        send(
                "POST",
                "/Groups",
                """
                {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                 "externalId": "8aa1a0c0", "displayName": "Data Team",
                 "meta": {"resourceType": "Group"}}
                """)
            .isStatus(201)
            .text("/id");
    TestResponse found =
        get("/Groups?excludedAttributes=members&filter=" + encoded("displayName eq \"data team\""));
    assertThat(found.text("/Resources/0/id")).isEqualTo(group);
    assertThat(found.body()).doesNotContain("members");
    patch(
            "/Groups/" + group,
            "[{\"op\": \"Add\", \"path\": \"members\", \"value\": [{\"$ref\": null, \"value\": \"%s\"}]}]"
                .formatted(grace))
        .isStatus(204);
    assertThat(get("/Groups/" + group + "?attributes=members").text("/members/0/value"))
        .isEqualTo(grace);
    patch(
            "/Groups/" + group,
            "[{\"op\": \"Remove\", \"path\": \"members\", \"value\": [{\"$ref\": null, \"value\": \"%s\"}]}]"
                .formatted(grace))
        .isStatus(204);
    assertThat(get("/Groups/" + group).at("/members")).isEmpty();
    patch(
            "/Groups/" + group,
            "[{\"op\": \"Replace\", \"path\": \"displayName\", \"value\": \"DT\"}]")
        .isStatus(204);
  }

  @Test
  void entra_asks_whether_a_group_has_a_member_and_a_user_a_manager() {
    String ivy = user("ivy@acme.example", "i-1");
    String jan = user("jan@acme.example", "j-1");
    String group =
        send(
                "POST",
                "/Groups",
                "{\"displayName\": \"Lab\", \"members\": [{\"value\": \"%s\"}]}".formatted(ivy))
            .isStatus(201)
            .text("/id");
    String both = "id eq \"%s\" and members eq \"%s\"";

    assertThat(found("/Groups", both.formatted(group, ivy))).containsExactly(group);
    assertThat(found("/Groups", "members eq \"%s\" and id eq \"%s\"".formatted(ivy, group)))
        .containsExactly(group);
    assertThat(found("/Groups", both.formatted(group, jan))).isEmpty();
    assertThat(found("/Groups", both.formatted(ivy, ivy))).isEmpty();
    assertThat(found("/Groups", both.formatted(group, "no id"))).isEmpty();
    assertThat(found("/Users", "id eq \"%s\" and manager eq \"%s\"".formatted(ivy, jan))).isEmpty();
    for (String refused : List.of("/Users", "/Groups")) {
      get(refused + "?filter=" + encoded("id eq \"%s\" and userName eq \"ivy\"".formatted(ivy)))
          .isStatus(400);
    }
  }

  private List<String> found(String path, String filter) {
    JsonNode all = get(path + "?filter=" + encoded(filter)).isStatus(200).at("/Resources");
    return all.valueStream().map(one -> one.get("id").asString()).toList();
  }

  @Test
  void a_library_reads_what_is_answered_and_writes_what_is_understood() throws Exception {
    UserResource heidi =
        new UserResource()
            .setUserName("heidi@acme.example")
            .setActive(true)
            .setEmails(new Email().setValue("heidi@acme.example").setPrimary(true));
    heidi.setExternalId("h-1");
    TestResponse made =
        send("POST", "/Users", JsonUtils.getObjectWriter().writeValueAsString(heidi)).isStatus(201);
    UserResource stored =
        JsonUtils.getObjectReader().forType(UserResource.class).readValue(made.body());
    assertThat(stored.getUserName()).isEqualTo("heidi@acme.example");
    PatchRequest patch = new PatchRequest(List.of(PatchOperation.replace("active", false)));
    assertThat(
            send(
                    "PATCH",
                    "/Users/" + stored.getId(),
                    JsonUtils.getObjectWriter().writeValueAsString(patch))
                .isStatus(200)
                .at("/active")
                .asBoolean())
        .isFalse();
    assertThat(
            get("/Users?filter=" + encoded(Filter.eq("externalId", "h-1").toString()))
                .at("/totalResults")
                .asInt())
        .isEqualTo(1);
    ErrorResponse error =
        JsonUtils.getObjectReader()
            .forType(ErrorResponse.class)
            .readValue(
                send("POST", "/Users", JsonUtils.getObjectWriter().writeValueAsString(heidi))
                    .isStatus(409)
                    .body());
    assertThat(error.getScimType()).isEqualTo("uniqueness");
    assertThat(error.getStatus()).isEqualTo(409);
  }

  @Test
  void a_deleted_user_comes_back_by_the_same_external_id() {
    String id = user("ivan@acme.example", "i-1");
    provider.delete("/scim/v2/Users/" + id).isStatus(204);
    get("/Users/" + id).isStatus(404);
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": true}}]").isStatus(404);
    assertThat(root.get("/v1/users/ivan").at("/suspended").asBoolean()).isTrue();
    assertThat(user("ivan@acme.example", "i-1")).isEqualTo(id);
    assertThat(root.get("/v1/users/ivan").at("/suspended").asBoolean()).isFalse();
    provider.delete("/scim/v2/Users/" + id).isStatus(204);
    String other = user("ivan@acme.example", "i-2");
    assertThat(other).isNotEqualTo(id);
    assertThat(get("/Users/" + other).isStatus(200).text("/userName"))
        .isEqualTo("ivan@acme.example");
    root.get("/v1/users/u-" + other.substring(28)).isStatus(200);
  }

  @Test
  void handles_of_others_are_refused_and_others_do_not_exist() {
    root.post("/v1/users", Map.of("handle", "judy")).isStatus(201);
    root.post("/v1/users", Map.of("handle", "bot", "kind", "service", "responsible", "judy"))
        .isStatus(201);
    root.put("/v1/groups/local", Map.of()).isStatus(201);
    for (String name : List.of("judy@acme.example", "root@acme.example", "bot")) {
      TestResponse refused =
          send("POST", "/Users", "{\"userName\": \"%s\", \"externalId\": \"x\"}".formatted(name))
              .isStatus(409);
      assertThat(refused.text("/scimType")).isEqualTo("uniqueness");
      assertThat(refused.text("/schemas/0"))
          .isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
    }
    assertThat(
            send("POST", "/Groups", "{\"displayName\": \"local\"}").isStatus(409).text("/scimType"))
        .isEqualTo("uniqueness");
    for (String handle : List.of("judy", "root", "bot")) {
      String id = root.get("/v1/users/" + handle).text("/id");
      get("/Users/" + id).isStatus(404);
      patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": false}}]")
          .isStatus(404);
      provider.delete("/scim/v2/Users/" + id).isStatus(404);
      TestResponse group =
          send(
                  "POST",
                  "/Groups",
                  "{\"displayName\": \"g\", \"members\": [{\"value\": \"%s\"}]}".formatted(id))
              .isStatus(400);
      assertThat(group.text("/scimType")).isEqualTo("invalidValue");
    }
    Group.Id local = served.ports().groups().find(new Handle("local")).orElseThrow().id();
    get("/Groups/" + local.value()).isStatus(404);
    provider.delete("/scim/v2/Groups/" + local.value()).isStatus(404);
    patch(
            "/Groups/" + local.value(),
            "[{\"op\": \"replace\", \"path\": \"displayName\", \"value\": \"x\"}]")
        .isStatus(404);
    assertThat(get("/Users").at("/totalResults").asInt()).isZero();
    assertThat(get("/Groups").at("/totalResults").asInt()).isZero();
  }

  @Test
  void a_group_renamed_to_the_name_of_a_local_one_stays_another_group() {
    root.put("/v1/groups/finance", Map.of()).isStatus(201);
    String group =
        send("POST", "/Groups", "{\"displayName\": \"sales\"}").isStatus(201).text("/id");
    patch(
            "/Groups/" + group,
            "[{\"op\": \"replace\", \"path\": \"displayName\", \"value\": \"finance\"}]")
        .isStatus(204);
    assertThat(root.get("/v1/groups/finance").text("/kind")).isEqualTo("local");
    assertThat(root.get("/v1/groups/sales").text("/display_name")).isEqualTo("finance");
  }

  @Test
  void the_last_administrator_stays() {
    String id = user("kim@acme.example", "k-1");
    root.patch("/v1/users/kim", Map.of("administrator", true)).isStatus(200);
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": \"false\"}}]")
        .isStatus(200);
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": \"true\"}}]")
        .isStatus(200);
    root.patch("/v1/users/root", Map.of("administrator", false)).isStatus(200);
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": false}}]").isStatus(409);
    provider.delete("/scim/v2/Users/" + id).isStatus(409);
    assertThat(get("/Users/" + id).at("/active").asBoolean()).isTrue();
  }

  /** Signing in does not end this suspension, so it can't be the only advice. */
  @Test
  void who_is_suspended_is_told_who_can_end_that() {
    String id = user("ulla@acme.example", "u-1");
    String text =
        root.post("/v1/users/ulla/tokens", Map.of("name", "first")).isStatus(201).text("/token");
    served.holding(text).get("/v1/me").isStatus(200);
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": false}}]").isStatus(200);

    TestResponse refused = served.holding(text).get("/v1/me").isStatus(401);

    assertThat(refused.text("/detail")).contains("suspended", "ask an administrator");
  }

  @Test
  void a_token_is_good_for_scim_alone_and_ends() {
    String text =
        root.post("/v1/scim-tokens", Map.of("name", "two", "issuer", ISSUER)).text("/token");
    String id = root.get("/v1/scim-tokens").text("/items/1/id");
    assertThat(root.get("/v1/scim-tokens").body()).doesNotContain(text);
    served.holding(text).get("/v1/me").isStatus(401);
    served.holding(text).get("/v1/users").isStatus(401);
    with(text).get("/scim/v2/Users").isStatus(200);
    root.delete("/v1/scim-tokens/" + id).isStatus(204);
    with(text).get("/scim/v2/Users").isStatus(401);
    with(served.rootToken()).get("/scim/v2/Users").isStatus(401);
    TestResponse nobody =
        TestClient.of(URI.create("http://localhost:" + served.port()))
            .get("/scim/v2/Users")
            .isStatus(401);
    assertThat(nobody.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(nobody.text("/status")).isEqualTo("401");
  }

  @Test
  void one_issuer_at_a_time_and_never_the_users_of_another() {
    String id = user("liam@acme.example", "l-1");
    String group = send("POST", "/Groups", "{\"displayName\": \"ours\"}").isStatus(201).text("/id");
    root.post("/v1/scim-tokens", Map.of("name", "b", "issuer", "https://other.example"))
        .isProblem(409, "other_scim_issuer");
    root.delete("/v1/scim-tokens/" + root.get("/v1/scim-tokens").text("/items/0/id")).isStatus(204);
    provider = with(token("https://other.example"));
    get("/Users/" + id).isStatus(404);
    get("/Groups/" + group).isStatus(404);
    provider.delete("/scim/v2/Users/" + id).isStatus(404);
    provider.delete("/scim/v2/Groups/" + group).isStatus(404);
    assertThat(get("/Users").at("/totalResults").asInt()).isZero();
    send("POST", "/Users", "{\"userName\": \"liam@acme.example\", \"externalId\": \"l-1\"}")
        .isStatus(409);
    send("POST", "/Groups", "{\"displayName\": \"ours\"}").isStatus(409);
    send(
            "POST",
            "/Groups",
            "{\"displayName\": \"t\", \"members\": [{\"value\": \"%s\"}]}".formatted(id))
        .isStatus(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "userName co \"a\"",
        "userName eq \"a\" and externalId eq \"b\"",
        "not (userName eq \"a\")",
        "userName eq 1",
        "userName",
        "password eq \"a\"",
        "userName eq",
        "emails[type eq \"work\"].value eq \"a\"",
        "(((((userName eq \"a\"))))",
        "userName eq \"a",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"a\""
      })
  void other_filters_are_refused(String filter) {
    TestResponse refused = get("/Users?filter=" + encoded(filter)).isStatus(400);
    assertThat(refused.text("/scimType")).isEqualTo("invalidFilter");
    assertThat(refused.text("/detail")).containsAnyOf("Use one comparison", "Compare userName");
  }

  @Test
  void attributes_are_either_chosen_or_left_out() {
    String id = user("nina@acme.example", "n-1");
    String both = "?attributes=userName&excludedAttributes=emails";

    for (String path : List.of("/Users", "/Users/" + id, "/Groups")) {
      TestResponse refused = get(path + both).isStatus(400);
      assertThat(refused.text("/scimType")).isEqualTo("invalidValue");
      assertThat(refused.text("/detail")).contains("attributes or excludedAttributes");
    }
    patch("/Users/" + id + both, "[{\"op\": \"Replace\", \"path\": \"active\", \"value\": false}]")
        .isStatus(400);
    assertThat(get("/Users/" + id).at("/active").asBoolean()).isTrue();
    get("/Users?attributes=userName&excludedAttributes=").isStatus(200);
  }

  @Test
  void hostile_filters_are_bounded() {
    String terms =
        IntStream.range(0, 10_000)
            .mapToObj(n -> "userName eq \"" + n + "\"")
            .collect(Collectors.joining(" or "));
    List<String> hostile =
        List.of(
            terms.substring(0, 990),
            "(".repeat(499) + "userName eq \"a\"" + ")".repeat(480),
            "not (".repeat(190) + "id pr" + ")",
            "userName eq \"" + "a".repeat(1_500) + "\"",
            "emails[".repeat(140) + "a");
    for (String filter : hostile) {
      assertThat(get("/Users?filter=" + encoded(filter)).isStatus(400).text("/scimType"))
          .isEqualTo("invalidFilter");
    }
    assertThat(get("/Users?filter=" + encoded(terms)).status()).isBetween(400, 431);
    assertThat(
            get("/Users?filter=" + encoded("userName eq \"" + "a".repeat(900) + "\""))
                .isStatus(200)
                .at("/totalResults")
                .asInt())
        .isZero();
  }

  @Test
  void hostile_bodies_are_bounded() {
    String id = user("mia@acme.example", "m-1");
    String many = IntStream.range(0, 100_000).mapToObj(n -> "{}").collect(Collectors.joining(","));
    patch("/Users/" + id, "[" + many + "]").isStatus(400);
    String ops =
        IntStream.range(0, 1_001)
            .mapToObj(n -> "{\"op\":\"remove\",\"path\":\"name\"}")
            .collect(Collectors.joining(","));
    assertThat(patch("/Users/" + id, "[" + ops + "]").isStatus(400).text("/scimType"))
        .isEqualTo("tooMany");
    send("POST", "/Users", "{\"userName\":" + "[".repeat(5_000)).isStatus(400);
    send("POST", "/Users", "x").isStatus(400);
    send("POST", "/Users", "[]").isStatus(400);
    send("POST", "/Users", "").isStatus(400);
    send("POST", "/Users", "{\"userName\": \"a\", \"userName\": \"b\"}").isStatus(400);
    send("POST", "/Users", "{\"userName\": \"" + "a".repeat(1_100_000) + "\"}").isStatus(413);
    for (String user :
        List.of(
            "{}",
            "{\"userName\": 1}",
            "{\"userName\": \"\"}",
            "{\"userName\": \"a\\u0000\"}",
            "{\"userName\": \"n@x\", \"active\": 1}",
            "{\"userName\": \"n@x\", \"active\": \"perhaps\"}",
            "{\"userName\": \"n@x\", \"emails\": [{\"value\": \"none\"}]}",
            "{\"userName\": \"n@x\", \"externalId\": \"" + "e".repeat(256) + "\"}")) {
      assertThat(send("POST", "/Users", user).isStatus(400).text("/scimType"))
          .isEqualTo("invalidValue");
    }
    for (String operation :
        List.of(
            "{\"op\": \"move\", \"path\": \"name\"}",
            "{\"op\": \"remove\"}",
            "{\"op\": \"replace\", \"value\": 1}",
            "{\"op\": \"replace\", \"path\": \"name[[[\", \"value\": 1}",
            "{\"op\": \"remove\", \"path\": \"userName\"}",
            "{\"op\": \"replace\", \"path\": \"emails[type eq \\\"work\\\"]\", \"value\": {\"a\": [1]}}",
            "{\"op\": \"replace\", \"path\": \"name.a.b\", \"value\": 1}",
            "{\"op\": \"replace\", \"path\": \"active\", \"value\": {}}")) {
      int status = patch("/Users/" + id, "[" + operation + "]").status();
      assertThat(status).as(operation).isIn(200, 400);
    }
    assertThat(get("/Users/" + id).text("/userName")).isEqualTo("mia@acme.example");
    for (String path : List.of("members", "members[display eq \"x\"]", "members[value ne \"x\"]")) {
      String group =
          send("POST", "/Groups", "{\"displayName\": \"" + path.hashCode() + "\"}").text("/id");
      patch(
              "/Groups/" + group,
              "[{\"op\": \"add\", \"path\": \"%s\", \"value\": [\"x\"]}]"
                  .formatted(path.replace("\"", "\\\"")))
          .isStatus(400);
    }
    provider
        .send("POST", "/scim/v2/Users", BodyPublishers.ofString("{}"), "Content-Type", "text/plain")
        .isStatus(415);
    provider.send("PUT", "/scim/v2/Users", BodyPublishers.ofString("{}")).isStatus(405);
    get("/Bulk").isStatus(405);
    get("/Users/none").isStatus(404);
  }

  /** The library compares each new address with all others. */
  @Test
  void very_many_addresses_take_no_more_time_each_and_prevent_no_suspension() {
    String lots = user("lots@acme.example", "l-1");
    String off = "{\"op\": \"replace\", \"path\": \"active\", \"value\": false}";

    Duration few = fastest(() -> patch("/Users/" + lots, "[" + addresses(4_000) + "]"));
    Duration many =
        fastest(() -> patch("/Users/" + lots, "[" + addresses(24_000) + "," + off + "]"));

    assertThat(many).isLessThan(few.multipliedBy(15));
    assertThat(root.get("/v1/users/lots").at("/suspended").asBoolean()).isTrue();
  }

  private static String addresses(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> "{\"value\": \"a%05d@b.example\"}".formatted(n))
        .collect(
            Collectors.joining(",", "{\"op\": \"add\", \"path\": \"emails\", \"value\": [", "]}"));
  }

  private static Duration fastest(Supplier<TestResponse> request) {
    long fastest = Long.MAX_VALUE;
    for (int n = 0; n < 8; n++) {
      long began = System.nanoTime();
      request.get().isStatus(200);
      fastest = Math.min(fastest, System.nanoTime() - began);
    }
    return Duration.ofNanos(fastest);
  }

  @Test
  void a_long_name_is_shortened_between_its_characters() {
    String body =
        "{\"userName\": \"emo@acme.example\", \"displayName\": \"%s\"}"
            .formatted("x".repeat(199) + "\uD83D\uDE00" + "y".repeat(20));

    send("POST", "/Users", body).isStatus(201);
    assertThat(root.get("/v1/users/emo").text("/display_name"))
        .isEqualTo("x".repeat(199) + "\uD83D\uDE00");
  }

  /** People may choose their names and addresses at the identity provider. */
  @Test
  void nobody_prevents_their_suspension_by_a_name() {
    String names =
        """
        {"userName": "%s", "externalId": "%s", "active": %s, "displayName": "N\\u0007",
         "name": {"formatted": "N\\u0007"}, "emails": [{"value": "none"}]}
        """;
    String taken = user("ole@acme.example", "o-1");
    String nina = user("nina@acme.example", "n-1");
    send("PUT", "/Users/" + nina, names.formatted("nina@acme.example", "n-1", true)).isStatus(400);
    assertThat(root.get("/v1/users/nina").at("/suspended").asBoolean()).isFalse();

    send("PUT", "/Users/" + nina, names.formatted("nina@acme.example", "n-1", false)).isStatus(200);
    assertThat(root.get("/v1/users/nina").at("/suspended").asBoolean()).isTrue();

    String pia = user("pia@acme.example", "p-1");
    patch(
            "/Users/" + pia,
            "[{\"op\": \"replace\", \"value\": {\"displayName\": \"P\\u0007\", \"active\": false}}]")
        .isStatus(200);
    assertThat(root.get("/v1/users/pia").at("/suspended").asBoolean()).isTrue();

    String quin = user("quin@acme.example", "q-1");
    send("PUT", "/Users/" + quin, names.formatted("ole@acme.example", "o-1", false)).isStatus(200);
    assertThat(root.get("/v1/users/quin").at("/suspended").asBoolean()).isTrue();
    assertThat(get("/Users/" + quin).text("/userName")).isEqualTo("quin@acme.example");
    assertThat(get("/Users/" + taken).text("/userName")).isEqualTo("ole@acme.example");
    assertThat(root.get("/v1/users/ole").at("/suspended").asBoolean()).isFalse();
  }

  @Test
  void nobody_prevents_their_suspension_by_a_user_name() {
    String longName = "r".repeat(256) + "@acme.example";
    String body = "{\"userName\": \"%s\", \"externalId\": \"r-1\", \"active\": %s}";
    String rita = user("rita@acme.example", "r-1");
    send("PUT", "/Users/" + rita, body.formatted(longName, true)).isStatus(400);
    assertThat(root.get("/v1/users/rita").at("/suspended").asBoolean()).isFalse();

    send("PUT", "/Users/" + rita, body.formatted(longName, false)).isStatus(200);
    assertThat(root.get("/v1/users/rita").at("/suspended").asBoolean()).isTrue();
    assertThat(get("/Users/" + rita).text("/userName")).isEqualTo("rita@acme.example");

    String sven = user("sven@acme.example", "s-1");
    patch(
            "/Users/" + sven,
            "[{\"op\": \"replace\", \"value\": {\"userName\": \"s\\u0007\", \"active\": false}}]")
        .isStatus(200);
    assertThat(root.get("/v1/users/sven").at("/suspended").asBoolean()).isTrue();
    assertThat(get("/Users/" + sven).text("/userName")).isEqualTo("sven@acme.example");
  }

  @Test
  void pages_begin_at_1_and_are_bounded() {
    for (int n = 0; n < 5; n++) {
      user("p" + n + "@acme.example", "p-" + n);
    }
    TestResponse page = get("/Users?startIndex=2&count=2");
    assertThat(page.at("/totalResults").asInt()).isEqualTo(5);
    assertThat(page.at("/startIndex").asInt()).isEqualTo(2);
    assertThat(page.at("/Resources")).hasSize(2);
    assertThat(page.text("/Resources/0/userName")).isEqualTo("p1@acme.example");
    assertThat(get("/Users?count=0").at("/Resources")).isEmpty();
    assertThat(get("/Users?startIndex=-5&count=1000000").at("/Resources")).hasSize(5);
    assertThat(get("/Users?startIndex=2147483647").at("/Resources")).isEmpty();
    get("/Users?count=many").isStatus(400);
    assertThat(get("/Users?attributes=userName&count=1").at("/Resources/0").propertyNames())
        .containsExactly("schemas", "id", "userName");
  }

  @Test
  void the_service_describes_itself() {
    TestResponse config = get("/ServiceProviderConfig");
    assertThat(config.at("/patch/supported").asBoolean()).isTrue();
    assertThat(config.at("/bulk/supported").asBoolean()).isFalse();
    assertThat(config.at("/etag/supported").asBoolean()).isFalse();
    assertThat(get("/ResourceTypes").text("/Resources/1/endpoint")).isEqualTo("/Groups");
    assertThat(get("/Schemas").text("/Resources/0/id"))
        .isEqualTo("urn:ietf:params:scim:schemas:core:2.0:User");
    for (String list : List.of("/ResourceTypes", "/Schemas")) {
      JsonNode parts = get(list).isStatus(200).at("/Resources");
      assertThat(parts).hasSize(2);
      for (JsonNode part : parts) {
        String at = part.at("/meta/location").asString();
        assertThat(get(at.substring(at.indexOf(list))).isStatus(200).json()).isEqualTo(part);
      }
      get(list + "/Device").isStatus(404);
    }
  }

  @Test
  void what_an_identity_provider_does_is_on_record_with_its_token() {
    String id = user("noa@acme.example", "n-1");
    patch("/Users/" + id, "[{\"op\": \"replace\", \"value\": {\"active\": false}}]").isStatus(200);
    TestResponse events = root.get("/v1/audit-events?target=noa&limit=10").isStatus(200);
    assertThat(events.items("action")).contains("user.suspend", "user.create");
    assertThat(events.text("/items/0/presented_subject")).isEqualTo("scim:idp");
    root.delete("/v1/users/noa/suspension").isStatus(204);
    assertThat(get("/Users/" + id).at("/active").asBoolean()).isTrue();
    assertThat(root.get("/v1/audit-events?target=noa&limit=1").text("/items/0/action"))
        .isEqualTo("user.resume");
    assertThat(root.get("/v1/audit-events?action=scim_token.create").text("/items/0/actor"))
        .isEqualTo("root");
  }

  private String user(String userName, String externalId) {
    return send(
            "POST",
            "/Users",
            "{\"userName\": \"%s\", \"externalId\": \"%s\"}".formatted(userName, externalId))
        .isStatus(201)
        .text("/id");
  }

  private TestResponse get(String path) {
    return provider.get("/scim/v2" + path);
  }

  private TestResponse patch(String path, String operations) {
    return send("PATCH", path, PATCH.formatted(operations));
  }

  private TestResponse send(String method, String path, String body) {
    return provider.send(
        method,
        "/scim/v2" + path,
        BodyPublishers.ofString(body),
        "Content-Type",
        "application/scim+json; charset=utf-8");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
