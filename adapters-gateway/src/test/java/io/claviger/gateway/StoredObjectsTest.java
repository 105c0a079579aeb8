package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodySizes;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Borrowers of one key who store things at the provider, each for themselves. */
@Tag("slow")
class StoredObjectsTest {
  private static final String BOBS = "clv_bob";
  private static final String CAROLS = "clv_carol";
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  @AutoClose private final Rig rig = new Rig();
  private TestClient bob;
  private TestClient carol;

  @BeforeEach
  void lend() {
    TestService lent =
        rig.at(WireFormat.OPENAI)
            .storing(
                ObjectKind.FILES,
                ObjectKind.RESPONSES,
                ObjectKind.CONVERSATIONS,
                ObjectKind.VECTOR_STORES,
                ObjectKind.CONTAINERS);
    rig.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(CAROLS, lent.calledBy(new User.Id(new UUID(1, 2))));
    bob = rig.anonymous().withToken(BOBS);
    carol = rig.anonymous().withToken(CAROLS);
  }

  private static TestResponse upload(TestClient who, String name) {
    return upload(who, name, "hello");
  }

  private static TestResponse upload(TestClient who, String name, String content) {
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\nContent-Type: text/plain\r\n\r\n"
            + content
            + "\r\n--x--\r\n";
    return who.form(Rig.path("files"), form);
  }

  private static TestResponse post(TestClient who, String path, String json) {
    return who.json("POST", Rig.path(path), json);
  }

  private static String id(TestResponse answer) {
    return answer.found(ID);
  }

  private static ObjectName file(String id) {
    return new ObjectName(ObjectKind.FILES, id);
  }

  @Test
  void a_file_is_made_read_listed_and_deleted_by_who_made_it() {
    String id = id(upload(bob, "a.txt"));
    assertThat(rig.held.names()).containsExactly(file(id));
    assertThat(rig.held.row(file(id)).bytes()).isEqualTo(5);
    assertThat(rig.held.row(file(id)).purpose()).contains("user_data");

    assertThat(id(bob.get(Rig.path("files/" + id)))).isEqualTo(id);
    assertThat(bob.get(Rig.path("files/" + id + "/content")).body()).isEqualTo("hello");
    assertThat(bob.get(Rig.path("files")).body())
        .contains(id)
        .endsWith("\"first_id\":\"%s\",\"last_id\":\"%s\",\"has_more\":false}".formatted(id, id));
    assertThat(bob.delete(Rig.path("files/" + id)).status()).isEqualTo(200);

    assertThat(rig.held.names()).isEmpty();
    assertThat(rig.held.ended).extracting(Ended::how).containsExactly(ObjectState.DELETED);
    assertThat(bob.get(Rig.path("files/" + id)).status()).isEqualTo(404);
  }

  /** The permission that counts the call may be a new one, with a key of its own. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_list_is_requested_with_the_key_of_the_permission_that_counts(boolean isMinted) {
    TestService keyed = rig.at(WireFormat.OPENAI).storing(ObjectKind.FILES);
    TokenSource tokens =
        waiter ->
            new TokenSource.Answer.Token(
                Secret.takingOver("minted-token".getBytes(StandardCharsets.US_ASCII)), List.of());
    TestService lent =
        (isMinted ? keyed.minting(tokens) : keyed).calledBy(new User.Id(new UUID(1, 1)));
    rig.authorizer.grant(BOBS, lent);
    String id = id(upload(bob, "a.txt"));
    rig.authorizer.answer(
        BOBS,
        call -> {
          AuthorizedCall given = lent.authorized("alice/my-openai");
          return new AuthorizationOutcome.Authorized(
              call.stage().isHead() ? given.uncounted() : given);
        });

    TestResponse listed = bob.get(Rig.path("files"));

    assertThat(listed.status()).as(listed.body()).isEqualTo(200);
    assertThat(listed.body()).contains(id);
  }

  /** The caller may have asked for what never was, such as an unknown version of the API. */
  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void what_the_provider_does_not_find_for_a_caller_claviger_deletes_once_more(int status) {
    String id = id(upload(bob, "a.txt"));
    rig.stub.respondNextWith(Behaviour.named("stub-status-" + status));

    assertThat(bob.delete(Rig.path("files/" + id)).status()).isEqualTo(status);

    assertThat(rig.held.names()).isEmpty();
    assertThat(rig.held.ended).extracting(Ended::how).containsExactly(ObjectState.DELETING);
  }

  /** The repeated request ends the object in the ledger, because the provider does not find it. */
  @Test
  void a_deletion_that_the_ledger_could_not_store_fails_and_can_be_repeated() {
    String file = id(upload(bob, "a.txt"));
    String container = id(post(bob, "containers", "{\"name\":\"c\"}"));
    String part =
        id(
            bob.form(
                Rig.path("containers/" + container + "/files"),
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.txt\"\r\n"
                    + "Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"));
    for (String path : List.of("files/" + file, "containers/" + container + "/files/" + part)) {
      Set<ObjectName> before = rig.held.names();
      rig.held.fail();

      TestResponse failed = bob.delete(Rig.path(path));

      assertThat(failed.status()).as(failed.body()).isEqualTo(503);
      assertThat(failed.values("x-claviger-error")).containsExactly("service_unavailable");
      assertThat(rig.held.names()).isEqualTo(before);
      rig.held.recover();
      assertThat(bob.delete(Rig.path(path)).status()).isEqualTo(404);
      assertThat(rig.held.names()).hasSize(before.size() - 1);
    }
    assertThat(rig.held.ended).extracting(Ended::how).containsOnly(ObjectState.DELETING);
  }

  @Test
  void a_deletion_does_not_wait_long_for_the_ledger_which_stores_the_end_later() {
    String file = id(upload(bob, "a.txt"));
    CompletableFuture<Void> reached = rig.held.delay();

    TestResponse late = bob.delete(Rig.path("files/" + file));

    assertThat(late.status()).as(late.body()).isEqualTo(503);
    assertThat(rig.held.names()).isNotEmpty();
    assertThat(reached.complete(null)).isTrue();
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void a_cancelled_upload_whose_end_the_ledger_could_not_store_fails() {
    String upload =
        id(
            post(
                bob,
                "uploads",
                "{\"bytes\":5,\"filename\":\"a\",\"mime_type\":\"text/plain\","
                    + "\"purpose\":\"user_data\"}"));
    rig.held.fail();

    TestResponse failed = post(bob, "uploads/" + upload + "/cancel", "{}");

    assertThat(failed.status()).as(failed.body()).isEqualTo(503);
    assertThat(rig.held.names()).containsExactly(file(upload));
  }

  @Test
  void a_deletion_is_answered_when_the_ledger_has_stored_it() throws Exception {
    String id = id(upload(bob, "a.txt"));
    CompletableFuture<Void> reached = rig.held.delay();
    int sent = rig.stub.requests().size();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<TestResponse> answer = threads.submit(() -> bob.delete(Rig.path("files/" + id)));
      Rig.await(() -> rig.stub.requests().size() > sent);
      // Another call is answered completely, so the deletion would be answered by now, too.
      assertThat(bob.get(Rig.path("files/" + id)).status()).isEqualTo(404);
      assertThat(answer.isDone()).isFalse();
      assertThat(rig.held.names()).containsExactly(file(id));

      reached.complete(null);

      assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
    }
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void nobody_else_reaches_it_and_the_answer_is_the_same_as_for_what_does_not_exist() {
    String id = id(upload(bob, "a.txt"));
    int sent = rig.stub.requests().size();
    String missing = carol.get(Rig.path("files/file-0doesnotexist00000")).body();

    for (String path : List.of("files/" + id, "files/" + id + "/content")) {
      TestResponse answer = carol.get(Rig.path(path));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.values("x-claviger-error")).containsExactly("object_not_found");
      assertThat(answer.body()).isEqualTo(missing);
    }
    assertThat(carol.delete(Rig.path("files/" + id)).body()).isEqualTo(missing);
    assertThat(carol.get(Rig.path("files")).body()).contains("\"data\":[]").doesNotContain(id);
    assertThat(carol.get(Rig.path("files?after=" + id)).body()).isEqualTo(missing);
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FILE-", "file_"})
  void an_id_in_another_spelling_is_not_found(String prefix) {
    String id = id(upload(bob, "a.txt"));

    TestResponse answer = bob.get(Rig.path("files/" + id.replaceFirst("^file-", prefix)));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.values("x-claviger-error")).containsExactly("object_not_found");
  }

  @Test
  void a_node_that_remembers_nothing_asks_the_database() {
    rig.held.forget();
    String id = id(upload(bob, "a.txt"));

    assertThat(bob.get(Rig.path("files/" + id)).status()).isEqualTo(200);
    assertThat(carol.get(Rig.path("files/" + id)).status()).isEqualTo(404);
  }

  @Test
  void a_list_has_pages_of_at_most_twenty() {
    List<String> ids = IntStream.range(0, 23).mapToObj(i -> id(upload(bob, i + ".txt"))).toList();
    upload(carol, "carols.txt");

    String first = bob.get(Rig.path("files?limit=100&order=asc")).body();
    assertThat(first).contains("\"has_more\":true").contains(ids.get(19));
    assertThat(first).doesNotContain(ids.get(20)).doesNotContain("carols");
    String second = bob.get(Rig.path("files?order=asc&after=" + ids.get(19))).body();
    assertThat(second).contains(ids.get(20)).contains(ids.get(22)).contains("\"has_more\":false");
    assertThat(bob.get(Rig.path("files?limit=1")).body()).contains(ids.get(22));
    assertThat(bob.get(Rig.path("files?purpose=batch")).body()).contains("\"data\":[]");
    for (String bad : List.of("limit=0", "limit=x", "order=up", "limit=1&limit=2", "color=red")) {
      assertThat(bob.get(Rig.path("files?" + bad)).status()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void each_object_of_a_list_that_the_provider_is_asked_for_counts_as_a_request() {
    List<Integer> counted = new CopyOnWriteArrayList<>();
    rig.authorizer.countingFurther(
        more -> {
          counted.add(more);
          return more > 1
              ? Optional.of(
                  new AuthorizationOutcome.Refused(
                      CallRefusal.RATE_LIMITED,
                      Optional.empty(),
                      Optional.of(Duration.ofSeconds(7))))
              : Optional.empty();
        });
    IntStream.range(0, 3).forEach(i -> id(upload(bob, i + ".txt")));
    int sent = rig.stub.requests().size();

    assertThat(bob.get(Rig.path("files?limit=1")).status()).isEqualTo(200);
    assertThat(counted).isEmpty();
    assertThat(bob.get(Rig.path("files?limit=2")).status()).isEqualTo(200);
    assertThat(rig.stub.requests()).hasSize(sent + 3);
    TestResponse refused = bob.get(Rig.path("files"));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.values("retry-after")).containsExactly("7");
    assertThat(rig.stub.requests()).hasSize(sent + 3);
    assertThat(counted).containsExactly(1, 2);
  }

  @Test
  void the_requests_of_a_list_take_a_turn_together() {
    ScriptedTurns turns = new ScriptedTurns().lettingPass(true);
    try (Rig limited = new Rig(settings -> settings.withTurns(turns))) {
      limited.authorizer.grant(
          BOBS, limited.at(WireFormat.OPENAI).storing(ObjectKind.FILES).takingTurns());
      TestClient who = limited.anonymous().withToken(BOBS);
      IntStream.range(0, 3).forEach(i -> id(upload(who, i + ".txt")));
      assertThat(turns.awaitEnds(3)).hasSize(3);

      assertThat(who.get(Rig.path("files")).status()).isEqualTo(200);
      assertThat(turns.awaitEnds(4).getLast()).contains(new PaceUse(3, 0, 0));

      turns.lettingPass(false);
      CompletableFuture<TestResponse> waits =
          who.sendAsync("GET", Rig.path("files"), BodyPublishers.noBody());
      turns.letNextGo(Duration.ofMillis(5));
      assertThat(waits.join().status()).isEqualTo(200);
      assertThat(waits.join().values("x-claviger-waited")).hasSize(1);

      int sent = limited.stub.requests().size();
      turns.refuse(new TurnRefusal(Reason.EXHAUSTED, Optional.empty(), Duration.ofSeconds(9)));
      TestResponse refused = who.get(Rig.path("files"));
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.values("x-claviger-error")).containsExactly("capacity_exhausted");
      assertThat(limited.stub.requests()).hasSize(sent);
      assertThat(turns.waiting()).isZero();
    }
  }

  /** Clients take an empty page for the end of the list. */
  @Test
  void a_page_of_which_nothing_is_left_at_the_provider_is_not_the_answer() {
    List<String> kept = IntStream.range(0, 3).mapToObj(i -> id(upload(bob, i + ".txt"))).toList();
    IntStream.range(0, 3)
        .mapToObj(i -> "file-0gone%017d".formatted(i))
        .forEach(gone -> rig.held.hold(file(gone), new User.Id(new UUID(1, 1))));
    List<Integer> counted = new CopyOnWriteArrayList<>();
    rig.authorizer.countingFurther(
        more -> {
          counted.add(more);
          return Optional.empty();
        });

    String page = bob.get(Rig.path("files?limit=2")).body();

    assertThat(page).contains(kept.get(2)).doesNotContain(kept.get(1), "\"id\":\"file-0gone");
    assertThat(page).contains("\"last_id\":\"" + kept.get(2) + "\",\"has_more\":true");
    assertThat(counted).containsExactly(1, 2);
    assertThat(bob.get(Rig.path("files?limit=2&after=" + kept.get(2))).body())
        .contains(kept.get(1), kept.get(0), "\"has_more\":false");
  }

  @Test
  void a_list_goes_on_behind_many_pages_of_which_nothing_is_left() {
    String kept = id(upload(bob, "a.txt"));
    gone(200);

    TestResponse answer = bob.get(Rig.path("files?limit=2"));

    assertThat(answer.body()).contains("\"id\":\"" + kept, "\"has_more\":false");
  }

  /** An empty page would be the end of the list for clients, although the list goes on. */
  @Test
  void a_list_with_too_much_that_is_gone_fails_and_says_where_it_goes_on() {
    String kept = id(upload(bob, "a.txt"));
    gone(1_100);
    int sent = rig.stub.requests().size();

    TestResponse answer = bob.get(Rig.path("files"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.values("x-claviger-error")).containsExactly("list_not_read");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    assertThat(rig.stub.requests()).hasSize(sent + 1_000);
    Matcher next = Pattern.compile("after=(file-0gone\\d+)").matcher(answer.body());
    assertThat(next.find()).as(answer.body()).isTrue();
    assertThat(bob.get(Rig.path("files?after=" + next.group(1))).body())
        .contains("\"id\":\"" + kept, "\"has_more\":false");
  }

  @Test
  void a_list_that_a_limit_stops_behind_what_is_gone_says_where_it_goes_on() {
    String kept = id(upload(bob, "a.txt"));
    gone(4);
    rig.authorizer.countingFurther(
        more ->
            more > 1
                ? Optional.of(
                    new AuthorizationOutcome.Refused(
                        CallRefusal.RATE_LIMITED,
                        Optional.empty(),
                        Optional.of(Duration.ofSeconds(7))))
                : Optional.empty());

    TestResponse answer = bob.get(Rig.path("files?limit=2"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(503);
    assertThat(answer.values("x-claviger-error")).containsExactly("list_not_read");
    assertThat(answer.body()).contains("after=file-0gone00000000000000002");
    assertThat(bob.get(Rig.path("files?limit=1&after=file-0gone00000000000000000")).body())
        .contains("\"id\":\"" + kept);
  }

  /** Bob holds objects that the provider no longer has. */
  private void gone(int count) {
    IntStream.range(0, count)
        .mapToObj(i -> "file-0gone%017d".formatted(i))
        .forEach(gone -> rig.held.hold(file(gone), new User.Id(new UUID(1, 1))));
  }

  @Test
  void what_is_gone_at_the_provider_is_left_out_of_a_list() {
    String id = id(upload(bob, "a.txt"));
    rig.stub.forgetObjects();

    assertThat(bob.get(Rig.path("files")).body())
        .contains("\"data\":[]")
        .doesNotContain(id + "\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-two-ids", "stub-no-id", "stub-long-id-5000"})
  void a_lying_answer_to_a_create_does_not_pass(String lie) {
    TestResponse answer = upload(bob, lie);

    assertThat(answer.status()).as(answer.body()).isEqualTo(502);
    assertThat(answer.values("x-claviger-error")).containsExactly("object_not_recorded");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    assertThat(answer.body()).doesNotContain("file-");
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void an_answer_with_the_id_of_another_does_not_pass_and_deletes_nothing() {
    String bobs = id(upload(bob, "a.txt"));

    TestResponse answer = upload(carol, "stub-other-id");

    assertThat(answer.status()).as(answer.body()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain(bobs);
    assertThat(methods()).doesNotContain("DELETE");
    assertThat(id(bob.get(Rig.path("files/" + bobs)))).isEqualTo(bobs);
  }

  private List<String> methods() {
    return rig.stub.requests().stream().map(RecordedRequest::method).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-end-before-id", "stub-end-after-id"})
  void an_answer_that_breaks_off_is_not_passed(String lie) {
    TestResponse answer = upload(bob, lie);

    assertThat(answer.status()).isEqualTo(502);
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void what_cannot_be_recorded_is_deleted_at_the_provider() {
    rig.held.fail();

    TestResponse answer = upload(bob, "a.txt");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.values("x-claviger-error")).containsExactly("object_not_recorded");
    assertThat(methods()).containsExactly("POST", "DELETE");
    assertThat(rig.stub.objectIds(TestService.KEY)).isEmpty();
  }

  /** A server could answer the deletion by repeating the answer to the creation. */
  @ParameterizedTest
  @ValueSource(strings = {"Idempotency-Key", "X-Idempotency-Key"})
  void the_deletion_does_not_name_the_call(String header) {
    rig.authorizer.grant(
        BOBS, rig.at(WireFormat.OPENAI).storing(ObjectKind.FILES).passing("x-idempotency-key"));
    rig.held.fail();

    assertThat(upload(bob.with(header, "same"), "a.txt").status()).isEqualTo(502);
    assertThat(methods()).containsExactly("POST", "DELETE");
    assertThat(rig.stub.requests().getFirst().headers(header)).hasSize(1);
    assertThat(rig.stub.requests().getLast().headers(header)).isEmpty();
  }

  @Test
  void what_is_too_much_is_deleted_at_the_provider() {
    rig.held.answer(Recorded.FULL);

    TestResponse answer = upload(bob, "a.txt");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("too_many_objects");
    assertThat(rig.stub.objectIds(TestService.KEY)).isEmpty();
  }

  @Test
  void a_chain_of_responses_is_its_makers_alone() {
    String first = id(post(bob, "responses", "{\"model\":\"m\",\"input\":\"one\"}"));
    String next = "{\"model\":\"m\",\"input\":\"two\",\"previous_response_id\":\"" + first + "\"}";

    assertThat(post(bob, "responses", next).status()).isEqualTo(200);
    TestResponse refused = post(carol, "responses", next);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.values("x-claviger-error")).containsExactly("previous_response_not_found");
    assertThat(id(bob.get(Rig.path("responses/" + first)))).isEqualTo(first);
    assertThat(carol.get(Rig.path("responses/" + first)).status()).isEqualTo(404);
    assertThat(bob.get(Rig.path("responses/" + first + "/input_items")).status()).isEqualTo(200);
    assertThat(bob.delete(Rig.path("responses/" + first)).status()).isEqualTo(200);
    assertThat(post(bob, "responses", next).status()).isEqualTo(400);
  }

  @Test
  void a_stored_item_of_somebody_else_is_refused_without_saying_that_nothing_is_stored() {
    String item =
        post(bob, "responses", "{\"model\":\"m\",\"input\":\"one\"}")
            .found(Pattern.compile("\"(msg_[^\"]+)\""));
    String next =
        "{\"model\":\"m\",\"input\":[{\"type\":\"item_reference\",\"id\":\"" + item + "\"}]}";

    assertThat(post(bob, "responses", next).status()).isEqualTo(200);
    for (TestResponse refused :
        List.of(
            post(carol, "responses", next),
            post(bob, "responses", next.replace(item, "msg_of_nobody")))) {
      assertThat(refused.status()).isEqualTo(404);
      assertThat(refused.values("x-claviger-error")).containsExactly("object_not_found");
      assertThat(refused.body())
          .contains("that you may not use here")
          .doesNotContain("stores nothing");
    }
  }

  /** As agents do that send back what an answer contains, and let the provider store nothing. */
  @Test
  void an_item_that_comes_with_its_content_needs_no_row() {
    String next =
        """
        {"model":"m","store":false,"input":[\
        {"type":"reasoning","id":"rs_1","encrypted_content":"x","summary":[]},\
        {"type":"message","id":"msg_1","role":"assistant","content":[]}]}""";

    assertThat(post(bob, "responses", next).status()).isEqualTo(200);

    assertThat(rig.stub.requests().getLast().text())
        .contains("\"encrypted_content\":\"x\"", "\"role\":\"assistant\"")
        .doesNotContain("rs_1", "msg_1");
  }

  @Test
  void an_item_with_its_content_keeps_its_id_only_in_requests_of_who_holds_it() {
    String item =
        post(bob, "responses", "{\"model\":\"m\",\"input\":\"one\"}")
            .found(Pattern.compile("\"(msg_[^\"]+)\""));
    String next =
        """
        {"model":"m","input":[{"type":"message","id":"%s","role":"assistant","content":[]},\
        {"id":"msg_of_nobody","role":"user","content":"a"}]}"""
            .formatted(item);

    assertThat(post(bob, "responses", next).status()).isEqualTo(200);
    assertThat(rig.stub.requests().getLast().text())
        .contains("\"id\":\"" + item + "\"")
        .doesNotContain("msg_of_nobody");
    assertThat(post(carol, "responses", next).status()).isEqualTo(200);
    assertThat(rig.stub.requests().getLast().text())
        .contains("\"type\":\"message\"")
        .doesNotContain(item, "msg_of_nobody");
    rig.held.forget();
    assertThat(post(bob, "responses", next).status()).isEqualTo(200);
    assertThat(rig.stub.requests().getLast().text()).contains(item);
  }

  @Test
  void an_approval_names_a_stored_request_only_for_who_holds_it() {
    rig.held.hold(new ObjectName(ObjectKind.RESPONSES, "mcpr_bobs"), new User.Id(new UUID(1, 1)));
    String next =
        """
        {"model":"m","input":[\
        {"type":"mcp_approval_request","id":"mcpr_bobs","name":"n","arguments":"{}"},\
        {"type":"mcp_approval_response","approval_request_id":"mcpr_bobs","approve":true}]}""";

    assertThat(post(bob, "responses", next).status()).isEqualTo(200);
    assertThat(rig.stub.requests().getLast().text()).contains("mcpr_bobs").doesNotContain("mcpr_1");
    assertThat(post(carol, "responses", next).status()).isEqualTo(200);
    assertThat(rig.stub.requests().getLast().text())
        .contains("\"approval_request_id\":\"mcpr_1\"")
        .doesNotContain("mcpr_bobs");
  }

  @Test
  void an_approval_of_an_earlier_request_names_it_only_for_who_holds_it() {
    rig.held.hold(new ObjectName(ObjectKind.RESPONSES, "mcpr_bobs"), new User.Id(new UUID(1, 1)));
    for (TestClient each : List.of(bob, carol)) {
      String earlier =
          post(each, "responses", "{\"model\":\"m\",\"input\":\"one\"}")
              .found(Pattern.compile("\"(resp_[^\"]+)\""));
      String next =
          """
          {"model":"m","previous_response_id":"%s","input":[\
          {"type":"mcp_approval_response","approval_request_id":"mcpr_bobs","approve":true}]}"""
              .formatted(earlier);
      post(each, "responses", next);

      assertThat(rig.stub.requests().getLast().text())
          .contains(earlier, each == bob ? "\"mcpr_bobs\"" : "\"mcpr_1\"")
          .doesNotContain(each == bob ? "mcpr_1" : "mcpr_bobs");
    }
  }

  @Test
  void an_item_that_is_also_named_without_its_content_is_refused_to_strangers() {
    String item =
        post(bob, "responses", "{\"model\":\"m\",\"input\":\"one\"}")
            .found(Pattern.compile("\"(msg_[^\"]+)\""));
    int sent = rig.stub.requests().size();
    String both =
        """
        {"model":"m","input":[{"id":"%1$s","role":"assistant","content":"a"},\
        {"type":"item_reference","id":"%1$s"}]}"""
            .formatted(item);

    assertThat(post(carol, "responses", both).status()).isEqualTo(404);
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  @Test
  void a_streamed_response_is_recorded_before_its_id_passes() {
    TestResponse stream =
        post(bob, "responses", "{\"model\":\"m\",\"input\":\"one\",\"stream\":true}");

    assertThat(stream.status()).isEqualTo(200);
    Matcher response = Pattern.compile("\"(resp_[A-Za-z0-9]+)\"").matcher(stream.body());
    assertThat(response.find()).isTrue();
    assertThat(stream.body()).contains("response.completed");
    assertThat(rig.held.names())
        .contains(new ObjectName(ObjectKind.RESPONSES, response.group(1)))
        .anyMatch(name -> name.id().startsWith("msg_"));
    assertThat(bob.get(Rig.path("responses/" + response.group(1))).status()).isEqualTo(200);
  }

  @Test
  void a_stream_whose_object_cannot_be_recorded_breaks_off_before_the_id() {
    rig.held.fail();

    String stream = broken("{\"model\":\"m\",\"input\":\"one\",\"stream\":true}");

    assertThat(stream).contains("object_not_recorded").doesNotContain("resp_");
    assertThat(methods()).containsExactly("POST", "DELETE");
    assertThat(rig.stub.objectIds(TestService.KEY)).isEmpty();
  }

  private String broken(String json) {
    try (RawCaller raw = new RawCaller(rig)) {
      return raw.post("responses", json, BOBS).untilClosed();
    }
  }

  @Test
  void a_conversation_is_its_makers_alone() {
    String id = id(post(bob, "conversations", "{}"));
    String item = "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"hello\"}]}";

    assertThat(post(bob, "conversations/" + id + "/items", item).status()).isEqualTo(200);
    assertThat(bob.get(Rig.path("conversations/" + id + "/items")).body()).contains("hello");
    assertThat(bob.get(Rig.path("conversations/" + id + "/items?limit=5&order=asc")).body())
        .contains("hello");
    assertThat(post(carol, "conversations/" + id + "/items", item).status()).isEqualTo(404);
    assertThat(carol.get(Rig.path("conversations/" + id + "/items")).status()).isEqualTo(404);
    String call = "{\"model\":\"m\",\"input\":\"x\",\"conversation\":\"" + id + "\"}";
    assertThat(post(bob, "responses", call).status()).isEqualTo(200);
    assertThat(post(carol, "responses", call).status()).isEqualTo(404);
  }

  @Test
  void a_vector_store_takes_only_files_of_its_maker() {
    String bobs = id(upload(bob, "a.txt"));
    String carols = id(upload(carol, "a.txt"));
    String store = id(post(bob, "vector_stores", "{\"name\":\"s\"}"));
    String files = "vector_stores/" + store + "/files";

    assertThat(post(bob, files, "{\"file_id\":\"" + bobs + "\"}").status()).isEqualTo(200);
    assertThat(post(bob, files, "{\"file_id\":\"" + carols + "\"}").status()).isEqualTo(404);
    assertThat(post(carol, files, "{\"file_id\":\"" + carols + "\"}").status()).isEqualTo(404);
    assertThat(bob.get(Rig.path(files)).body()).contains(bobs);
    assertThat(bob.get(Rig.path("vector_stores")).body()).contains(store);
    assertThat(carol.get(Rig.path("vector_stores")).body()).doesNotContain(store);
    assertThat(post(carol, "vector_stores", "{\"file_ids\":[\"" + bobs + "\"]}").status())
        .isEqualTo(404);
  }

  /** OpenAI would keep its items, which nobody could delete any more. */
  @Test
  void a_conversation_that_its_holder_deletes_is_left_for_claviger_to_delete_with_its_items() {
    String id = id(post(bob, "conversations", "{}"));
    String path = Rig.path("conversations/" + id);
    int sent = rig.stub.requests().size();
    assertThat(carol.delete(path).status()).isEqualTo(404);

    TestResponse answer = bob.delete(path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("{\"id\":\"" + id + "\",\"object\":\"conversation.deleted\",\"deleted\":true}");
    assertThat(rig.stub.requests()).hasSize(sent);
    assertThat(rig.held.ended)
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.name()).isEqualTo(new ObjectName(ObjectKind.CONVERSATIONS, id));
              assertThat(ended.how()).isEqualTo(ObjectState.DELETING);
            });
    assertThat(bob.get(path).status()).isEqualTo(404);
    assertThat(bob.delete(path).status()).isEqualTo(404);
  }

  /** In the store or container, its content can be read. */
  @Test
  void a_shared_file_gets_into_a_store_or_container_only_if_its_content_may_be_read() {
    String id = id(upload(carol, "a.txt"));
    rig.held.ended(
        new Ended(
            new Instance.Id(new UUID(0, 2)), file(id), ObjectState.DELETED, Optional.empty()));
    String body = "{\"file_id\":\"" + id + "\"}";
    String several = "{\"name\":\"n\",\"file_ids\":[\"" + id + "\"]}";
    String store = id(post(bob, "vector_stores", "{\"name\":\"s\"}"));
    String container = id(post(bob, "containers", "{\"name\":\"c\"}"));
    String question =
        "{\"model\":\"m\",\"store\":false,\"input\":[{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"input_file\",\"file_id\":\""
            + id
            + "\"}]}]}";
    for (SharedObject.Access access : SharedObject.Access.values()) {
      rig.held.share(file(id), new SharedObject(access, new UUID(0, 1), true));
      int expected = access == SharedObject.Access.READ ? 200 : 404;

      assertThat(post(bob, "responses", question).status()).isEqualTo(200);
      assertThat(post(bob, "vector_stores/" + store + "/files", body).status()).isEqualTo(expected);
      assertThat(post(bob, "containers/" + container + "/files", body).status())
          .isEqualTo(expected);
      assertThat(post(bob, "vector_stores", several).status()).isEqualTo(expected);
      assertThat(post(bob, "containers", several).status()).isEqualTo(expected);
      for (String tool :
          List.of(
              "{\"type\":\"auto\",\"file_ids\":[\"" + id + "\"]}",
              "{\"type\":\"auto\"}",
              "\"" + container + "\"")) {
        String asked =
            question.replaceFirst(
                "\\{",
                Matcher.quoteReplacement(
                    "{\"tools\":[{\"type\":\"code_interpreter\",\"container\":" + tool + "}],"));
        assertThat(post(bob, "responses", asked).status()).as(asked).isEqualTo(expected);
      }
    }
  }

  @Test
  void what_an_owner_shares_is_lent_even_if_its_kind_is_not() {
    String file = unheld(upload(carol, "a.txt"));
    String store = unheld(post(carol, "vector_stores", "{\"name\":\"s\"}"));
    String own = id(upload(bob, "b.txt"));
    TestService little = rig.at(WireFormat.OPENAI).sharing().calledBy(new User.Id(new UUID(1, 1)));
    rig.authorizer.grant("clv_little", little);
    TestClient who = rig.anonymous().withToken("clv_little");
    String look =
        "{\"model\":\"m\",\"store\":false,\"input\":[{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"input_file\",\"file_id\":\"%s\"}]}]}";
    String search =
        "{\"model\":\"m\",\"store\":false,\"input\":\"x\",\"tools\":[{\"type\":\"file_search\","
            + "\"vector_store_ids\":[\"%s\"]}]}";
    assertThat(post(who, "responses", look.formatted(file)).status()).isEqualTo(404);
    assertThat(post(who, "responses", search.formatted(store)).status()).isEqualTo(404);

    SharedObject all = new SharedObject(SharedObject.Access.READ, new UUID(0, 1), true);
    rig.held.share(file(file), all);
    rig.held.share(new ObjectName(ObjectKind.VECTOR_STORES, store), all);

    assertThat(post(who, "responses", look.formatted(file)).status()).isEqualTo(200);
    assertThat(post(who, "responses", search.formatted(store)).status()).isEqualTo(200);
    assertThat(post(bob, "responses", look.formatted(own)).status()).isEqualTo(200);
    assertThat(post(who, "responses", look.formatted(own)).status()).isEqualTo(404);
  }

  @Test
  void a_shared_prompt_can_be_named_with_a_model() {
    TestService little =
        rig.at(WireFormat.OPENAI)
            .sharing()
            .naming(
                new NamingRules(
                    PromptCache.PER_CALLER, Attribution.OFF, Set.of(CallerField.RESPONSE_STORE)))
            .calledBy(new User.Id(new UUID(1, 1)));
    rig.authorizer.grant("clv_little", little);
    TestClient who = rig.anonymous().withToken("clv_little");
    ObjectName prompt = new ObjectName(ObjectKind.PROMPTS, rig.stub.promptId(TestService.KEY));
    String named = "\"prompt\":{\"id\":\"" + prompt.id() + "\",\"version\":\"2\"%s}";
    String call = "{\"model\":\"m\",\"input\":\"x\"," + named.formatted("") + "%s}";
    assertThat(post(who, "responses", call.formatted("")).status()).isEqualTo(404);

    rig.held.share(prompt, new SharedObject(SharedObject.Access.REFER, new UUID(0, 1), true));

    assertThat(post(who, "responses", call.formatted("")).status()).isEqualTo(200);
    assertThat(post(bob, "responses", call.formatted("")).status()).isEqualTo(200);
    assertThat(rig.stub.requests().getFirst().text())
        .contains("\"model\":\"m\"", "\"store\":false", prompt.id());
    int sent = rig.stub.requests().size();
    for (String model :
        List.of(
            "",
            "\"model\":null,",
            "\"model\":\"\",",
            "\"model\":\" \",",
            "\"model\":7,",
            "\"model\":[\"m\"],",
            "\"Model\":\"m\",",
            "\"model\":\"m\",\"model\":null,",
            "\"model\":null,\"mod\\u0065l\":\"m\",",
            "\"metadata\":{\"model\":\"m\"},")) {
      TestResponse answer = post(who, "responses", "{" + model + named.formatted("") + "}");
      assertThat(answer.status()).as(model).isEqualTo(400);
      assertThat(answer.values("x-claviger-error")).as(model).containsExactly("model_required");
    }
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  /** A prompt may bring a search or a container, which the request does not show. */
  @Test
  void with_a_shared_prompt_only_content_that_may_be_read_can_be_reached() {
    String picture = unheld(upload(carol, "a.png"));
    ObjectName prompt = new ObjectName(ObjectKind.PROMPTS, rig.stub.promptId(TestService.KEY));
    String call =
        "{\"model\":\"m\",\"store\":false,\"prompt\":{\"id\":\"" + prompt.id() + "\"%s}%s}";
    String variables =
        ",\"variables\":{\"a\":{\"type\":\"input_image\",\"file_id\":\"" + picture + "\"}}";
    String results = ",\"include\":[\"file_search_call.results\"]";
    String stored = id(post(bob, "responses", "{\"model\":\"m\",\"input\":\"x\"}"));
    String earlier = ",\"input\":\"y\",\"previous_response_id\":\"" + stored + "\"";
    rig.held.share(prompt, new SharedObject(SharedObject.Access.REFER, new UUID(0, 1), true));
    assertThat(post(bob, "responses", call.formatted(variables, "")).status()).isEqualTo(404);
    for (SharedObject.Access access : SharedObject.Access.values()) {
      SharedObject terms = new SharedObject(access, new UUID(0, 1), true);
      int expected = access == SharedObject.Access.READ ? 200 : 404;
      rig.held.share(file(picture), terms);
      assertThat(post(bob, "responses", call.formatted(variables, "")).status())
          .isEqualTo(expected);
      rig.held.share(prompt, terms);
      assertThat(post(bob, "responses", call.formatted("", results)).status()).isEqualTo(expected);
      assertThat(post(bob, "responses", call.formatted("", earlier)).status()).isEqualTo(expected);
    }
  }

  private String unheld(TestResponse made) {
    String id = id(made);
    ObjectName name = rig.held.names().stream().filter(n -> n.id().equals(id)).findFirst().get();
    rig.held.ended(
        new Ended(new Instance.Id(new UUID(0, 2)), name, ObjectState.DELETED, Optional.empty()));
    return id;
  }

  /** The files of what a response goes on with are copied into its container too. */
  @Test
  void a_shared_file_stays_in_something_stored_only_if_its_content_may_be_read() {
    String id = unheld(upload(carol, "a.txt"));
    String items =
        "[{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_file\","
            + "\"file_id\":\""
            + id
            + "\"}]}]";
    String conversation = id(post(bob, "conversations", "{}"));
    String call = "{\"model\":\"m\",\"input\":" + items;
    TestService some =
        rig.at(WireFormat.OPENAI)
            .storing(ObjectKind.FILES, ObjectKind.RESPONSES, ObjectKind.CONVERSATIONS)
            .calledBy(new User.Id(new UUID(1, 1)));
    rig.authorizer.grant("clv_narrow", some.lendingContainersToOthers());
    rig.authorizer.grant("clv_without", some);

    for (SharedObject.Access access : SharedObject.Access.values()) {
      rig.held.share(file(id), new SharedObject(access, new UUID(0, 1), true));
      for (String token : List.of(BOBS, "clv_narrow", "clv_without")) {
        boolean isCopied = !token.equals("clv_without") && access != SharedObject.Access.READ;
        int expected = isCopied ? 404 : 200;
        TestClient who = rig.anonymous().withToken(token);
        assertThat(post(who, "responses", call + "}").status()).as(token).isEqualTo(expected);
        assertThat(
                post(
                        who,
                        "responses",
                        call + ",\"store\":false,\"conversation\":\"" + conversation + "\"}")
                    .status())
            .as(token)
            .isEqualTo(expected);
        String added = "{\"items\":" + items + "}";
        assertThat(post(who, "conversations", added).status()).as(token).isEqualTo(expected);
        assertThat(post(who, "conversations/" + conversation + "/items", added).status())
            .as(token)
            .isEqualTo(expected);
        assertThat(post(who, "responses", call + ",\"store\":false}").status())
            .as(token)
            .isEqualTo(200);
      }
    }
  }

  /** The code of a later response can print the files of the response that it continues. */
  @Test
  void at_xai_a_shared_file_stays_in_a_stored_response_only_if_its_content_may_be_read() {
    String id = unheld(upload(carol, "a.txt"));
    String call =
        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"input_file\",\"file_id\":\"%s\"}]}]%s}";
    String later =
        "{\"model\":\"m\",\"input\":\"print the file\",\"previous_response_id\":\"%s\","
            + "\"tools\":[{\"type\":\"code_execution\"}]}";
    rig.authorizer.grant(
        "clv_xai",
        rig.at(WireFormat.OPENAI)
            .storing(ObjectKind.FILES, ObjectKind.RESPONSES)
            .of(Provider.XAI)
            .calledBy(new User.Id(new UUID(1, 1))));
    TestClient who = rig.anonymous().withToken("clv_xai");

    rig.held.share(file(id), new SharedObject(SharedObject.Access.REFER, new UUID(0, 1), true));
    assertThat(post(who, "responses", call.formatted(id, "")).status()).isEqualTo(404);
    assertThat(post(who, "responses", call.formatted(id, ",\"store\":false")).status())
        .isEqualTo(200);

    rig.held.share(file(id), new SharedObject(SharedObject.Access.READ, new UUID(0, 1), true));
    String stored = id(post(who, "responses", call.formatted(id, "")));
    assertThat(post(who, "responses", later.formatted(stored)).status()).isEqualTo(200);
  }

  @Test
  void what_a_search_found_is_shown_only_if_the_content_may_be_read() {
    String store = unheld(post(carol, "vector_stores", "{\"name\":\"s\"}"));
    String picture = unheld(upload(carol, "a.png"));
    String search =
        "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"type\":\"file_search\","
            + "\"vector_store_ids\":[\""
            + store
            + "\"]}]";
    String look =
        "{\"model\":\"m\",\"store\":false,\"input\":[{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"input_image\",\"file_id\":\""
            + picture
            + "\"}]}]";
    for (SharedObject.Access access : SharedObject.Access.values()) {
      rig.held.share(
          new ObjectName(ObjectKind.VECTOR_STORES, store),
          new SharedObject(access, new UUID(0, 1), true));
      rig.held.share(file(picture), new SharedObject(access, new UUID(0, 1), true));
      int expected = access == SharedObject.Access.READ ? 200 : 404;
      assertThat(post(bob, "vector_stores/" + store + "/search", "{\"query\":\"q\"}").status())
          .isEqualTo(expected);
      for (String request : List.of(search, look)) {
        assertThat(post(bob, "responses", request + "}").status()).isEqualTo(200);
        for (String harmless :
            List.of("reasoning.encrypted_content", "web_search_call.action.sources")) {
          assertThat(include(request, harmless).status()).as(harmless).isEqualTo(200);
        }
        for (String shown :
            List.of(
                "file_search_call.results",
                "message.input_image.image_url",
                "File_Search_Call.results",
                "new_call.results")) {
          assertThat(include(request, shown).status()).as(shown).isEqualTo(expected);
        }
      }
    }

    String own = id(post(bob, "responses", search + "}"));
    String later = "responses/" + own + "/input_items?include=";
    for (String name : List.of("include", "include%5B%5D")) { // OpenAI's SDKs send the second
      String path = "responses/" + own + "?" + name + "=reasoning.encrypted_content";
      assertThat(bob.get(Rig.path(path)).status()).as(name).isEqualTo(200);
    }
    for (String path :
        List.of(
            "responses/" + own + "?include=file_search_call.results",
            "responses/" + own + "?include%5B%5D=file_search_call.results",
            later.replace("include", "include[]") + "file_search_call.results",
            "responses/" + own + "?include=reasoning.encrypted_content&include=file%5Fsearch_x",
            later + "message.input_image.image_url")) {
      TestResponse answer = bob.get(Rig.path(path));
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.values("x-claviger-error")).containsExactly("query_parameter_not_allowed");
    }
  }

  private TestResponse include(String request, String value) {
    return post(bob, "responses", request + ",\"include\":[\"" + value + "\"]}");
  }

  /** The text of a document or a recording is its content. */
  @Test
  void a_shared_file_is_read_out_only_if_its_content_may_be_read() {
    String id = unheld(upload(carol, "a.pdf"));
    String named = "{\"model\":\"m\",\"document\":{\"type\":\"file\",\"file_id\":\"" + id + "\"}}";
    for (SharedObject.Access access : SharedObject.Access.values()) {
      rig.held.share(file(id), new SharedObject(access, new UUID(0, 1), true));
      for (String path : List.of("ocr", "audio/transcriptions", "audio/translations")) {
        assertThat(post(bob, path, named).values("x-claviger-error"))
            .as(path)
            .isEqualTo(
                access == SharedObject.Access.READ ? List.of() : List.of("object_not_found"));
      }
    }
  }

  /** Whoever reads a path may end an id at a colon. */
  @Test
  void a_path_that_names_anything_beside_an_own_object_is_not_sent() {
    String carols = id(post(carol, "vector_stores", "{\"name\":\"s\"}"));
    String bobs = id(post(bob, "vector_stores", "{\"name\":\"s\"}"));
    String file = id(upload(bob, "a.txt"));
    int sent = rig.stub.requests().size();

    for (String store :
        List.of(carols + ":" + bobs, bobs + ":" + carols, ":" + bobs, carols + "%3A" + bobs)) {
      String path = "vector_stores/" + store;
      assertThat(post(bob, path + "/search", "{\"query\":\"q\"}").status()).isEqualTo(404);
      assertThat(bob.get(Rig.path(path + "/files")).status()).isEqualTo(404);
      assertThat(bob.get(Rig.path("v1/" + path + "/files")).status()).isEqualTo(404);
    }
    assertThat(bob.get(Rig.path("files/file-x:" + file + "/content")).status()).isEqualTo(404);
    assertThat(bob.get(Rig.path("conversations/conv_1:conv_2/items")).status()).isEqualTo(404);
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  @Test
  void a_file_is_uploaded_in_parts() {
    String begin =
        "{\"bytes\":5,\"filename\":\"a\",\"mime_type\":\"text/plain\",\"purpose\":\"user_data\"}";
    String id = id(post(bob, "uploads", begin));
    String part = id(part(bob, id));
    String complete = "{\"part_ids\":[\"" + part + "\"]}";

    assertThat(part(carol, id).status()).isEqualTo(404);
    assertThat(post(carol, "uploads/" + id + "/complete", complete).status()).isEqualTo(404);
    String carols = id(post(carol, "uploads", begin));
    assertThat(post(carol, "uploads/" + carols + "/complete", complete).status()).isEqualTo(404);
    assertThat(bob.get(Rig.path("files")).body()).contains("\"data\":[]");
    TestResponse done = post(bob, "uploads/" + id + "/complete", complete);

    assertThat(done.status()).as(done.body()).isEqualTo(200);
    Matcher file = Pattern.compile("\"(file-[A-Za-z0-9]+)\"").matcher(done.body());
    assertThat(file.find()).isTrue();
    assertThat(rig.held.row(file(file.group(1))).bytes()).isEqualTo(5);
    assertThat(bob.get(Rig.path("files")).body()).contains(file.group(1));
    assertThat(bob.get(Rig.path("files/" + file.group(1) + "/content")).body()).isEqualTo("hello");
    assertThat(post(bob, "uploads/" + id + "/cancel", "").status()).isEqualTo(404);
  }

  private static TestResponse part(TestClient who, String upload) {
    return who.form(
        Rig.path("uploads/" + upload + "/parts"),
        "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"p\"\r\n\r\nhello"
            + "\r\n--x--\r\n");
  }

  @Test
  void files_of_anthropic_are_kept_apart_too() {
    TestService lent = rig.at(WireFormat.ANTHROPIC).storing(ObjectKind.FILES);
    rig.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(CAROLS, lent.calledBy(new User.Id(new UUID(1, 2))));
    String id = id(anthropic(bob));
    String other = id(anthropic(bob));

    String page = bob.get(Rig.path("v1/files?limit=1"), BETA).body();
    assertThat(page)
        .contains(other)
        .endsWith(
            "\"has_more\":true,\"first_id\":\"%1$s\",\"last_id\":\"%1$s\",\"next_page\":\"%1$s\"}"
                .formatted(other));
    assertThat(bob.get(Rig.path("v1/files?after_id=" + other), BETA).body()).contains(id);
    assertThat(id(bob.get(Rig.path("v1/files/" + id), BETA))).isEqualTo(id);
    assertThat(carol.get(Rig.path("v1/files/" + id), BETA).status()).isEqualTo(404);
    assertThat(carol.delete(Rig.path("v1/files/" + id), BETA).status()).isEqualTo(404);
    assertThat(bob.delete(Rig.path("v1/files/" + id), BETA).status()).isEqualTo(200);
    assertThat(rig.held.names()).containsExactly(file(other));
  }

  private static final String[] BETA = {
    "anthropic-version", "2023-06-01", "anthropic-beta", "files-api-2025-04-14"
  };

  private static TestResponse anthropic(TestClient who) {
    return who.send(
        "POST",
        Rig.path("v1/files"),
        BodyPublishers.ofString(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p\"\r\n"
                + "Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"),
        "Content-Type",
        "multipart/form-data; boundary=x",
        BETA[0],
        BETA[1],
        BETA[2],
        BETA[3]);
  }

  @Test
  void what_a_caller_who_has_left_made_is_theirs() {
    String json = "{\"model\":\"stub-slow-first-byte-300\",\"input\":\"one\"}";
    try (RawCaller raw = new RawCaller(rig)) {
      raw.post("responses", json, BOBS);
      rig.stub.awaitRequests(1, Rig.PATIENCE);
    }

    Rig.await(() -> !rig.held.names().isEmpty());
    assertThat(rig.held.names()).anyMatch(name -> name.id().startsWith("resp_"));
  }

  @Test
  void members_of_a_project_add_to_what_another_member_made_but_do_not_delete_it() {
    UUID project = new UUID(2, 1);
    TestService lent =
        rig.at(WireFormat.OPENAI)
            .storing(
                ObjectKind.FILES,
                ObjectKind.CONVERSATIONS,
                ObjectKind.VECTOR_STORES,
                ObjectKind.CONTAINERS);
    rig.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))).through(project));
    rig.authorizer.grant(CAROLS, lent.calledBy(new User.Id(new UUID(1, 2))).through(project));
    String file = id(upload(bob, "a.txt"));
    String store = id(post(bob, "vector_stores", "{}"));
    String container = id(post(bob, "containers", "{\"name\":\"c\"}"));
    String conversation = id(post(bob, "conversations", "{}"));
    String named = "{\"file_id\":\"" + file + "\"}";
    String item = "{\"type\":\"message\",\"role\":\"user\",\"content\":\"Hello\"}";

    assertThat(post(carol, "vector_stores/" + store + "/files", named).status()).isEqualTo(200);
    assertThat(
            post(
                    carol,
                    "vector_stores/" + store + "/file_batches",
                    "{\"file_ids\":[\"" + file + "\"]}")
                .status())
        .isEqualTo(200);
    assertThat(post(carol, "containers/" + container + "/files", named).status()).isEqualTo(200);
    TestResponse added =
        post(carol, "conversations/" + conversation + "/items", "{\"items\":[" + item + "]}");
    assertThat(added.status()).as(added.body()).isEqualTo(200);

    assertThat(post(carol, "vector_stores/" + store, "{\"name\":\"n\"}").status()).isEqualTo(404);
    for (String path :
        List.of(
            "vector_stores/" + store + "/files/" + file,
            "vector_stores/" + store,
            "containers/" + container,
            "conversations/" + conversation)) {
      assertThat(carol.delete(Rig.path(path)).status()).as(path).isEqualTo(404);
    }
    assertThat(bob.delete(Rig.path("vector_stores/" + store)).status()).isEqualTo(200);
  }

  @Test
  void an_upload_may_be_larger_than_other_bodies_and_ends_with_the_share() {
    try (Rig small = new Rig(with -> with.withBodySizes(new BodySizes(1_000, 100_000, 32 << 20)))) {
      TestService lent = small.at(WireFormat.OPENAI).storing(ObjectKind.FILES);
      small.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))));
      TestClient who = small.anonymous().withToken(BOBS);

      assertThat(upload(who, "a", "n".repeat(50_000)).status()).isEqualTo(200);
      assertThat(upload(who, "a", "n".repeat(200_000)).status()).isEqualTo(413);
      assertThat(
              post(who, "chat/completions", "{\"model\":\"" + "m".repeat(2_000) + "\"}").status())
          .isEqualTo(413);

      try (RawCaller raw = new RawCaller(small)) {
        raw.send(
            RawCaller.head("POST", "files", BOBS)
                + "Content-Type: multipart/form-data; boundary=x\r\n"
                + "Content-Length: 90000\r\n\r\n--x\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello");
        small.authorizer.lookingAgain(call -> Optional.of(CallRefusal.STORAGE_NOT_LENT));
        assertThat(raw.untilClosed()).contains("403").contains("storage_not_lent");
      }
      assertThat(small.held.names()).hasSize(1);
    }
  }

  @Test
  void sixteen_threads_make_list_and_delete_and_nothing_is_left() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<?>> all =
          IntStream.range(0, 16)
              .<Future<?>>mapToObj(
                  i -> threads.submit(() -> makeListDelete(i % 2 == 0 ? bob : carol)))
              .toList();
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    }

    assertThat(rig.held.names()).isEmpty();
    assertThat(rig.stub.objectIds(TestService.KEY)).isEmpty();
  }

  private static void makeListDelete(TestClient who) {
    for (int i = 0; i < 10; i++) {
      String id = id(upload(who, i + ".txt"));
      assertThat(who.get(Rig.path("files?limit=20")).status()).isEqualTo(200);
      assertThat(id(who.get(Rig.path("files/" + id)))).isEqualTo(id);
      assertThat(who.delete(Rig.path("files/" + id)).status()).isEqualTo(200);
      assertThat(who.get(Rig.path("files/" + id)).status()).isEqualTo(404);
    }
  }

  @Test
  void an_id_that_is_used_again_belongs_to_who_made_it_last() {
    String id = id(upload(bob, "a.txt"));
    assertThat(bob.delete(Rig.path("files/" + id)).status()).isEqualTo(200);
    rig.held.record(made(id, new UUID(1, 2)));

    assertThat(bob.get(Rig.path("files/" + id)).values("x-claviger-error"))
        .containsExactly("object_not_found");
  }

  private static NewObject made(String id, UUID by) {
    return new NewObject(
        new Instance.Id(new UUID(0, 2)),
        file(id),
        new ObjectCaller(
            by, ObjectHolder.user(by), false, false, by, Optional.empty(), by, false, 1),
        ObjectQuota.DEFAULT,
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"file_id\":[\"ID\"]}",
        "{\"file_id\":7}",
        "{\"file_id\":\"ID\",\"file_id\":\"ID\"}",
        "{\"File_Id\":\"ID\"}"
      })
  void a_reference_that_can_be_read_in_two_ways_is_refused_even_to_its_maker(String body) {
    String id = id(upload(bob, "a.txt"));
    String store = id(post(bob, "vector_stores", "{}"));

    TestResponse answer = post(bob, "vector_stores/" + store + "/files", body.replace("ID", id));

    assertThat(answer.status()).as(answer.body()).isIn(400, 404);
  }

  @Test
  void only_what_is_stored_is_held() {
    String chat = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}";
    assertThat(post(bob, "chat/completions", chat.formatted("")).status()).isEqualTo(200);
    assertThat(post(bob, "responses", "{\"model\":\"m\",\"input\":\"x\",\"store\":false}").status())
        .isEqualTo(200);
    assertThat(rig.held.names()).isEmpty();

    String id = id(post(bob, "chat/completions", chat.formatted(",\"store\":true")));

    assertThat(rig.held.names()).containsExactly(new ObjectName(ObjectKind.RESPONSES, id));
    assertThat(id(bob.get(Rig.path("chat/completions/" + id)))).isEqualTo(id);
    assertThat(carol.get(Rig.path("chat/completions/" + id)).status()).isEqualTo(404);
    post(bob, "responses", "{\"model\":\"m\",\"input\":\"x\",\"store\":true}");
    assertThat(bob.get(Rig.path("chat/completions?limit=1")).body())
        .as("responses are not in the list of chats")
        .contains(id, "\"has_more\":false");
    assertThat(carol.get(Rig.path("chat/completions")).body()).contains("\"data\":[]");
  }
}
