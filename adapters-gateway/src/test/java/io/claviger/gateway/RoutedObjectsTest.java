package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.accounts.User;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.routing.RoutingRank;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodySizes;
import io.claviger.stub.Behaviour;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls about stored objects on the URLs that name no service. */
@Tag("slow")
class RoutedObjectsTest {
  private static final String A = "alice/a";
  private static final String B = "alice/b";
  private static final Pattern ID = Pattern.compile("\"(?:id|name)\"\\s*:\\s*\"([^\"]+)\"");
  private static final ObjectKind[] ALL = {
    ObjectKind.FILES, ObjectKind.RESPONSES, ObjectKind.VECTOR_STORES, ObjectKind.CONVERSATIONS
  };

  @AutoClose private final Rig rig = new Rig();
  private final Map<String, TestService> services = new HashMap<>();

  /** Two services with keys of different accounts. */
  private void lend(RoutingRank first, RoutingRank second) {
    lend(A, first, WireFormat.OPENAI, ALL);
    lend(B, second, WireFormat.OPENAI, ALL);
  }

  private void lend(String name, RoutingRank rank, WireFormat format, ObjectKind... kinds) {
    TestService lent =
        rig.at(format).identified(TestRouting.target(name, "").id()).key("sk-of-" + name);
    services.put(name, kinds.length == 0 ? lent.from(KeySource.USER) : lent.storing(kinds));
    rig.routing.store(name, rank, kinds);
    rig.authorizer.answer(Rig.TOKEN, this::authorized);
  }

  private AuthorizationOutcome authorized(CallRequest call) {
    String name = ((CallTarget.Service) call.callTarget()).ref().toString();
    return new AuthorizationOutcome.Authorized(services.get(name).authorized(name));
  }

  private TestClient caller() {
    return rig.anonymous().withToken(Rig.TOKEN);
  }

  private TestResponse upload(String path, String... headers) {
    return upload(caller(), path, "hello", headers);
  }

  private static TestResponse upload(
      TestClient who, String path, String content, String... headers) {
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
            + content
            + "\r\n--x--\r\n";
    return who.with("Content-Type", "multipart/form-data; boundary=x")
        .send("POST", path, BodyPublishers.ofString(form), headers);
  }

  private TestResponse post(String path, String json) {
    return rig.client().send("POST", path, BodyPublishers.ofString(json));
  }

  private static String at(String service, String path) {
    return "/gateway/services/" + service + "/" + path;
  }

  private static String root(String path) {
    return "/gateway/openai/v1/" + path;
  }

  private static String id(TestResponse answer) {
    return answer.found(ID);
  }

  private static void assertError(TestResponse answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
  }

  /** Which services the provider saw requests of. */
  private List<String> seen() {
    return rig.stub.requests().stream()
        .map(request -> String.valueOf(request.header("authorization")))
        .map(sent -> sent.replace("Bearer sk-of-", ""))
        .toList();
  }

  @Test
  void what_is_made_goes_to_the_default_service() {
    lend(RoutingRank.OWN, RoutingRank.DEFAULT);

    TestResponse answer = upload(root("files"));

    String id = id(answer);
    assertThat(answer.values("x-claviger-service")).containsExactly(B);
    assertThat(seen()).containsExactly(B);
    assertThat(id(caller().get(root("files/" + id)))).isEqualTo(id);
    assertThat(caller().get(root("files/" + id + "/content")).body()).isEqualTo("hello");
    assertThat(caller().get(at(A, "files/" + id)).status()).isEqualTo(404);
    assertThat(id(post(root("conversations"), "{}"))).isNotEmpty();
    assertThat(caller().delete(root("files/" + id)).status()).isEqualTo(200);
    assertThat(seen()).containsOnly(B);
    assertError(caller().get(root("files/" + id)), 404, "object_not_found");
  }

  @Test
  void without_a_default_service_one_has_to_be_named_if_several_would_do() {
    lend(RoutingRank.OWN, RoutingRank.SYSTEM);

    for (TestResponse answer : List.of(upload(root("files")), post(root("conversations"), "{}"))) {
      assertError(answer, 400, "service_not_clear");
      assertThat(answer.body()).contains(A + ", " + B);
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void nothing_goes_to_a_shared_service_that_nobody_accepted() {
    lend(A, RoutingRank.BY_REFERENCE_ONLY, WireFormat.OPENAI, ALL);

    assertError(upload(root("files")), 403, "storage_not_lent");
    assertError(post(root("vector_stores"), "{\"name\":\"s\"}"), 403, "storage_not_lent");
    assertThat(rig.stub.requests()).isEmpty();

    String id = id(upload(at(A, "files")));
    assertThat(id(caller().get(root("files/" + id)))).isEqualTo(id);
    assertThat(caller().get(root("files")).body()).contains(id);
  }

  @Test
  void a_request_goes_where_what_it_refers_to_is_and_names_both_if_that_is_two() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String first = id(upload(at(A, "files")));
    String second = id(upload(at(B, "files")));
    String store = id(post(root("vector_stores"), "{\"file_ids\":[\"" + second + "\"]}"));
    String stored = "vector_stores/" + store;

    assertThat(caller().get(at(B, stored)).status()).isEqualTo(200);
    assertThat(id(caller().get(root(stored)))).isEqualTo(store);
    assertThat(
            post(root(stored + "/files"), "{\"file_id\":\"" + second + "\"}")
                .values("x-claviger-service"))
        .containsExactly(B);
    int sent = rig.stub.requests().size();
    for (TestResponse answer :
        List.of(
            post(root("vector_stores"), "{\"file_ids\":[\"" + first + "\",\"" + second + "\"]}"),
            post(root(stored + "/files"), "{\"file_id\":\"" + first + "\"}"))) {
      assertError(answer, 400, "service_not_clear");
      assertThat(answer.body()).contains(A + ", " + B);
    }
    assertError(
        post(root(stored + "/files"), "{\"file_id\":\"file-0doesnotexist00000\"}"),
        404,
        "object_not_found");
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  /**
   * Any service can get such an item, so it neither leads to a service nor binds the call to one.
   */
  @Test
  void an_item_with_its_content_goes_where_the_model_is() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    rig.routing.leadToAll("m", TestRouting.target(A, "m"), TestRouting.target(B, "m"));
    List<String> items = new ArrayList<>();
    for (String service : List.of(A, B)) {
      items.add(
          post(at(service, "responses"), "{\"model\":\"m\",\"input\":\"one\"}")
              .found(Pattern.compile("\"(msg_[^\"]+)\"")));
    }
    String next =
        """
        {"model":"m","store":false,"input":[{"id":"%s","role":"assistant","content":"a"},\
        {"id":"%s","role":"assistant","content":"b"}]}"""
            .formatted(items.get(1), items.get(0));

    TestResponse answer = post(root("responses"), next);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.values("x-claviger-service")).containsExactly(A);
    assertThat(rig.stub.requests().getLast().text())
        .contains(items.get(0))
        .doesNotContain(items.get(1));
    rig.stub.respondNextWith(Behaviour.named("stub-status-503"));
    TestResponse taken = post(root("responses"), next);
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
    assertThat(taken.values("x-claviger-service")).containsExactly(B);
    assertThat(rig.stub.requests().getLast().text())
        .contains(items.get(1))
        .doesNotContain(items.get(0));
  }

  @Test
  void a_stranger_gets_the_same_bytes_as_for_what_does_not_exist() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String id = id(upload(at(B, "files")));
    services.replaceAll((name, lent) -> lent.calledBy(new User.Id(new UUID(1, 9))));
    rig.routing.seek(new User.Id(new UUID(1, 9)));
    int sent = rig.stub.requests().size();

    for (String form : List.of("files/%s", "files/%s/content", "files?after=%s")) {
      TestResponse foreign = caller().get(root(form.formatted(id)));
      TestResponse missing = caller().get(root(form.formatted("file-0doesnotexist00000")));
      assertError(foreign, 404, "object_not_found");
      assertThat(foreign.body()).isEqualTo(missing.body());
      assertThat(foreign.values("x-claviger-service"))
          .isEqualTo(missing.values("x-claviger-service"));
    }
    String store = "{\"file_ids\":[\"%s\"]}";
    assertThat(post(root("vector_stores"), store.formatted(id)).body())
        .isEqualTo(post(root("vector_stores"), store.formatted("file-0doesnotexist00000")).body());
    assertThat(caller().get(root("files")).body()).contains("\"data\":[]");
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  @Test
  void a_list_joins_what_the_caller_holds_everywhere() {
    lend(RoutingRank.DEFAULT, RoutingRank.BY_REFERENCE_ONLY);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      ids.add(id(upload(at(i % 2 == 0 ? A : B, "files"))));
    }

    String first = caller().get(root("files?limit=100&order=asc")).body();
    assertThat(idsIn(first)).containsExactlyElementsOf(ids.subList(0, 20));
    assertThat(first)
        .endsWith(
            "\"first_id\":\"%s\",\"last_id\":\"%s\",\"has_more\":true}"
                .formatted(ids.get(0), ids.get(19)));
    String rest = caller().get(root("files?order=asc&after=" + ids.get(19))).body();
    assertThat(idsIn(rest)).containsExactlyElementsOf(ids.subList(20, 23));
    assertThat(rest).contains("\"has_more\":false");
    assertThat(idsIn(caller().get(root("files?limit=1")).body())).containsExactly(ids.get(22));
    assertThat(caller().get(root("files?purpose=batch")).body()).contains("\"data\":[]");
    assertThat(caller().get(root("vector_stores")).body()).contains("\"data\":[]");
    assertError(caller().get(root("containers")), 403, "storage_not_lent");
    for (String bad : List.of("limit=0", "order=up", "limit=1&limit=2", "color=red")) {
      assertThat(caller().get(root("files?" + bad)).status()).as(bad).isEqualTo(400);
    }
  }

  private static List<String> idsIn(String page) {
    return Pattern.compile("\"id\"\\s*:\\s*\"(file-[^\"]+)\"")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private void refuse(String... services) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            Set.of(services).contains(((CallTarget.Service) call.callTarget()).ref().toString())
                ? new AuthorizationOutcome.Refused(CallRefusal.RATE_LIMITED, Optional.empty())
                : authorized(call));
  }

  private static void assertLeavesOut(TestResponse answer, String service, String... ids) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(idsIn(answer.body())).containsExactly(ids);
    assertThat(answer.values("x-claviger-left-out")).containsExactly(service);
  }

  @Test
  void a_joined_list_leaves_out_a_service_that_refuses_and_says_so() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String held = id(upload(at(A, "files")));
    String other = id(upload(at(B, "files")));
    assertThat(caller().get(root("files")).values("x-claviger-left-out")).isEmpty();

    refuse(B);
    assertLeavesOut(caller().get(root("files")), B, held);
    assertLeavesOut(caller().get(root("files?order=asc")), B, held);
    assertLeavesOut(caller().get(root("files?limit=1")), B, held);
    assertThat(caller().get(root("files?order=asc&limit=1")).values("x-claviger-left-out"))
        .isEmpty();
    assertThat(caller().get(root("files?after=" + held + "&order=asc")).status()).isEqualTo(429);
    refuse(A, B);
    assertThat(caller().get(root("files")).status()).isEqualTo(429);
    refuse(A);
    assertLeavesOut(caller().get(root("files")), A, other);
    assertThat(caller().get(root("files")).values("x-claviger-service")).isEmpty();
  }

  @Test
  void a_joined_list_leaves_out_a_service_that_may_not_be_asked_so_often() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String held = id(upload(at(A, "files")));
    id(upload(at(B, "files")));
    id(upload(at(B, "files")));
    rig.authorizer.countingFurther(
        more ->
            Optional.of(
                new AuthorizationOutcome.Refused(CallRefusal.RATE_LIMITED, Optional.empty())));

    assertLeavesOut(caller().get(root("files")), B, held);
  }

  /** Lends both services with these turns, and stores a file in each. Returns the files' ids. */
  private List<String> storeWith(ScriptedTurns turns, Rig limited) {
    for (String name : List.of(A, B)) {
      services.put(
          name,
          limited
              .at(WireFormat.OPENAI)
              .identified(TestRouting.target(name, "").id())
              .key("sk-of-" + name)
              .storing(ALL)
              .takingTurns());
      limited.routing.store(name, RoutingRank.OWN, ALL);
    }
    limited.authorizer.answer(Rig.TOKEN, this::authorized);
    turns.lettingPass(true);
    TestClient who = limited.anonymous().withToken(Rig.TOKEN);
    List<String> ids =
        List.of(id(upload(who, at(A, "files"), "hello")), id(upload(who, at(B, "files"), "hello")));
    turns.lettingPass(
        call -> call.terms().service().equals(TestRouting.target(A, "").id().value()));
    return ids;
  }

  @Test
  void a_joined_list_takes_a_turn_at_each_service_and_leaves_out_one_that_has_none() {
    ScriptedTurns turns = new ScriptedTurns();
    try (Rig limited = new Rig(settings -> settings.withTurns(turns))) {
      List<String> held = storeWith(turns, limited);
      TestClient who = limited.anonymous().withToken(Rig.TOKEN);

      CompletableFuture<TestResponse> waits = listed(who);
      turns.letNextGo(Duration.ofMillis(5));
      assertThat(idsIn(waits.join().body())).containsExactlyInAnyOrderElementsOf(held);
      CompletableFuture<TestResponse> without = listed(who);
      turns.refuseNext(new TurnRefusal(Reason.EXHAUSTED, Optional.empty(), Duration.ofSeconds(9)));
      assertLeavesOut(without.join(), B, held.getFirst());

      assertThat(turns.awaitEnds(5)).allMatch(Optional::isPresent);
    }
  }

  /** The owner of a service may let calls wait for two minutes. */
  @Test
  void a_joined_list_does_not_wait_for_long_for_a_turn_of_one_service() {
    ScriptedTurns turns = new ScriptedTurns();
    try (Rig limited = new Rig(settings -> settings.withTurns(turns))) {
      List<String> held = storeWith(turns, limited);

      CompletableFuture<TestResponse> waits =
          listed(limited.anonymous().withToken(Rig.TOKEN)).orTimeout(20, TimeUnit.SECONDS);
      assertLeavesOut(waits.join(), B, held.getFirst());

      assertThat(turns.left()).isOne();
      assertThat(turns.awaitEnds(3)).allMatch(Optional::isPresent);
    }
  }

  private static CompletableFuture<TestResponse> listed(TestClient who) {
    return who.sendAsync("GET", root("files"), BodyPublishers.noBody());
  }

  @Test
  void what_one_service_alone_would_have_is_no_empty_list_but_its_refusal() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    id(upload(at(A, "files")));
    refuse(A);

    assertThat(caller().get(root("files")).status()).isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-status-500", "stub-unauthorized", "stub-reset", "stub-big-9"})
  void a_joined_list_leaves_out_a_service_whose_provider_fails(String behaviour) {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String held = id(upload(at(A, "files")));
    id(upload(at(B, "files")));
    try (StubProvider failing = StubProvider.start()) {
      failing.respondNextWith(Behaviour.named(behaviour));
      services.put(
          B,
          TestService.at(failing.baseUrl() + "/v1", WireFormat.OPENAI)
              .identified(TestRouting.target(B, "").id())
              .storing(ALL));

      assertLeavesOut(caller().get(root("files")), B, held);
    }
  }

  @Tag("thorough")
  @Test
  void a_joined_list_does_not_wait_for_a_provider_that_is_silent() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String held = id(upload(at(A, "files")));
    id(upload(at(B, "files")));
    try (StubProvider silent = StubProvider.start()) {
      silent.respondNextWith(Behaviour.named("stub-stall-after-headers"));
      services.put(
          B,
          TestService.at(silent.baseUrl() + "/v1", WireFormat.OPENAI)
              .identified(TestRouting.target(B, "").id())
              .timeout(60_000)
              .storing(ALL));

      assertLeavesOut(caller().get(root("files")), B, held);
    }
  }

  /**
   * Each of these services has the whole next page, so one after the other is found to be silent.
   */
  @Tag("thorough")
  @Test
  void silent_services_do_not_hold_up_a_joined_list_one_after_the_other() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String held = id(upload(at(A, "files")));
    try (StubProvider silent = StubProvider.start()) {
      List<String> late = storeInOthers(4);
      for (String name : late) {
        silent.respondNextWith(Behaviour.named("stub-stall-after-headers"));
        services.put(
            name,
            TestService.at(silent.baseUrl() + "/v1", WireFormat.OPENAI)
                .identified(TestRouting.target(name, "").id())
                .timeout(60_000)
                .storing(ALL));
      }

      TestResponse answer =
          caller()
              .sendAsync("GET", root("files?limit=1"), BodyPublishers.noBody())
              .orTimeout(25, TimeUnit.SECONDS)
              .join();

      assertLeavesOut(answer, String.join(", ", late.reversed()), held);
    }
  }

  @Tag("thorough")
  @Test
  void a_joined_list_waits_for_all_tokens_together_and_not_for_long() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    String held = id(upload(at(A, "files")));
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    List<String> late = storeInOthers(3);
    for (String name : late) {
      services.compute(
          name,
          (same, service) ->
              service.minting(
                  waiter -> {
                    asked.incrementAndGet();
                    return new TokenSource.Answer.Waits(left::incrementAndGet);
                  }));
    }

    CompletableFuture<TestResponse> answer = listed(caller()).orTimeout(20, TimeUnit.SECONDS);
    Rig.await(() -> asked.get() == 3);

    TestResponse list = answer.join();
    assertThat(idsIn(list.body())).containsExactly(held);
    assertThat(list.values("x-claviger-left-out").getFirst().split(", "))
        .containsExactlyInAnyOrderElementsOf(late);
    assertThat(left).hasValue(3);
  }

  /** Lends further services, and stores a file in each of them. Returns the services' names. */
  private List<String> storeInOthers(int count) {
    List<String> names = IntStream.range(0, count).mapToObj(i -> "alice/other" + i).toList();
    for (String name : names) {
      lend(name, RoutingRank.OWN, WireFormat.OPENAI, ALL);
      id(upload(at(name, "files")));
    }
    return names;
  }

  @Test
  void a_response_goes_on_where_the_one_before_it_is() {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    rig.routing.lead("fast", A, "parrot");
    String before = id(post(at(B, "responses"), "{\"model\":\"m\",\"input\":\"one\"}"));
    String next =
        "{\"model\":\"fast\",\"input\":\"two\",\"previous_response_id\":\"" + before + "\"}";

    TestResponse answer = post(root("responses"), next);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.values("x-claviger-service")).containsExactly(B);
    assertThat(answer.values("x-claviger-model")).containsExactly("fast-there");
    assertThat(id(caller().get(root("responses/" + before)))).isEqualTo(before);
    assertThat(
            post(root("responses"), "{\"model\":\"fast\",\"input\":\"one\"}")
                .values("x-claviger-service"))
        .containsExactly(A);
    assertError(
        post(root("responses"), next.replace(before, "resp_0doesnotexist00000")),
        400,
        "previous_response_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-status-503", "stub-status-429-retry-after-60"})
  void a_call_with_references_never_fails_over(String fault) {
    lend(RoutingRank.DEFAULT, RoutingRank.OWN);
    rig.routing.leadToAll("fast", TestRouting.target(B, "parrot"), TestRouting.target(A, fault));
    String before = id(post(at(A, "responses"), "{\"model\":\"m\",\"input\":\"one\"}"));
    int sent = rig.stub.requests().size();

    TestResponse answer =
        post(
            root("responses"),
            "{\"model\":\"fast\",\"input\":\"two\",\"previous_response_id\":\"" + before + "\"}");

    assertThat(answer.values("x-claviger-service")).containsExactly(A);
    assertThat(rig.stub.requests()).hasSize(sent + 1);
  }

  @Test
  void with_an_own_key_for_the_default_service_all_is_in_the_callers_own_account() {
    lend(A, RoutingRank.DEFAULT, WireFormat.OPENAI);
    lend(B, RoutingRank.OWN, WireFormat.OPENAI, ALL);
    String elsewhere = id(upload(at(B, "files")));

    String id = id(upload(root("files")));

    assertThat(caller().get(at(A, "files/" + id)).status()).isEqualTo(200);
    assertThat(id(caller().get(root("files/" + id)))).isEqualTo(id);
    assertThat(caller().get(root("files")).body()).contains(id).doesNotContain(elsewhere);
    assertThat(id(caller().get(root("files/" + elsewhere)))).isEqualTo(elsewhere);
    assertThat(rig.held.names()).hasSize(1);
  }

  @Test
  void files_of_anthropic_and_gemini_are_found_by_their_ids_too() {
    lend(A, RoutingRank.OWN, WireFormat.ANTHROPIC, ObjectKind.FILES);
    String id = id(upload("/gateway/anthropic/v1/files", "anthropic-version", "2023-06-01"));

    assertThat(caller().get("/gateway/anthropic/v1/files").body()).contains(id);
    assertThat(id(caller().get("/gateway/anthropic/files/" + id))).isEqualTo(id);
    assertError(caller().get("/gateway/anthropic/v1/files/file_0"), 404, "object_not_found");
  }

  @Test
  void an_address_of_an_upload_names_its_service() {
    lend(A, RoutingRank.OWN, WireFormat.GEMINI, ObjectKind.FILES);
    TestResponse begun =
        rig.client()
            .send(
                "POST",
                "/gateway/gemini/upload/v1beta/files",
                BodyPublishers.ofString("{\"file\":{\"display_name\":\"a\"}}"),
                "X-Goog-Upload-Protocol",
                "resumable",
                "X-Goog-Upload-Command",
                "start");
    assertThat(begun.status()).as(begun.body()).isEqualTo(200);
    String address = begun.values("x-goog-upload-url").getFirst();
    assertThat(address).startsWith(rig.origin() + at(A, "upload/v1beta/files?claviger_upload="));

    TestResponse done =
        rig.anonymous()
            .send(
                "POST",
                address.substring(rig.origin().length()),
                BodyPublishers.ofString("hello"),
                "X-Goog-Upload-Command",
                "upload, finalize",
                "X-Goog-Upload-Offset",
                "0");

    String name = id(done);
    assertThat(id(caller().get("/gateway/gemini/v1beta/" + name))).isEqualTo(name);
    assertThat(caller().get("/gateway/gemini/v1beta/files").body()).contains(name);
    assertThat(caller().delete("/gateway/gemini/v1beta/" + name).status()).isEqualTo(200);
  }

  @Test
  void batches_of_anthropic_and_gemini_are_read_at_the_service_that_takes_them() {
    lend(A, RoutingRank.OWN, WireFormat.ANTHROPIC, ObjectKind.BATCHES);
    services.put(A, services.get(A).batching("v1/messages"));
    String request =
        "{\"custom_id\":\"%s\",\"params\":{\"model\":\"m\",\"max_tokens\":9,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}}";
    TestClient json = rig.client().with("anthropic-version", "2023-06-01");

    TestResponse made =
        json.send(
            "POST",
            "/gateway/anthropic/v1/messages/batches",
            BodyPublishers.ofString("{\"requests\":[" + request.formatted("a") + "]}"));

    String id = id(made);
    assertThat(json.get("/gateway/anthropic/v1/messages/batches").body()).contains(id);
    assertThat(id(json.get("/gateway/anthropic/v1/messages/batches/" + id))).isEqualTo(id);
    assertError(
        json.send(
            "POST",
            "/gateway/anthropic/v1/messages/batches",
            BodyPublishers.ofString(
                "{\"requests\":[" + request.formatted("a") + "," + request.formatted("a") + "]}")),
        400,
        "batch_not_usable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "alice/a/deep"})
  void the_model_of_a_batch_of_gemini_leads_to_its_service(String name) {
    lend(A, RoutingRank.BY_REFERENCE_ONLY, WireFormat.GEMINI, ObjectKind.BATCHES);
    String below = "v1beta/models/{model}:generateContent";
    services.put(A, services.get(A).batching(below));
    rig.routing.lead(name, A, "gemini-x");
    String body =
        "{\"batch\":{\"display_name\":\"b\",\"input_config\":{\"requests\":{\"requests\":["
            + "{\"request\":{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}]},"
            + "\"metadata\":{\"key\":\"k\"}}]}}}}";

    TestResponse made =
        post("/gateway/gemini/v1beta/models/" + name + ":batchGenerateContent", body);

    assertThat(made.status()).as(made.body()).isEqualTo(200);
    assertThat(rig.stub.requests().getLast().uri())
        .isEqualTo("/v1beta/models/gemini-x:batchGenerateContent");
    assertThat(rig.held.names()).hasSize(1);
    assertThat(
            post("/gateway/gemini/v1beta/models/none:batchGenerateContent", body)
                .values("x-claviger-error"))
        .containsExactly("model_not_found");
  }

  @Test
  void a_body_that_cannot_be_held_is_refused_and_an_upload_is_not_held() {
    try (Rig small = new Rig(with -> with.withBodySizes(new BodySizes(2_000, 100_000, 500)))) {
      TestService lent =
          small.at(WireFormat.OPENAI).storing(ALL).identified(TestRouting.target(A, "").id());
      small.authorizer.grant(Rig.TOKEN, lent);
      small.routing.store(A, RoutingRank.DEFAULT, ALL);
      TestClient who = small.anonymous().withToken(Rig.TOKEN);

      assertThat(upload(who, root("files"), "n".repeat(50_000)).status()).isEqualTo(200);
      assertThat(
              small
                  .client()
                  .send(
                      "POST",
                      root("vector_stores"),
                      BodyPublishers.ofString("{\"name\":\"" + "n".repeat(1_000) + "\"}"))
                  .status())
          .isEqualTo(413);
      assertThat(
              small
                  .anonymous()
                  .withToken("clv_bad")
                  .send("POST", root("vector_stores"), BodyPublishers.ofString("{}"))
                  .status())
          .isEqualTo(401);
    }
  }
}
