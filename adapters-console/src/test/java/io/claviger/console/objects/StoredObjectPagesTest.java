package io.claviger.console.objects;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What owners of a service and its borrowers see of stored objects, share and delete. */
class StoredObjectPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final Map<String, Object> SERVICE =
      Map.of("definition", "_system/openai-chat", "api_key", "sk-0123456789");
  private static final String HOSTILE = "file-<script>alert('\"&x')</script>";
  private static final AtomicLong PLACES = new AtomicLong();

  @Test
  void an_owner_sees_what_borrowers_stored_and_deletes_it_after_a_question() {
    Person owner = CONSOLE.owner("oona", SERVICE);
    Person borrower = borrower(owner, "bela");
    String page = page(owner);
    assertThat(sound(owner.open(page).isStatus(200)).body())
        .contains("Nobody has stored anything.", "None is shared.");
    store(owner, borrower, HOSTILE, ObjectKind.FILES, 1_536);
    store(owner, borrower, "vs_1", ObjectKind.VECTOR_STORES, 0);

    assertThat(owner.open("/console/services/oona/chat").body()).contains(page);
    String seen = sound(owner.open(page).isStatus(200)).body();
    assertThat(seen).contains("file-&lt;script&gt;", "bela", "1.5 KiB", "vector store", "never");
    assertThat(seen).doesNotContain("Share…");
    assertThat(owner.open(page + "?kind=files").body()).contains("file-").doesNotContain("vs_1");
    assertThat(owner.open(page + "?user=oona").body()).contains("Nothing matches.");
    assertThat(owner.open(page + "?kind=prompts").status()).isEqualTo(422);
    assertThat(sound(owner.open(page + "?user=%3Cscript%3Ealert").isStatus(422)).body())
        .contains("id=\"user-more\"><span class=\"field-error\">", "&lt;script");

    String delete = page + "/delete?kind=vector_stores&id=vs_1";
    TestResponse asked = sound(owner.open(delete).isStatus(200));
    assertThat(asked.body()).contains("vs_1", "can't be undone");
    assertThat(owner.browser().submit(asked, page + "/delete", Map.of()).header("Location"))
        .endsWith(page);
    assertThat(owner.open(page).body()).doesNotContain("vs_1");
    sound(owner.browser().submit(asked, page + "/delete", Map.of()).isStatus(404));
  }

  @Test
  void an_owner_compares_what_is_on_record_with_the_list_of_the_provider() {
    Person owner = CONSOLE.owner("orna", SERVICE);
    Person borrower = borrower(owner, "bert");
    store(owner, borrower, HOSTILE, ObjectKind.FILES, 7);
    String compare = page(owner) + "/compare";
    assertThat(owner.open(page(owner)).body()).contains("href=\"" + compare + "\"");

    TestResponse found = owner.send(compare, Map.of("kind", "files")).isStatus(200);
    assertThat(sound(found).body())
        .contains("The provider listed 1.", "<bdi>made-elsewhere</bdi>", "file-&lt;script&gt;")
        .contains("not on record: 1", "not listed by the provider: 1")
        .contains(page(owner) + "/delete?kind=files&amp;id=file-");
    assertThat(owner.open(page(owner)).body()).contains("file-&lt;script&gt;");

    for (String kind : List.of("prompts", "", "caches")) {
      assertThat(sound(owner.send(compare, Map.of("kind", kind)).isStatus(422)).body())
          .as(kind)
          .contains("role=\"alert\"");
    }
    owner.api().patch(service(owner), Map.of("enabled", false)).isStatus(200);
    assertThat(sound(owner.send(compare, Map.of("kind", "files")).isStatus(409)).body())
        .contains("role=\"alert\"");
    assertThat(borrower.open(compare).status()).isEqualTo(403);
    Map<String, String> forged =
        FormBrowser.hidden(borrower.open("/console/account"), "/console/account/tokens");
    forged.put("kind", "files");
    assertThat(borrower.browser().post(compare, forged).status()).isEqualTo(403);
    assertThat(CONSOLE.person("sid").open(compare).status()).isEqualTo(404);
  }

  @Test
  void borrowers_see_and_delete_what_they_hold_and_nothing_else() {
    Person owner = CONSOLE.owner("olaf", SERVICE);
    Person one = borrower(owner, "boris");
    Person other = borrower(owner, "birgit");
    String own = "/console/account/objects";
    assertThat(sound(one.open(own).isStatus(200)).body()).contains("You have stored nothing.");
    store(owner, one, "file-of-boris", ObjectKind.FILES, 7);
    store(owner, other, "file-of-birgit", ObjectKind.FILES, 7);

    assertThat(one.open("/console/account").body()).contains(own);
    assertThat(sound(one.open(own)).body())
        .contains("file-of-boris", "olaf/chat", "7 bytes")
        .doesNotContain("birgit");
    assertThat(one.open(own + "?kind=batches").body()).contains("Nothing of this kind.");
    assertThat(one.open(page(owner)).status()).isEqualTo(403);
    assertThat(one.open("/console/services/olaf/chat").body()).doesNotContain("/chat/objects");

    String delete = page(owner) + "/delete";
    TestResponse others = one.open(delete + "?kind=files&id=file-of-birgit&own=yes");
    sound(one.browser().submit(others, delete, Map.of()).isStatus(404));
    TestResponse mine = one.open(delete + "?kind=files&id=file-of-boris&own=yes");
    assertThat(one.browser().submit(mine, delete, Map.of()).header("Location")).endsWith(own);
    assertThat(one.open(own).body()).contains("You have stored nothing.");
    assertThat(other.open(own).body()).contains("file-of-birgit");
  }

  @Test
  void who_lost_their_share_still_deletes_what_they_hold() {
    Person owner = CONSOLE.owner("oskar", SERVICE);
    Person one = borrower(owner, "benno");
    store(owner, one, "file-of-benno", ObjectKind.FILES, 7);
    owner.api().delete(service(owner) + "/shares/benno").isStatus(204);
    String own = "/console/account/objects";
    String delete = page(owner) + "/delete";

    assertThat(one.open(delete + "?kind=files&id=file-of-benno").status()).isEqualTo(404);
    TestResponse mine = sound(one.open(delete + "?kind=files&id=file-of-benno&own=yes"));
    assertThat(one.browser().submit(mine.isStatus(200), delete, Map.of()).header("Location"))
        .endsWith(own);
    assertThat(one.open(own).body()).contains("You have stored nothing.");
  }

  @Test
  void who_may_not_know_the_service_deletes_what_they_hold_there() {
    Person owner = CONSOLE.owner("odo", SERVICE);
    Person one = CONSOLE.person("bruno");
    String own = "/console/account/objects";
    store(owner, one, "file-of-bruno", ObjectKind.FILES, 7, Optional.empty());
    TestResponse list = sound(one.open(own).isStatus(200));
    String delete = own + "/delete";

    assertThat(list.body())
        .contains("not known", delete + "?kind=files&amp;id=file-of-bruno")
        .doesNotContain("odo/chat");
    TestResponse asked = sound(one.open(delete + "?kind=files&id=file-of-bruno").isStatus(200));
    assertThat(one.browser().submit(asked, delete, Map.of()).header("Location")).endsWith(own);
    assertThat(one.open(own).body()).contains("You have stored nothing.");
    sound(one.browser().submit(asked, delete, Map.of()).isStatus(404));
  }

  @Test
  void members_of_a_project_open_what_is_stored_through_it() {
    Person owner = CONSOLE.owner("owen", SERVICE);
    owner.api().put("/v1/projects/owen/p", Map.of("service", "owen/chat")).isStatus(201);
    String page = "/console/projects/owen/p/objects";
    assertThat(owner.open("/console/projects/owen/p").body()).contains(page);
    assertThat(sound(owner.open(page).isStatus(200)).body())
        .contains("Nothing is stored through it.");
    assertThat(owner.open(page + "?kind=files").body()).contains("Nothing of this kind.");
    assertThat(owner.open(page + "?kind=prompts").status()).isEqualTo(422);
    assertThat(CONSOLE.person("nora").open(page).status()).isEqualTo(404);
  }

  @Test
  void an_owner_shares_an_object_with_some_changes_that_and_ends_it() {
    Person owner = CONSOLE.owner("orla", SERVICE);
    Person borrower = borrower(owner, "bodo");
    String page = page(owner);
    Map<String, String> some =
        Map.of("shared_kind", "vector_stores", "shared_id", "vs_9", "borrowers", "bodo");
    owner.send(page, page + "/share", some).isStatus(303);
    String listed = sound(owner.open(page)).body();
    assertThat(listed).contains("vs_9", "bodo", "refer to it", "access=refer&amp;borrowers=bodo");

    String change = page + "?shared_kind=vector_stores&shared_id=vs_9&access=refer&borrowers=bodo";
    TestResponse filled = owner.open(change).isStatus(200);
    assertThat(filled.body())
        .contains("value=\"vector_stores\" selected", "name=\"borrowers\" value=\"bodo\"");
    owner
        .browser()
        .submit(
            filled,
            page + "/share",
            Map.of("shared_kind", "vector_stores", "borrowers", "", "access", "read"))
        .isStatus(303);
    assertThat(owner.open(page).body()).contains("all borrowers", "refer to it and read it");
    owner.send(page, page + "/unshare", Map.of()).isStatus(303);
    assertThat(owner.open(page).body()).contains("None is shared.");

    store(owner, borrower, "file-held", ObjectKind.FILES, 7);
    Map<String, String> held = Map.of("shared_kind", "files", "shared_id", "file-held");
    assertThat(owner.send(page, page + "/share", held).isStatus(409).body())
        .contains("Somebody else holds this object", "value=\"file-held\"");
  }

  @Test
  void another_key_is_stored_once_somebody_says_whether_the_account_is_the_same() {
    Person owner = CONSOLE.owner("ozzy", SERVICE);
    Person borrower = borrower(owner, "bill");
    store(owner, borrower, "file-1", ObjectKind.FILES, 7);
    String page = "/console/services/ozzy/chat";

    TestResponse asked =
        owner.send(page + "/key", page + "/key", Map.of("api_key", "sk-9876543210"));
    assertThat(sound(asked.isStatus(422)).body())
        .contains("id=\"same_account-more\"><span class=\"field-error\">")
        .doesNotContain("sk-9876543210");
    Map<String, String> other = Map.of("endpoint", "https://other.example.com/v1");
    assertThat(owner.send(page + "/settings", withKey(other, "")).isStatus(422).body())
        .contains("id=\"same_account-more\"><span class=\"field-error\">");
    owner.send(page + "/key", page + "/key", withKey(Map.of(), "true")).isStatus(303);
    assertThat(owner.open(page(owner)).body()).contains("file-1");
    owner.send(page + "/settings", withKey(other, "false")).isStatus(303);
    assertThat(owner.open(page(owner)).body()).contains("Nobody has stored anything.");
    assertThat(owner.send(page + "/key", page + "/key", withKey(Map.of(), "perhaps")).status())
        .isEqualTo(422);
  }

  private static Map<String, String> withKey(Map<String, String> others, String sameAccount) {
    Map<String, String> all = new HashMap<>(others);
    all.put("api_key", "sk-9876543210");
    all.put("same_account", sameAccount);
    return all;
  }

  @Test
  void what_is_wrong_with_a_sharing_is_told_beside_the_field() {
    Person owner = CONSOLE.owner("odin", SERVICE);
    String page = page(owner);
    for (Map<String, String> wrong :
        List.of(
            Map.of("shared_id", ""),
            Map.of("shared_id", "a b"),
            Map.of("shared_id", "x".repeat(513)),
            Map.of("shared_id", "file-1", "borrowers", "nobody-there"),
            Map.of("shared_id", "file-1", "borrowers", HOSTILE),
            Map.of("shared_id", "file-1", "shared_kind", "batches"),
            Map.of("shared_id", "file-1", "shared_kind", HOSTILE))) {
      TestResponse refused = owner.send(page, page + "/share", wrong);
      assertThat(sound(refused.isStatus(422)).body()).contains("field-error");
    }
    assertThat(owner.open(page).body()).contains("None is shared.");
    for (String wrong : new String[] {"kind=no&id=x", "kind=files&id=a%20b", "kind=files", ""}) {
      assertThat(owner.open(page + "/delete?" + wrong).status()).isEqualTo(404);
    }
  }

  @Test
  void only_those_who_see_the_shares_learn_whom_an_identifier_means() {
    Person owner = CONSOLE.owner("otto", SERVICE);
    Person borrower = borrower(owner, "berta");
    String page = "/console/services/otto/chat/attribution";
    assertThat(owner.open("/console/services/otto/chat/people").body()).contains(page);
    assertThat(sound(owner.open(page).isStatus(200)).body()).contains("Identifier");
    assertThat(sound(owner.open(page + "?identifier=clv_" + "a".repeat(40)).isStatus(404)).body())
        .contains("Nobody with this identifier has called");
    assertThat(sound(owner.open(page + "?identifier=%3Cb%3E").isStatus(422)).body())
        .contains("field-error", "&lt;b");
    assertThat(borrower.open(page).status()).isEqualTo(403);
    assertThat(CONSOLE.person("nina").open(page).status()).isEqualTo(404);
  }

  private static Person borrower(Person owner, String handle) {
    Person borrower = CONSOLE.person(handle);
    owner.api().put(service(owner) + "/shares/" + handle, Map.of("role", "reader")).isStatus(201);
    return borrower;
  }

  private static String service(Person owner) {
    return "/v1/llm-services/" + owner.handle() + "/chat";
  }

  private static String page(Person owner) {
    return "/console/services/" + owner.handle() + "/chat/objects";
  }

  private static void store(Person owner, Person holder, String id, ObjectKind kind, long bytes) {
    Instance.Ref service = new Instance.Ref(new Handle(owner.handle()), new Handle("chat"));
    store(owner, holder, id, kind, bytes, Optional.of(service));
  }

  /**
   * @param known the service as the holder knows it
   */
  private static void store(
      Person owner,
      Person holder,
      String id,
      ObjectKind kind,
      long bytes,
      Optional<Instance.Ref> known) {
    UUID service = id(owner.api(), service(owner));
    UUID user = id(holder.api(), "/v1/users/" + holder.handle());
    CONSOLE
        .ports()
        .storedObjects()
        .add(
            new ListedObject(
                PLACES.incrementAndGet(),
                known,
                Optional.empty(),
                new ProviderObject(
                    service,
                    new ObjectName(kind, id),
                    Optional.of(ObjectHolder.user(user)),
                    user,
                    Set.of(),
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Optional.empty(),
                    bytes,
                    ObjectState.LIVE,
                    Optional.empty(),
                    Optional.empty()),
                Optional.of(holder.handle()),
                Optional.of(new Handle(holder.handle())),
                Optional.empty()));
  }

  private static UUID id(Client api, String path) {
    return UUID.fromString(api.get(path).text("/id"));
  }
}
