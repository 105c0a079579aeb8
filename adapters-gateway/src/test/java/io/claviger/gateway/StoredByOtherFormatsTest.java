package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Borrowers of one key who store things at providers other than OpenAI's, each for themselves. */
class StoredByOtherFormatsTest {
  private static final String BOBS = "clv_bob";
  private static final String CAROLS = "clv_carol";
  private static final Pattern ID = Pattern.compile("\"(?:id|name)\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern NEXT = Pattern.compile("\"nextPageToken\":\"([^\"]+)\"");

  /** The id with which the page after an answer's page begins. */
  private static final Pattern LAST = Pattern.compile("\"(?:nextPageToken|last_id)\":\"([^\"]+)\"");

  @AutoClose private final Rig rig = new Rig();
  private final TestClient bob = rig.anonymous().withToken(BOBS);
  private final TestClient carol = rig.anonymous().withToken(CAROLS);

  private void lend(WireFormat format, ObjectKind... kinds) {
    TestService lent = rig.at(format).storing(kinds);
    rig.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(CAROLS, lent.calledBy(new User.Id(new UUID(1, 2))));
  }

  private static TestResponse post(TestClient who, String path, String json) {
    return who.json("POST", Rig.path(path), json);
  }

  private static String id(TestResponse answer) {
    return answer.found(ID);
  }

  private static TestResponse with(TestClient who, String method, String path, String form) {
    return who.send(
        method,
        Rig.path(path),
        form.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(form),
        "Content-Type",
        form.isEmpty() ? "application/json" : "multipart/form-data; boundary=x",
        "anthropic-version",
        "2023-06-01",
        "anthropic-beta",
        "files-api-2025-04-14");
  }

  private static TestResponse upload(TestClient who) {
    return with(
        who,
        "POST",
        "v1/files",
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
            + "Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n");
  }

  private static TestResponse get(TestClient who, String path) {
    return with(who, "GET", path, "");
  }

  private static String message(String content, String more) {
    return "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[%s]}]%s}"
        .formatted(content, more);
  }

  private static String referTo(String file) {
    return message(
        "{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"" + file + "\"}}", "");
  }

  private static TestResponse say(TestClient who, String json) {
    return who.send(
        "POST",
        Rig.path("v1/messages"),
        BodyPublishers.ofString(json),
        "Content-Type",
        "application/json",
        "anthropic-version",
        "2023-06-01");
  }

  @Test
  void anthropics_files_are_their_makers_alone() {
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES);
    String id = id(upload(bob));

    assertThat(rig.held.row(new ObjectName(ObjectKind.FILES, id)).bytes()).isEqualTo(5);
    assertThat(id(get(bob, "v1/files/" + id))).isEqualTo(id);
    assertThat(get(carol, "v1/files/" + id).status()).isEqualTo(404);
    assertThat(get(carol, "v1/files/" + id).values("x-claviger-error"))
        .containsExactly("object_not_found");
    assertThat(get(carol, "v1/files").body())
        .isEqualTo(
            "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null,"
                + "\"next_page\":null}");
    assertThat(say(bob, referTo(id)).status()).isEqualTo(200);
    assertThat(say(carol, referTo(id)).status()).isEqualTo(404);
    assertThat(with(carol, "DELETE", "v1/files/" + id, "").status()).isEqualTo(404);
    assertThat(with(bob, "DELETE", "v1/files/" + id, "").status()).isEqualTo(200);
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void anthropics_lists_are_paged_in_both_directions() {
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES);
    List<String> ids = IntStream.range(0, 5).mapToObj(i -> id(upload(bob))).toList();
    String other = id(upload(carol));

    assertThat(get(bob, "v1/files?limit=2").body())
        .contains(ids.get(4), ids.get(3))
        .doesNotContain(ids.get(2), other)
        .contains("\"has_more\":true");
    assertThat(get(bob, "v1/files?limit=2&after_id=" + ids.get(3)).body())
        .contains("\"first_id\":\"" + ids.get(2), "\"last_id\":\"" + ids.get(1));
    assertThat(get(bob, "v1/files?limit=2&before_id=" + ids.get(1)).body())
        .contains("\"first_id\":\"" + ids.get(3), "\"last_id\":\"" + ids.get(2));
    assertThat(get(bob, "v1/files?after_id=" + other).status()).isEqualTo(404);
    assertThat(get(bob, "v1/files?after_id=" + ids.get(1) + "&before_id=" + ids.get(3)).status())
        .isEqualTo(400);
  }

  /** A client that cleans up deletes each object of a page before it asks for the next page. */
  @ParameterizedTest
  @CsvSource({
    "OPENAI, VECTOR_STORES, vector_stores, after",
    "ANTHROPIC, FILES, v1/files, after_id",
    "GEMINI, CACHES, v1beta/cachedContents, pageToken"
  })
  void a_list_goes_on_behind_what_its_reader_has_deleted(
      WireFormat format, ObjectKind kind, String path, String cursor) {
    lend(format, kind);
    List<String> made =
        IntStream.range(0, 25)
            .mapToObj(
                i ->
                    id(
                        switch (format) {
                          case OPENAI -> post(bob, path, "{}");
                          case ANTHROPIC -> upload(bob);
                          default -> cache(bob);
                        }))
            .map(id -> id.replaceFirst("^cachedContents/", ""))
            .toList();
    Optional<String> after = Optional.empty();
    int pages = 0;
    do {
      String place = path + after.map(id -> "?" + cursor + "=" + id).orElse("");
      TestResponse page =
          format == WireFormat.ANTHROPIC ? get(bob, place) : bob.get(Rig.path(place));
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (String id : made.stream().filter(page.body()::contains).toList()) {
        TestResponse deleted =
            format == WireFormat.ANTHROPIC
                ? with(bob, "DELETE", path + "/" + id, "")
                : bob.delete(Rig.path(path + "/" + id));
        assertThat(deleted.status()).as(deleted.body()).isEqualTo(200);
      }
      after =
          LAST.matcher(page.body())
              .results()
              .map(found -> found.group(1))
              .filter(id -> !page.body().contains("\"has_more\":false"))
              .findFirst();
      pages++;
    } while (after.isPresent());

    assertThat(pages).isEqualTo(2);
    assertThat(rig.held.names()).isEmpty();
    assertThat(get(carol, path + "?" + cursor + "=" + made.getFirst()).status()).isEqualTo(404);
    assertThat(get(bob, path + "?" + cursor + "=never").status()).isEqualTo(404);
  }

  /** As SDKs of the API version 2026-10-21 read lists of files. */
  @Test
  void anthropics_files_are_listed_by_the_cursor_of_the_last_page_too() {
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES);
    List<String> ids = IntStream.range(0, 3).mapToObj(i -> id(upload(bob))).toList();
    String other = id(upload(carol));

    assertThat(get(bob, "v1/files?limit=2").body())
        .contains(ids.get(2), ids.get(1), "\"next_page\":\"" + ids.get(1) + "\"");
    assertThat(get(bob, "v1/files?limit=2&page=" + ids.get(1)).body())
        .contains(ids.get(0), "\"next_page\":null")
        .doesNotContain(ids.get(1));
    assertThat(get(bob, "v1/files?page=" + other).status()).isEqualTo(404);
    assertThat(get(bob, "v1/files?page=" + ids.get(1) + "&after_id=" + ids.get(1)).status())
        .isEqualTo(400);
  }

  @Test
  void anthropics_files_are_listed_by_their_ids() {
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES);
    List<String> ids = IntStream.range(0, 4).mapToObj(i -> id(upload(bob))).toList();
    String other = id(upload(carol));
    String two = "ids%5B%5D=" + ids.get(0) + "&ids%5B%5D=" + ids.get(2);

    assertThat(get(bob, "v1/files?" + two + "&ids[]=" + other).body())
        .contains(ids.get(0), ids.get(2), "\"next_page\":null")
        .doesNotContain(ids.get(1), ids.get(3), other);
    assertThat(get(bob, "v1/files?ids=" + ids.get(1) + "&ids=file_unknown").body())
        .contains(ids.get(1), "\"has_more\":false")
        .doesNotContain(ids.get(0));
    assertThat(get(bob, "v1/files?limit=1&" + two).body())
        .contains("\"next_page\":\"" + ids.get(2) + "\"");
    assertThat(get(bob, "v1/files?limit=1&page=" + ids.get(2) + "&" + two).body())
        .contains(ids.get(0), "\"next_page\":null");
    String tooMany =
        IntStream.range(0, 101).mapToObj(i -> "ids=file_" + i).collect(Collectors.joining("&"));
    assertThat(get(bob, "v1/files?" + tooMany).status()).isEqualTo(400);
    assertThat(get(bob, "v1/files?scope_id=x").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"tool_addition\",\"tool\":{\"type\":\"tool_definition\",\"definition\":%s}}",
        "{\"type\":\"compaction\",\"content\":\"t\",\"tool_changes\":[{\"type\":\"tool_addition\","
            + "\"tool\":{\"type\":\"tool_definition\",\"definition\":%s}}]}"
      })
  void a_tool_that_a_message_defines_makes_a_container_only_if_they_are_lent(String block) {
    String tool = "{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"}";
    String json = message(block.formatted(tool), "");
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES);
    TestResponse refused = say(bob, json);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.values("x-claviger-error")).containsExactly("storage_not_lent");
    assertThat(rig.stub.requests()).isEmpty();

    lend(WireFormat.ANTHROPIC, ObjectKind.FILES, ObjectKind.CONTAINERS);
    assertThat(say(bob, json).status()).isEqualTo(200);
    assertThat(rig.held.names())
        .extracting(ObjectName::kind)
        .containsExactlyInAnyOrder(ObjectKind.FILES, ObjectKind.CONTAINERS);
  }

  /** The provider would keep it under the key that everybody uses. */
  @Test
  void no_conversation_stays_at_the_provider_as_a_thread() {
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES, ObjectKind.CONTAINERS);
    String text = "{\"type\":\"text\",\"text\":\"hello\"}";
    TestResponse begun = say(bob, message(text, ",\"thread\":{\"type\":\"create\"}"));
    TestResponse continued =
        say(
            bob,
            message(
                text, ",\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"msg_01\"}"));

    assertThat(begun.status()).isEqualTo(403);
    assertThat(begun.values("x-claviger-error")).containsExactly("storage_not_lent");
    assertThat(begun.body()).contains("Leave out thread");
    assertThat(continued.status()).isEqualTo(404);
    assertThat(continued.values("x-claviger-error")).containsExactly("object_not_found");
    // With this code, SDKs send the whole conversation without a thread.
    assertThat(List.of(begun.body(), continued.body()))
        .allSatisfy(
            body ->
                assertThat(body)
                    .endsWith(
                        "\"details\":{\"error_code\":\"thread_unsupported_request\",\"unsupported\":[\"thread\"]}}}"));
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_container_that_a_message_made_is_its_makers_alone() {
    lend(WireFormat.ANTHROPIC, ObjectKind.FILES, ObjectKind.CONTAINERS);
    String tools =
        ",\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"}]";
    String text = "{\"type\":\"text\",\"text\":\"hello\"}";

    TestResponse answer = say(bob, message(text, tools));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Matcher container = Pattern.compile("container_01[A-Za-z0-9]+").matcher(answer.body());
    assertThat(container.find()).as(answer.body()).isTrue();
    String id = container.group();
    assertThat(rig.held.names()).contains(new ObjectName(ObjectKind.CONTAINERS, id));
    String again = message(text, tools + ",\"container\":\"" + id + "\"");
    assertThat(say(bob, again).status()).isEqualTo(200);
    assertThat(say(carol, again).status()).isEqualTo(404);
  }

  private static final String RUNNING_CODE =
      ",\"stream\":%s,\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"}]";

  private static final String RESULT_OF_CODE =
      "{\"type\":\"bash_code_execution_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":"
          + "{\"type\":\"bash_code_execution_result\",\"stdout\":\"\",\"stderr\":\"\","
          + "\"return_code\":0,\"content\":[{\"type\":\"bash_code_execution_output\","
          + "\"file_id\":\"%s\"}]}}";

  private static ObjectName found(ObjectKind kind, String form, TestResponse answer) {
    return new ObjectName(kind, answer.found(Pattern.compile("(" + form + "[A-Za-z0-9]{22})")));
  }

  /** Messages are stateless, so each further request repeats the blocks of the answers. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_file_that_a_lent_container_made_can_be_sent_back_by_its_maker_alone(boolean stream) {
    lend(WireFormat.ANTHROPIC, ObjectKind.CONTAINERS);
    String tools = RUNNING_CODE.formatted(stream);

    TestResponse answer = say(bob, message("{\"type\":\"text\",\"text\":\"hi\"}", tools));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains(stream ? "message_stop" : "end_turn");
    ObjectName container = found(ObjectKind.CONTAINERS, "container_01", answer);
    ObjectName file = found(ObjectKind.FILES, "file_01", answer);
    assertThat(rig.held.names()).containsExactlyInAnyOrder(container, file);
    String next = message(RESULT_OF_CODE.formatted(file.id()), tools);
    assertThat(say(bob, next).status()).isEqualTo(200);
    TestResponse refused = say(carol, next);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.values("x-claviger-error")).containsExactly("object_not_found");
    assertThat(get(bob, "v1/files/" + file.id()).status()).isEqualTo(404);
  }

  @Test
  void a_file_that_code_made_beyond_the_quota_is_left_to_be_deleted() {
    lend(WireFormat.ANTHROPIC, ObjectKind.CONTAINERS);
    rig.held.answer(Recorded.FULL, ObjectKind.FILES);

    TestResponse answer =
        say(bob, message("{\"type\":\"text\",\"text\":\"hi\"}", RUNNING_CODE.formatted(false)));

    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("too_many_objects");
    assertThat(rig.held.orphans)
        .extracting(each -> each.name().kind())
        .containsExactly(ObjectKind.FILES);
    assertThat(rig.held.names())
        .extracting(ObjectName::kind)
        .containsExactly(ObjectKind.CONTAINERS);
  }

  @Test
  void a_message_that_breaks_off_says_so_and_its_container_is_recorded() {
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
            + "{\"id\":\"msg_1\",\"container\":{\"id\":\"container_01\"},\"content\":[";
    try (RawProvider provider = new RawProvider(answer, true)) {
      rig.authorizer.grant(
          BOBS,
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.ANTHROPIC)
              .storing(ObjectKind.CONTAINERS)
              .calledBy(new User.Id(new UUID(1, 1))));

      TestResponse broken =
          say(bob, message("{\"type\":\"text\",\"text\":\"hi\"}", RUNNING_CODE.formatted(false)));

      assertThat(broken.status()).isEqualTo(502);
      assertThat(broken.values("x-claviger-error")).containsExactly("provider_broke_off");
      assertThat(rig.held.names())
          .containsExactly(new ObjectName(ObjectKind.CONTAINERS, "container_01"));
    }
  }

  private static final String CACHE =
      "{\"model\":\"models/gemini-2.5-flash\",\"contents\":[{\"parts\":[{\"text\":\"long\"}]}]%s}";

  private static TestResponse cache(TestClient who) {
    return post(who, "v1beta/cachedContents", CACHE.formatted(""));
  }

  private static String using(String cache) {
    return "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],\"cachedContent\":\"" + cache + "\"}";
  }

  @Test
  void geminis_caches_are_their_makers_alone() {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);
    String name = id(cache(bob));
    String generate = "v1beta/models/gemini-2.5-flash:generateContent";

    String id = name.replaceFirst("^cachedContents/", "");
    assertThat(rig.held.names()).containsExactly(new ObjectName(ObjectKind.CACHES, id));
    assertThat(rig.held.row(new ObjectName(ObjectKind.CACHES, id)).expiresAt()).isPresent();
    assertThat(id(bob.get(Rig.path("v1beta/" + name)))).isEqualTo(name);
    assertThat(post(bob, generate, using(name)).status()).isEqualTo(200);
    TestResponse refused = post(carol, generate, using(name));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.body())
        .isEqualTo(post(carol, generate, using("cachedContents/nosuchcache12345")).body());
    assertThat(carol.get(Rig.path("v1beta/" + name)).status()).isEqualTo(404);
    assertThat(carol.get(Rig.path("v1beta/cachedContents")).body()).isEqualTo("{}");
    assertThat(carol.delete(Rig.path("v1beta/" + name)).status()).isEqualTo(404);
    assertThat(bob.delete(Rig.path("v1beta/" + name)).status()).isEqualTo(200);
    assertThat(post(bob, generate, using(name)).status()).isEqualTo(404);
  }

  @Test
  void a_cache_is_made_for_allowed_models_alone_and_its_tokens_are_counted() {
    TestService lent = rig.at(WireFormat.GEMINI).storing(ObjectKind.CACHES);
    rig.authorizer.grant(BOBS, lent.allowing("gemini-2.5-*").calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(
        CAROLS, lent.allowing("gemini-1.5-*").calledBy(new User.Id(new UUID(1, 2))));

    TestResponse refused = cache(carol);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertThat(post(bob, "v1beta/cachedContents", "{\"contents\":[]}").values("x-claviger-error"))
        .containsExactly("model_not_readable");
    assertThat(rig.stub.requests()).isEmpty();

    TestResponse made = cache(bob);
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    Matcher tokens = Pattern.compile("\"totalTokenCount\"\\s*:\\s*(\\d+)").matcher(made.body());
    assertThat(tokens.find()).isTrue();
    RecordedUse used = rig.events.awaitFinished(3).used().orElseThrow();
    assertThat(used.model()).isEqualTo(UsageModel.called("gemini-2.5-flash"));
    assertThat(used.counts().inputTokens()).isEqualTo(Long.parseLong(tokens.group(1)));
    assertThat(used.counts().outputTokens()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CachedContents/%s",
        "cachedContents/%s ",
        "cachedContents//%s",
        "%s",
        "projects/p/cachedContents/%s",
        "files/%s",
        "cachedContents/../cachedContents/%s"
      })
  void another_spelling_of_a_cache_is_refused(String spelling) {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);
    String id = id(cache(bob)).replaceFirst("^cachedContents/", "");
    int sent = rig.stub.requests().size();

    TestResponse answer =
        post(bob, "v1beta/models/gemini-2.5-flash:generateContent", using(spelling.formatted(id)));

    assertThat(answer.status()).isIn(403, 404);
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  /** Google answers 403 for what does not exist, and also if it refuses the key. */
  @Test
  void geminis_list_fails_if_the_key_is_refused_for_all_its_objects() {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);
    List<String> names = IntStream.range(0, 2).mapToObj(i -> id(cache(bob))).toList();
    rig.stub.respondNextWith(Behaviour.named("stub-status-403"));

    TestResponse one = bob.get(Rig.path("v1beta/cachedContents"));
    assertThat(one.status()).isEqualTo(200);
    assertThat(names).filteredOn(one.body()::contains).hasSize(1);
    names.forEach(each -> rig.stub.respondNextWith(Behaviour.named("stub-status-403")));
    assertThat(bob.get(Rig.path("v1beta/cachedContents")).body())
        .as("the provider lists objects with the key, so these are gone")
        .isEqualTo("{\"cachedContents\":[]}");
    names.forEach(each -> rig.stub.respondNextWith(Behaviour.named("stub-status-403")));
    rig.stub.respondNextWith(Behaviour.named("stub-status-403"));
    TestResponse none = bob.get(Rig.path("v1beta/cachedContents"));

    assertThat(none.status()).isEqualTo(502);
    assertThat(none.values("x-claviger-error")).containsExactly("provider_answer_unusable");
  }

  /** Google's client for Python fails on an empty page, even if it is the last one. */
  @Test
  void geminis_lists_announce_only_a_page_that_has_an_object() {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);
    User.Id holder = new User.Id(new UUID(1, 1));
    IntStream.range(0, 5)
        .forEach(i -> rig.held.hold(new ObjectName(ObjectKind.CACHES, "first" + i), holder));
    String last = id(cache(bob));
    IntStream.range(0, 5)
        .forEach(i -> rig.held.hold(new ObjectName(ObjectKind.CACHES, "gone" + i), holder));
    String first = id(cache(bob));

    String page = bob.get(Rig.path("v1beta/cachedContents?pageSize=1")).body();
    Matcher token = NEXT.matcher(page);
    assertThat(page).contains(first).doesNotContain(last);
    assertThat(token.find()).as(page).isTrue();
    String next =
        bob.get(Rig.path("v1beta/cachedContents?pageSize=1&pageToken=" + token.group(1))).body();
    assertThat(next).contains(last).doesNotContain("nextPageToken");
  }

  @Test
  void a_page_of_geminis_does_not_fail_if_nobody_can_say_whether_another_one_follows() {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);
    String unused = id(cache(bob));
    String first = id(cache(bob));
    rig.authorizer.countingFurther(
        more ->
            Optional.of(
                new AuthorizationOutcome.Refused(
                    CallRefusal.RATE_LIMITED, Optional.empty(), Optional.empty())));

    TestResponse page = bob.get(Rig.path("v1beta/cachedContents?pageSize=1"));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains(first, "nextPageToken");
  }

  @Test
  void geminis_lists_have_tokens_for_the_next_page() {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);
    List<String> names = IntStream.range(0, 3).mapToObj(i -> id(cache(bob))).toList();
    cache(carol);

    TestResponse first = bob.get(Rig.path("v1beta/cachedContents?pageSize=2"));
    assertThat(first.body()).contains(names.get(2), names.get(1)).doesNotContain(names.get(0));
    Matcher token = NEXT.matcher(first.body());
    assertThat(token.find()).isTrue();
    TestResponse second =
        bob.get(Rig.path("v1beta/cachedContents?pageSize=2&pageToken=" + token.group(1)));
    assertThat(second.body()).contains(names.get(0)).doesNotContain("nextPageToken", names.get(1));
    assertThat(carol.get(Rig.path("v1beta/cachedContents?pageToken=" + token.group(1))).status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"cachedContents/mine\",\"model\":\"models/m\",\"contents\":[]}",
        "{\"model\":\"models/m\" , \"name\" : \"cachedContents/mine\"}",
        "{\"model\":\"models/m\",\"name\":\"x\",\"contents\":[{\"parts\":[{\"text\":\"a\"}]}]}"
      })
  void a_name_of_the_callers_choice_is_left_out(String json) {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);

    assertThat(post(bob, "v1beta/cachedContents", json).status()).isEqualTo(200);

    String sent = rig.stub.requests().getLast().text();
    assertThat(sent).doesNotContain("name", "mine").contains("\"model\":\"models/m\"");
  }

  @Test
  void two_names_are_refused() {
    lend(WireFormat.GEMINI, ObjectKind.CACHES);

    TestResponse answer =
        post(
            bob, "v1beta/cachedContents", "{\"name\":\"a\",\"model\":\"models/m\",\"name\":\"b\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(rig.stub.requests()).isEmpty();
  }
}
