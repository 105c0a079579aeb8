package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.objects.port.ObjectLists;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.AStoredFile;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What borrowers stored with the key of a service, and what its owner shares of the account. */
class StoredObjectsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String OBJECTS = SERVICE + "/objects";
  private static final String SHARED = SERVICE + "/shared-objects";
  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");
  private int places;

  @BeforeEach
  void start() {
    alice
        .put(SERVICE, Map.of("definition", "_system/gemini-chat", "api_key", "sk-0123456789"))
        .isStatus(201);
    for (String user : List.of("bob", "carol")) {
      alice.put(SERVICE + "/shares/" + user, Map.of("role", "reader")).isStatus(201);
    }
  }

  @Test
  void the_owner_sees_what_everybody_stored_and_others_see_their_own() {
    store("bob", bob, "file-1", ObjectKind.FILES);
    store("carol", carol, "file-2", ObjectKind.FILES);
    store("bob", bob, "cache-3", ObjectKind.CACHES);

    assertThat(ids(alice, OBJECTS)).containsExactly("cache-3", "file-2", "file-1");
    assertThat(ids(alice, OBJECTS + "?kind=files")).containsExactly("file-2", "file-1");
    assertThat(ids(alice, OBJECTS + "?user=bob&kind=files")).containsExactly("file-1");
    assertThat(ids(bob, "/v1/me/objects")).containsExactly("cache-3", "file-1");
    assertThat(ids(bob, "/v1/me/objects?kind=caches")).containsExactly("cache-3");
    assertThat(ids(alice, "/v1/me/objects")).isEmpty();
    JsonNode file = alice.get(OBJECTS + "?user=carol").json().at("/items/0");
    assertThat(file.at("/service").asString()).isEqualTo("alice/x");
    assertThat(file.at("/holder").asString()).isEqualTo("carol");
    assertThat(file.at("/bytes").asLong()).isEqualTo(1_024);
    bob.get(OBJECTS).isProblem(403, "forbidden");
    alice.get(OBJECTS + "?kind=prompts").isProblem(422, "invalid_value");
  }

  @Test
  void the_audit_trail_says_with_whom_an_object_was_shared() {
    String file = SHARED + "/files/file-1";
    alice.put(file, Map.of("borrowers", List.of("carol", "bob"))).isStatus(201);
    alice.put(file, Map.of("access", "read")).isStatus(200);
    alice.delete(file).isStatus(204);

    JsonNode events = alice.get("/v1/audit-events?action=object.share").at("/items");
    assertThat(events.findValuesAsString("field"))
        .containsExactly("access", "borrowers", "access", "borrowers", "access", "borrowers");
    assertThat(events.toString())
        .contains(
            "{\"field\":\"borrowers\",\"before\":null,\"after\":\"bob, carol\"}",
            "{\"field\":\"borrowers\",\"before\":\"bob, carol\",\"after\":\"all\"}",
            "{\"field\":\"access\",\"before\":\"read\",\"after\":null}");
  }

  @Test
  void members_of_a_project_see_what_it_holds_and_who_made_it() {
    String project = "/v1/projects/alice/p";
    alice.put(project, Map.of("service", "alice/x")).isStatus(201);
    alice.put(project + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    UUID id = UUID.fromString(alice.get(project).text("/id"));
    UUID service = UUID.fromString(alice.get(SERVICE).text("/id"));
    UUID maker = UUID.fromString(bob.get("/v1/users/bob").text("/id"));
    served
        .ports()
        .storedObjects()
        .add(
            AStoredFile.of(service, "file-p").heldBy(maker, "bob").throughProject(id).at(++places));
    store("bob", bob, "file-of-bob", ObjectKind.FILES);

    for (Client member : List.of(alice, bob)) {
      assertThat(ids(member, project + "/objects")).containsExactly("file-p");
    }
    assertThat(ids(alice, project + "/objects?kind=caches")).isEmpty();
    assertThat(alice.get(project + "/objects").text("/items/0/user")).isEqualTo("bob");
    assertThat(alice.get(project + "/objects").text("/items/0/holder")).isEqualTo("alice/p");
    assertThat(ids(bob, "/v1/me/objects")).containsExactly("file-of-bob");
    carol.get(project + "/objects").isProblem(404, "not_found");
    served.root().get(project + "/objects").isProblem(403, "forbidden");
    alice.delete(project + "/shares/bob").isStatus(204);
    bob.get(project + "/objects").isProblem(404, "not_found");
    assertThat(ids(alice, project + "/objects")).containsExactly("file-p");
  }

  @Test
  void a_member_who_does_not_see_the_service_does_not_learn_its_name() {
    String project = "/v1/projects/alice/p";
    Client dave = served.user("dave");
    alice.put(project, Map.of("service", "alice/x")).isStatus(201);
    for (String user : List.of("bob", "dave")) {
      alice.put(project + "/shares/" + user, Map.of("role", "reader")).isStatus(201);
    }
    UUID id = UUID.fromString(alice.get(project).text("/id"));
    UUID service = UUID.fromString(alice.get(SERVICE).text("/id"));
    UUID maker = UUID.fromString(dave.get("/v1/users/dave").text("/id"));
    served
        .ports()
        .storedObjects()
        .add(
            AStoredFile.of(service, "file-p")
                .heldBy(maker, "dave")
                .throughProject(id)
                .at(++places));

    assertThat(bob.get(project + "/objects").text("/items/0/service")).isEqualTo("alice/x");
    assertThat(dave.get(project).json().at("/service").isNull()).isTrue();
    assertThat(dave.get(project + "/objects").text("/items/0/service")).isEqualTo("alice/p");
  }

  @Test
  void a_member_learns_no_name_of_a_service_that_their_project_used_before() {
    String project = "/v1/projects/alice/p";
    Client dave = served.user("dave");
    String second = "/v1/llm-services/alice/y";
    alice
        .put(second, Map.of("definition", "_system/gemini-chat", "api_key", "sk-0123456789"))
        .isStatus(201);
    alice.put(second + "/shares/dave", Map.of("role", "reader")).isStatus(201);
    alice.put(project, Map.of("service", "alice/y")).isStatus(201);
    alice.put(project + "/shares/dave", Map.of("role", "reader")).isStatus(201);
    UUID maker = UUID.fromString(dave.get("/v1/users/dave").text("/id"));
    served
        .ports()
        .storedObjects()
        .add(
            AStoredFile.of(UUID.fromString(alice.get(SERVICE).text("/id")), "file-p")
                .heldBy(maker, "dave")
                .throughProject(UUID.fromString(alice.get(project).text("/id")))
                .at(++places));

    assertThat(dave.get(project).text("/service")).isEqualTo("alice/y");
    assertThat(dave.get(project + "/objects").text("/items/0/service")).isEqualTo("alice/p");
    assertThat(alice.get(project + "/objects").text("/items/0/service")).isEqualTo("alice/x");
  }

  @Test
  void whoever_holds_an_object_deletes_it_without_the_name_of_the_service() {
    store("bob", bob, "file-1", ObjectKind.FILES);
    store("bob", bob, "file-2", ObjectKind.FILES);
    alice.delete(SERVICE + "/shares/bob").isStatus(204);
    String own = "/v1/me/objects/files/";

    carol.delete(own + "file-1").isProblem(404, "not_found");
    alice.delete(own + "file-1").isProblem(404, "not_found");
    bob.delete("/v1/me/objects/batches/file-1").isProblem(404, "not_found");
    bob.delete(own + "file-1").isStatus(204);
    bob.delete(own + "file-1").isProblem(404, "not_found");
    assertThat(ids(bob, "/v1/me/objects")).containsExactly("file-2");

    UUID other = UUID.randomUUID();
    UUID holder = UUID.fromString(bob.get("/v1/users/bob").text("/id"));
    served
        .ports()
        .storedObjects()
        .add(AStoredFile.of(other, "file-2").heldBy(holder, "bob").at(++places));
    bob.delete(own + "file-2").isProblem(409, "object_in_several_services");
    assertThat(ids(bob, "/v1/me/objects")).hasSize(2);
  }

  @Test
  void how_an_object_is_shared_can_be_read_edited_and_sent_back() {
    String file = SHARED + "/files/file-1";
    Map<String, Object> read =
        new HashMap<>(
            Map.of("kind", "files", "id", "file-1", "access", "read", "borrowers", List.of("bob")));
    JsonNode shared = alice.put(file, read).isStatus(201).json();
    read.put("shared_by", shared.at("/shared_by").asString());
    read.put("shared_at", shared.at("/shared_at").asString());
    read.put("access", "refer");

    assertThat(alice.put(file, read).isStatus(200).text("/access")).isEqualTo("refer");
    read.put("id", "file-2");
    alice.put(file, read).hasFaults("/id read_only");
  }

  @Test
  void long_lists_come_in_pages() {
    List<String> stored = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      store("bob", bob, "file-" + i, ObjectKind.FILES);
      alice.put(SHARED + "/prompts/prompt-" + i, Map.of()).isStatus(201);
      stored.addFirst("file-" + i);
    }

    assertThat(inPages(alice, OBJECTS)).isEqualTo(stored);
    assertThat(inPages(bob, "/v1/me/objects")).isEqualTo(stored);
    assertThat(inPages(alice, SHARED)).hasSize(7).doesNotHaveDuplicates().isSorted();
    for (String list : List.of(OBJECTS, SHARED)) {
      alice.get(list + "?cursor=AAAA").isProblem(422, "invalid_value");
    }
  }

  @ParameterizedTest
  @CsvSource({"abc, abc", "file-0Ab1, file-0Ab1", "a%2Bb%3F, a+b?"})
  void an_object_is_named_by_its_kind_and_id(String written, String id) {
    store("bob", bob, id, ObjectKind.FILES);

    carol.delete(OBJECTS + "/files/" + written).isProblem(404, "not_found");
    alice.put(SHARED + "/files/" + written, Map.of()).isProblem(409, "object_held");
    bob.delete(OBJECTS + "/files/" + written).isStatus(204);
    bob.delete(OBJECTS + "/files/" + written).isProblem(404, "not_found");
    assertThat(ids(bob, "/v1/me/objects")).isEmpty();

    TestResponse shared = alice.put(SHARED + "/files/" + written, Map.of()).isStatus(201);
    assertThat(shared.header("Location")).isEqualTo(SHARED + "/files/" + written);
    assertThat(shared.text("/id")).isEqualTo(id);
    alice.get(shared.header("Location")).isStatus(200);
    assertThat(ids(alice, SHARED)).containsExactly(id);
    alice.delete(SHARED + "/files/" + written).isStatus(204);
    alice.delete(SHARED + "/files/" + written).isProblem(404, "not_found");
  }

  @Test
  void owners_delete_what_borrowers_stored_on_record() {
    store("bob", bob, "file-1", ObjectKind.FILES);

    alice.delete(OBJECTS + "/batches/file-1").isProblem(404, "not_found");
    alice.delete(OBJECTS + "/files/file-1").isStatus(204);

    TestResponse events = alice.get("/v1/audit-events?action=object.delete");
    assertThat(events.at("/items").size()).isEqualTo(2);
    assertThat(events.at("/items/0/fields").toString()).isEqualTo("[\"files\",\"file-1\"]");
  }

  @Test
  void who_lost_their_share_still_deletes_what_they_hold_and_nothing_else() {
    store("bob", bob, "file-1", ObjectKind.FILES);
    store("carol", carol, "file-2", ObjectKind.FILES);
    alice.delete(SERVICE + "/shares/bob").isStatus(204);
    bob.get(SERVICE).isProblem(404, "not_found");

    assertThat(ids(bob, "/v1/me/objects")).containsExactly("file-1");
    bob.delete(OBJECTS + "/files/file-2").isProblem(404, "not_found");
    bob.delete("/v1/llm-services/alice/other/objects/files/file-1").isProblem(404, "not_found");
    bob.delete(OBJECTS + "/files/file-1").isStatus(204);
    bob.delete(OBJECTS + "/files/file-1").isProblem(404, "not_found");
    assertThat(ids(bob, "/v1/me/objects")).isEmpty();
    assertThat(ids(alice, OBJECTS)).containsExactly("file-2");
    assertThat(alice.get("/v1/audit-events?action=object.delete").at("/items/0/fields").toString())
        .isEqualTo("[\"files\",\"file-1\"]");
  }

  @Test
  void a_token_for_a_project_alone_lists_nothing_that_its_user_holds() {
    alice.put("/v1/projects/alice/p", Map.of("service", "alice/x")).isStatus(201);
    store("alice", alice, "file-1", ObjectKind.FILES);
    for (Map<String, Object> one :
        List.<Map<String, Object>>of(
            Map.of("project", "alice/p", "limits", Map.of("objects", "user")),
            Map.of("service", "alice/x", "limits", Map.of("objects", "user")))) {
      Map<String, Object> wanted = new HashMap<>(one);
      wanted.put("name", "t");
      String token = alice.post("/v1/users/alice/tokens", wanted).isStatus(201).text("/token");
      assertThat(ids(served.holding(token), "/v1/me/objects"))
          .hasSize(one.containsKey("project") ? 0 : 1);
    }
  }

  @Test
  void owners_alone_take_an_object_from_the_record_and_leave_it_at_the_provider() {
    store("bob", bob, "file-1", ObjectKind.FILES);
    String left = OBJECTS + "/files/file-1?at_provider=false";

    bob.delete(left).isProblem(403, "forbidden");
    served.user("dora").delete(left).isProblem(404, "not_found");
    alice.delete(OBJECTS + "/files/file-1?at_provider=no").isProblem(422, "invalid_value");
    assertThat(ids(bob, "/v1/me/objects")).containsExactly("file-1");
    alice.delete(left).isStatus(204);
    alice.delete(left).isProblem(404, "not_found");
    assertThat(ids(bob, "/v1/me/objects")).isEmpty();
    assertThat(alice.get("/v1/audit-events?action=object.delete").body())
        .contains("[\"files\",\"file-1\",\"record\"]");
  }

  @Test
  void a_co_owner_shares_what_they_hold_and_nothing_that_nobody_holds() {
    Client dora = served.user("dora");
    alice.put(SERVICE + "/shares/dora", Map.of("role", "owner")).isStatus(201);
    store("bob", bob, "file-1", ObjectKind.FILES);
    store("dora", dora, "file-2", ObjectKind.FILES);

    dora.put(SHARED + "/files/file-1", Map.of("access", "read")).isProblem(409, "object_held");
    dora.delete(OBJECTS + "/files/file-1?at_provider=false").isStatus(204);
    dora.put(SHARED + "/files/file-1", Map.of("access", "read")).isProblem(403, "forbidden");
    assertThat(ids(dora, SHARED)).isEmpty();
    dora.put(SHARED + "/files/file-2", Map.of()).isStatus(201);
    alice.put(SHARED + "/files/file-1", Map.of()).isStatus(201);
    dora.put(SHARED + "/files/file-1", Map.of("access", "read")).isProblem(403, "forbidden");
    assertThat(alice.get(SHARED + "/files/file-1").text("/access")).isEqualTo("refer");
    dora.delete(SHARED + "/files/file-1").isStatus(204);
  }

  @Test
  void a_narrow_token_deletes_nothing() {
    store("bob", bob, "file-1", ObjectKind.FILES);
    for (Client client : List.of(alice, bob)) {
      TestResponse narrow = client.post("/v1/me/tokens/narrow", Map.of("name", "n")).isStatus(201);
      served
          .holding(narrow.text("/token"))
          .delete(OBJECTS + "/files/file-1")
          .isProblem(403, "forbidden");
    }
  }

  @Test
  void the_ledger_is_compared_with_what_the_provider_lists() {
    store("bob", bob, "file-1", ObjectKind.FILES);
    String path = SERVICE + "/reconciliation/";

    JsonNode found = alice.post(path + "files").isStatus(200).json();
    assertThat(found.at("/unrecorded").toString()).isEqualTo("[\"made-elsewhere\"]");
    assertThat(found.at("/missing").toString()).isEqualTo("[\"file-1\"]");
    assertThat(ids(alice, OBJECTS)).containsExactly("file-1");
    alice.post(path + "caches").isProblem(409, "list_not_readable");
    alice.post(path + "conversations").isProblem(422, "not_allowed");
    for (String wrong : List.of("nothing", "prompts")) {
      alice.post(path + wrong).hasFaults("/kind invalid_value");
    }
    bob.post(path + "files").isProblem(403, "forbidden");
    alice.patch(SERVICE, Map.of("enabled", false)).isStatus(200);
    alice.post(path + "files").isProblem(409, "service_not_callable");
  }

  @Test
  void what_is_on_record_counts_as_recorded_also_beyond_the_longest_list() {
    UUID service = UUID.fromString(alice.get(SERVICE).text("/id"));
    for (int i = 0; i <= ObjectLists.MOST; i++) {
      served.ports().storedObjects().add(AStoredFile.of(service, "file-" + i).at(++places));
    }
    served.ports().storedObjects().add(AStoredFile.of(service, "made-elsewhere").at(++places));

    JsonNode found = alice.post(SERVICE + "/reconciliation/files").isStatus(200).json();

    assertThat(found.at("/unrecorded_count").asInt()).isZero();
    assertThat(found.at("/complete").asBoolean()).isFalse();
    assertThat(found.at("/missing_count").asInt()).isZero();
  }

  @Test
  void sharing_is_replaced_and_says_with_whom() {
    Map<String, Object> some = Map.of("access", "read", "borrowers", List.of("carol", "bob"));
    Map<String, Object> all = new HashMap<>();
    all.put("borrowers", null);

    JsonNode first = alice.put(SHARED + "/files/file-1", some).isStatus(201).json();
    assertThat(first.at("/borrowers").toString()).isEqualTo("[\"bob\",\"carol\"]");
    assertThat(first.at("/access").asString()).isEqualTo("read");
    JsonNode second = alice.put(SHARED + "/files/file-1", all).isStatus(200).json();
    assertThat(second.at("/borrowers").isNull()).isTrue();
    assertThat(second.at("/access").asString()).isEqualTo("refer");
    assertThat(second.at("/shared_by").asString()).isEqualTo("alice");
    bob.get(SHARED + "/files/file-1").isProblem(403, "forbidden");
    alice.put(SHARED + "/files/file-1", Map.of("applied_by", "lab")).isStatus(200);
    assertThat(alice.put(SHARED + "/files/file-1", Map.of()).text("/applied_by")).isEqualTo("lab");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/batches/b-1    | {}                         | /kind",
        "/nothing/b-1    | {}                         | /kind",
        "/files/a%20b    | {}                         | /id",
        "/files/a%C3%A4  | {}                         | /id",
        "/files/f        | {\"access\": \"write\"}    | /access",
        "/files/f        | {\"access\": null}         | /access",
        "/files/f        | {\"borrowers\": []}        | /borrowers",
        "/files/f        | {\"borrowers\": [\"nobody\"]} | /borrowers",
        "/files/f        | {\"borrowers\": [\"No one\"]} | /borrowers/0",
        "/files/f        | {\"lent\": true}           | /lent"
      })
  void what_can_not_be_shared_is_refused_with_its_place(String path, String body, String pointer) {
    TestResponse refused = alice.json("PUT", SHARED + path, body);

    assertThat(refused.isStatus(422).text("/errors/0/pointer")).isEqualTo(pointer);
    assertThat(ids(alice, SHARED)).isEmpty();
  }

  @Test
  void a_share_narrows_what_the_service_lends_and_can_not_widen_it() {
    String share = SERVICE + "/shares/bob";
    Map<String, Object> files =
        Map.of(
            "role",
            "reader",
            "limits",
            Map.of("storage", List.of("files"), "max_objects", 5, "max_bytes", 1_000));
    alice.put(share, files).hasFaults("/limits/storage not_allowed");
    alice.patch(SERVICE, Map.of("storage", List.of("files", "caches"))).isStatus(200);

    TestResponse lent = alice.put(share, files).isStatus(200);
    assertThat(lent.at("/limits/storage").toString()).isEqualTo("[\"files\"]");
    assertThat(lent.at("/limits/max_objects").asInt()).isEqualTo(5);
    assertThat(bob.get(SERVICE).at("/my_limits/max_bytes").asInt()).isEqualTo(1_000);
    alice
        .patch(share, Map.of("limits", Map.of("storage", List.of("batches"))))
        .hasFaults("/limits/storage not_allowed");
    alice
        .patch(share, Map.of("limits", Map.of("storage", List.of("prompts"), "max_objects", 0)))
        .hasFaults("/limits/storage/0 invalid_value", "/limits/max_objects invalid_value");
  }

  @Test
  void another_key_needs_an_answer_where_something_is_stored() {
    Map<String, Object> key =
        Map.of("api_key", "sk-9876543210", "endpoint", alice.get(SERVICE).text("/endpoint"));
    alice.patch(SERVICE, key).isStatus(200);
    store("bob", bob, "file-1", ObjectKind.FILES);
    alice.put(SHARED + "/prompts/prompt-1", Map.of()).isStatus(201);

    alice.patch(SERVICE, key).hasFaults("/same_account required");
    alice
        .json("PATCH", SERVICE, "{\"custom_headers\": {\"X-Team\": \"a\"}, \"api_key\": null}")
        .hasFaults("/same_account required");
    alice
        .json("PATCH", SERVICE, "{\"same_account\": \"yes\"}")
        .hasFaults("/same_account wrong_type");
    alice.patch(SERVICE, Map.of("display_name", "X", "same_account", false)).isStatus(200);
    alice.patch(SERVICE, with(key, true)).isStatus(200);
    assertThat(ids(alice, OBJECTS)).containsExactly("file-1");

    assertThat(alice.patch(SERVICE, with(key, false)).isStatus(200).json().has("same_account"))
        .isFalse();
    assertThat(ids(alice, OBJECTS)).isEmpty();
    assertThat(ids(alice, SHARED)).isEmpty();
    assertThat(ids(bob, "/v1/me/objects")).isEmpty();
    assertThat(alice.get("/v1/audit-events?action=service.update").text("/items/0/fields/0"))
        .isEqualTo("stored_objects");
  }

  private static Map<String, Object> with(Map<String, Object> key, boolean sameAccount) {
    Map<String, Object> all = new HashMap<>(key);
    all.put("same_account", sameAccount);
    return all;
  }

  @Test
  void hostile_names_are_not_found() {
    for (String id : List.of("%00", "%20", "a".repeat(513), "%2e%2e%2f", "a%2F%2Fb")) {
      assertThat(alice.delete(OBJECTS + "/files/" + id).status()).isIn(400, 404);
    }
    alice.delete(OBJECTS + "/nothing/abc").isProblem(404, "not_found");
  }

  private void store(String handle, Client client, String id, ObjectKind kind) {
    UUID service = UUID.fromString(alice.get(SERVICE).text("/id"));
    UUID user = UUID.fromString(client.get("/v1/users/" + handle).text("/id"));
    places++;
    served
        .ports()
        .storedObjects()
        .add(AStoredFile.of(service, id).ofKind(kind).heldBy(user, handle).at(places));
  }

  private static List<String> ids(Client client, String list) {
    return client
        .get(list)
        .isStatus(200)
        .at("/items")
        .valueStream()
        .map(item -> item.path("id").asString())
        .toList();
  }

  private static List<String> inPages(Client client, String list) {
    List<String> ids = new ArrayList<>();
    String next = "";
    do {
      TestResponse page = client.get(list + "?limit=3" + next).isStatus(200);
      page.at("/items").forEach(item -> ids.add(item.path("id").asString()));
      JsonNode cursor = page.at("/next_cursor");
      next = cursor.isNull() ? "" : "&cursor=" + cursor.asString();
    } while (!next.isEmpty());
    return ids;
  }
}
