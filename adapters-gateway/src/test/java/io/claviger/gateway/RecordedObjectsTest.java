package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Origin;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.gateway.model.AnswerRoom;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Tests what the ledger contains after calls. */
class RecordedObjectsTest {
  private static final String BOBS = "clv_bob";
  private static final String CAROLS = "clv_carol";

  /** More than the gateway and the buffers of two sockets can keep of an answer. */
  private static final int MEGABYTES = 40;

  private static final ObjectName TOOLS_CONTAINER = new ObjectName(ObjectKind.CONTAINERS, "cntr_1");

  /** The beginning of a response for which a tool has run in a container. */
  private static final String TOOL_USED =
      """
      {"id":"resp_1","object":"response","status":"completed","model":"m","output":[
      {"id":"ci_1","type":"code_interpreter_call","container_id":"cntr_1"},
      {"id":"msg_1","text":"\
      """;

  @AutoClose private final Rig rig = new Rig();

  private TestClient caller(String token, WireFormat format, ObjectKind... kinds) {
    TestService lent = rig.at(format).storing(kinds);
    rig.authorizer.grant(
        token, lent.calledBy(new User.Id(new UUID(1, token.equals(BOBS) ? 1 : 2))));
    return rig.anonymous().withToken(token);
  }

  private static TestResponse send(TestClient who, String method, String path, String json) {
    return who.json(method, Rig.path(path), json);
  }

  private static String found(String pattern, TestResponse answer) {
    return answer.found(Pattern.compile(pattern));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "false | {\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}",
        "true | {\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}",
        "false | {\"type\":\"shell\",\"environment\":{\"type\":\"container_auto\"}}",
        "true | {\"type\":\"shell\",\"environment\":{\"type\":\"container_auto\"}}"
      })
  void a_container_is_recorded_where_responses_are_not_stored(boolean streamed, String tool) {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.CONTAINERS);
    TestClient carol = caller(CAROLS, WireFormat.OPENAI, ObjectKind.CONTAINERS);

    TestResponse answer =
        send(
            bob,
            "POST",
            "responses",
            """
            {"model":"m","input":"one","stream":%s,"store":false,
            "tools":[%s]}"""
                .formatted(streamed, tool));

    String container = found("\"(cntr_[A-Za-z0-9]+)\"", answer);
    assertThat(rig.held.names()).containsExactly(new ObjectName(ObjectKind.CONTAINERS, container));
    assertThat(bob.get(Rig.path("containers/" + container)).status()).isEqualTo(200);
    assertThat(carol.get(Rig.path("containers/" + container)).status()).isEqualTo(404);
  }

  private TestClient callerOfAzure(String token, ObjectKind... kinds) {
    TestService lent =
        TestService.at(rig.stub.baseUrl(), WireFormat.OPENAI)
            .storing(kinds)
            .of(Provider.AZURE)
            .lending(
                new Operation("POST responses"),
                new Operation("POST openai/responses"),
                new Operation("POST openai/v1/responses"))
            .forwarding("api-version");
    rig.authorizer.grant(
        token, lent.calledBy(new User.Id(new UUID(1, token.equals(BOBS) ? 1 : 2))));
    return rig.anonymous().withToken(token);
  }

  /** The endpoint is the address of the resource, below which Azure's paths begin with more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "responses",
        "openai/v1/responses",
        "openai/responses?api-version=2025-04-01-preview"
      })
  void a_container_of_a_resource_of_azure_is_recorded(String path) {
    TestClient bob = callerOfAzure(BOBS, ObjectKind.CONTAINERS);
    TestClient carol = callerOfAzure(CAROLS, ObjectKind.CONTAINERS);
    String request =
        "{\"model\":\"m\",\"input\":\"one\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":%s}]}";

    TestResponse answer = send(bob, "POST", path, request.formatted("{\"type\":\"auto\"}"));

    String container = found("\"(cntr_[A-Za-z0-9]+)\"", answer);
    assertThat(rig.held.names()).containsExactly(new ObjectName(ObjectKind.CONTAINERS, container));
    String next = request.formatted("\"" + container + "\"");
    assertThat(send(bob, "POST", path, next).status()).isEqualTo(200);
    assertThat(send(carol, "POST", path, next).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "openai/v1/, ''",
    "openai/, ?api-version=2024-10-21",
  })
  void stored_objects_of_a_resource_of_azure_are_lent(String prefix, String query) {
    TestClient bob = callerOfAzure(BOBS, ObjectKind.VECTOR_STORES);
    TestClient carol = callerOfAzure(CAROLS, ObjectKind.VECTOR_STORES);

    TestResponse made = send(bob, "POST", prefix + "vector_stores" + query, "{}");

    assertThat(made.status()).as(made.body()).isEqualTo(200);
    String id = found("\"(vs_[A-Za-z0-9]+)\"", made);
    assertThat(rig.held.names()).containsExactly(new ObjectName(ObjectKind.VECTOR_STORES, id));
    String path = Rig.path(prefix + "vector_stores/" + id + query);
    assertThat(bob.get(path).status()).isEqualTo(200);
    assertThat(carol.get(path).status()).isEqualTo(404);
    assertThat(bob.delete(path).status()).isEqualTo(200);
    assertThat(rig.held.names()).isEmpty();
    assertThat(rig.stub.requests())
        .extracting(RecordedRequest::uri)
        .containsExactly(
            "/openai/v1/vector_stores",
            "/openai/v1/vector_stores/" + id,
            "/openai/v1/vector_stores/" + id);
  }

  private TestClient callerOfMistral(String token, ObjectKind... kinds) {
    TestService lent = rig.at(WireFormat.OPENAI).storing(kinds).of(Provider.MISTRAL);
    rig.authorizer.grant(
        token, lent.calledBy(new User.Id(new UUID(1, token.equals(BOBS) ? 1 : 2))));
    return rig.anonymous().withToken(token);
  }

  private static TestResponse paint(TestClient who, boolean streamed) {
    return send(
        who,
        "POST",
        "chat/completions",
        """
        {"model":"m","stream":%s,"tools":[{"type":"image_generation"}],
        "messages":[{"role":"user","content":"stub:usage image=2"}]}"""
            .formatted(streamed));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void images_that_a_chat_stores_are_recorded(boolean streamed) {
    TestClient bob = callerOfMistral(BOBS, ObjectKind.FILES);
    TestClient carol = callerOfMistral(CAROLS, ObjectKind.FILES);

    TestResponse answer = paint(bob, streamed);

    String image = found("\"file_id\": \"(file-[A-Za-z0-9]+)\"", answer);
    assertThat(rig.held.names())
        .hasSize(2)
        .allMatch(each -> each.kind() == ObjectKind.FILES)
        .contains(new ObjectName(ObjectKind.FILES, image));
    assertThat(bob.get(Rig.path("files/" + image)).status()).isEqualTo(200);
    assertThat(carol.get(Rig.path("files/" + image)).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void no_chat_stores_images_where_files_are_not_lent(boolean streamed) {
    TestClient bob = callerOfMistral(BOBS);
    TestClient carol = callerOfMistral(CAROLS, ObjectKind.RESPONSES, ObjectKind.CONTAINERS);
    rig.authorizer.grant("clv_other", rig.at(WireFormat.OPENAI).storing());

    for (TestClient each : List.of(bob, carol)) {
      TestResponse answer = paint(each, streamed);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("storage_not_lent").contains("of the kind files");
    }
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(paint(rig.anonymous().withToken("clv_other"), streamed).status()).isEqualTo(200);
  }

  /** OpenAI keeps what a model has said for an hour, whether or not it stores the chat. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void a_chat_goes_on_with_what_the_model_has_said(boolean streamed, boolean stored) {
    String chat =
        "{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"%s\":{\"audio\":{\"id\":\"audio_1\"}}}]}";
    String body =
        streamed
            ? "data: " + chat.formatted("delta") + "\n\ndata: [DONE]\n\n"
            : chat.formatted("message");
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(streamed ? "text/event-stream" : "application/json", body.length(), body);
    String request =
        "{\"model\":\"m\",\"store\":%s,\"audio\":{\"voice\":\"coral\",\"format\":\"wav\"},"
            + "\"messages\":[{\"role\":\"assistant\",\"audio\":%s}]}";
    try (RawProvider provider = new RawProvider(answer, false)) {
      TestClient bob = borrower(BOBS, provider);
      TestClient carol = borrower(CAROLS, provider);
      String next = request.formatted("false", "{\"id\":\"audio_1\"}");

      assertThat(send(bob, "POST", "chat/completions", next).status()).isEqualTo(404);
      assertThat(send(bob, "POST", "chat/completions", request.formatted(stored, "null")).body())
          .contains("audio_1");
      // So nobody tries to delete the spoken answer alone, which providers can't do.
      assertThat(rig.held.row(new ObjectName(ObjectKind.RESPONSES, "audio_1")).parent())
          .contains("chatcmpl-1");
      assertThat(send(bob, "POST", "chat/completions", next).status()).isEqualTo(200);
      assertThat(send(carol, "POST", "chat/completions", next).status()).isEqualTo(404);
    }
  }

  /** The client of a borrower at a service that lends responses. */
  private TestClient borrower(String token, RawProvider provider) {
    TestService lent =
        TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
            .storing(ObjectKind.RESPONSES);
    rig.authorizer.grant(
        token, lent.calledBy(new User.Id(new UUID(1, token.equals(BOBS) ? 1 : 2))));
    return rig.anonymous().withToken(token);
  }

  /** LiteLLM's ids contain other ids, in Base64. */
  @Test
  void a_response_with_a_long_id_is_stored_and_continued() {
    String id = "resp_" + "bGl0".repeat(140) + "aQ==";
    String body = "{\"id\":\"" + id + "\"}";
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    try (RawProvider provider = new RawProvider(answer, false)) {
      TestClient bob = borrower(BOBS, provider);
      TestClient carol = borrower(CAROLS, provider);
      String next = "{\"model\":\"m\",\"input\":\"x\",\"previous_response_id\":\"" + id + "\"}";

      TestResponse first = send(bob, "POST", "responses", "{\"model\":\"m\",\"input\":\"x\"}");
      assertThat(first.status()).as(first.body()).isEqualTo(200);
      assertThat(bob.get(Rig.path("responses/" + id)).status()).isEqualTo(200);
      assertThat(bob.get(Rig.path("responses/" + id.replace("=", "%3D"))).status()).isEqualTo(200);
      assertThat(carol.get(Rig.path("responses/" + id)).status()).isEqualTo(404);
      assertThat(send(carol, "POST", "responses", next).status()).isEqualTo(400);
      assertThat(send(bob, "POST", "responses", next).status()).isEqualTo(200);
    }
  }

  @Test
  void usage_counts_what_is_made_and_the_bytes_of_files() {
    TestClient bob =
        caller(
            BOBS, WireFormat.OPENAI, ObjectKind.FILES, ObjectKind.RESPONSES, ObjectKind.CONTAINERS);
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\r\n--x--\r\n";
    bob.form(Rig.path("files"), form);
    assertThat(stored(1)).isEqualTo(new StoredUsage(1, form.length()));
    assertThat(bob.get(Rig.path("files")).status()).isEqualTo(200);
    String tools = ",\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]";
    String response =
        found(
            "\"(resp_[A-Za-z0-9]+)\"",
            send(bob, "POST", "responses", "{\"model\":\"m\",\"input\":\"one\"" + tools + "}"));
    assertThat(stored(3)).isEqualTo(new StoredUsage(2, 0));
    assertThat(bob.get(Rig.path("responses/" + response)).status()).isEqualTo(200);
    assertThat(stored(4)).isEqualTo(StoredUsage.NONE);
    String chat = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    assertThat(send(bob, "POST", "chat/completions", chat).status()).isEqualTo(200);
    assertThat(stored(5)).isEqualTo(StoredUsage.NONE);
  }

  private StoredUsage stored(int calls) {
    return rig.events.awaitFinished(calls).used().orElseThrow().counts().stored();
  }

  private static final String UPLOAD =
      "{\"bytes\":5,\"filename\":\"a\",\"mime_type\":\"text/plain\",\"purpose\":\"user_data\"}";

  private String uploaded(TestClient bob) {
    String upload = found("\"(upload_[A-Za-z0-9]+)\"", send(bob, "POST", "uploads", UPLOAD));
    TestResponse part =
        bob.form(
            Rig.path("uploads/" + upload + "/parts"),
            "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"p\"\r\n\r\nhello"
                + "\r\n--x--\r\n");
    return upload + " " + found("\"id\"\\s*:\\s*\"(part_[A-Za-z0-9]+)\"", part);
  }

  private Instant expiry(String uploaded) {
    ObjectName upload = new ObjectName(ObjectKind.FILES, uploaded.split(" ")[0]);
    return rig.held.row(upload).expiresAt().orElseThrow();
  }

  private static TestResponse complete(TestClient bob, String uploaded) {
    String[] ids = uploaded.split(" ");
    return send(
        bob, "POST", "uploads/" + ids[0] + "/complete", "{\"part_ids\":[\"" + ids[1] + "\"]}");
  }

  @Test
  void a_file_beyond_the_quota_is_left_to_be_deleted_and_its_upload_has_ended() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.FILES);
    String uploaded = uploaded(bob);
    rig.held.answer(Recorded.FULL);

    TestResponse answer = complete(bob, uploaded);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("too_many_objects");
    assertThat(rig.held.orphans).hasSize(1);
    assertThat(rig.held.orphans.getFirst().name().id()).startsWith("file-");
    assertThat(rig.held.names()).noneMatch(name -> name.id().startsWith("upload_"));
  }

  @Test
  void the_log_names_a_file_that_is_left_at_the_provider_without_a_record() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.FILES);
    String uploaded = uploaded(bob);
    rig.held.answer(Recorded.FULL);
    rig.held.orphaned = Recorded.FULL;

    String line = lineAboutOrphan(() -> complete(bob, uploaded));

    assertThat(line).endsWith("finds it with claviger objects reconcile");
  }

  /** Anthropic has no operation that lists containers, so no comparison could show them. */
  @Test
  void the_log_advises_no_comparison_with_a_list_that_the_provider_does_not_have() {
    TestClient bob = caller(BOBS, WireFormat.ANTHROPIC, ObjectKind.CONTAINERS);
    rig.held.answer(Recorded.FULL, ObjectKind.CONTAINERS);
    rig.held.orphaned = Recorded.GONE;
    String request =
        "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
            + "\"tools\":[{\"type\":\"code_execution_20250825\",\"name\":\"code_execution\"}]}";

    String line = lineAboutOrphan(() -> send(bob, "POST", "v1/messages", request));

    assertThat(line)
        .doesNotContain("finds it")
        .endsWith("claviger objects reconcile does not compare such objects");
  }

  /** Returns what the log says about the object that a refused call leaves at the provider. */
  private String lineAboutOrphan(Supplier<TestResponse> call) {
    Logger logger = (Logger) LoggerFactory.getLogger("io.claviger.gateway.relay.ObjectRecorder");
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try {
      assertThat(call.get().status()).isEqualTo(403);
    } finally {
      logger.detachAppender(heard);
    }

    String left = rig.held.orphans.getFirst().name().id();
    return heard.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(left + " of service "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_file_of_an_upload_is_recorded_although_the_caller_has_left() throws Exception {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.FILES);
    String[] ids = uploaded(bob).split(" ");

    ObjectName file = new ObjectName(ObjectKind.FILES, "file-late");
    leave(
        "uploads/" + ids[0] + "/complete",
        "{\"id\":\"%s\",\"status\":\"completed\",\"file\":{\"id\":\"file-late\",\"bytes\":5}}"
            .formatted(ids[0]),
        file);

    assertThat(rig.held.row(file).bytes()).isEqualTo(5);
    assertThat(rig.held.names()).noneMatch(name -> name.id().startsWith("upload_"));
  }

  @Test
  void a_file_in_a_container_is_recorded_although_the_caller_has_left() throws Exception {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.FILES, ObjectKind.CONTAINERS);
    String container = container(bob);

    ObjectName file = new ObjectName(ObjectKind.CONTAINERS, "cfile_late");
    leave("containers/" + container + "/files", "{\"id\":\"cfile_late\",\"bytes\":5}", file);

    assertThat(rig.held.row(file).bytes()).isEqualTo(5);
    assertThat(rig.held.row(file).parent()).contains(container);
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, containers/CONTAINER, CONTAINER",
    "DELETE, containers/CONTAINER/files/PART, PART",
    "POST, uploads/UPLOAD/cancel, UPLOAD"
  })
  void a_deletion_is_recorded_although_the_caller_has_left(String method, String path, String what)
      throws Exception {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.FILES, ObjectKind.CONTAINERS);
    String container = container(bob);
    Map<String, String> ids =
        Map.of(
            "CONTAINER",
            container,
            "PART",
            found("\"(cfile_[A-Za-z0-9]+)\"", add(bob, container)),
            "UPLOAD",
            uploaded(bob).split(" ")[0]);
    String id = ids.get(what);
    assertThat(rig.held.names()).anyMatch(name -> name.id().equals(id));

    String below = path;
    for (Map.Entry<String, String> each : ids.entrySet()) {
      below = below.replace(each.getKey(), each.getValue());
    }
    leave(
        method,
        below,
        "{\"id\":\"%s\",\"deleted\":true,\"status\":\"cancelled\"}".formatted(id),
        () -> rig.held.names().stream().noneMatch(name -> name.id().equals(id)));
  }

  private void leave(String path, String answer, ObjectName made) throws Exception {
    leave("POST", path, answer, () -> rig.held.names().contains(made));
  }

  /** Bob calls an operation, and hangs up before the answer. */
  private void leave(String method, String path, String answer, BooleanSupplier done)
      throws Exception {
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      rig.authorizer.grant(
          BOBS,
          TestService.at("http://127.0.0.1:" + slow.getLocalPort() + "/v1", WireFormat.OPENAI)
              .storing(ObjectKind.FILES, ObjectKind.CONTAINERS)
              .calledBy(new User.Id(new UUID(1, 1))));
      int before = rig.events.openConnections();
      try (RawCaller leaving = new RawCaller(rig)) {
        if (method.equals("POST")) {
          leaving.post(path, "{}", BOBS);
        } else {
          leaving.send(RawCaller.head(method, path, BOBS) + "\r\n");
        }
        try (Socket provider = slow.accept()) {
          assertThat(provider.getInputStream().read()).isEqualTo(method.charAt(0));
          leaving.reset();
          rig.events.await(() -> rig.events.openConnections() <= before);
          provider
              .getOutputStream()
              .write(
                  ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                          + answer.length()
                          + "\r\n\r\n"
                          + answer)
                      .getBytes(US_ASCII));
          Rig.await(done);
        }
      }
    }
  }

  private String container(TestClient bob) {
    return found("\"(cntr_[A-Za-z0-9]+)\"", send(bob, "POST", "containers", "{\"name\":\"c\"}"));
  }

  private static TestResponse add(TestClient who, String container) {
    return who.form(
        Rig.path("containers/" + container + "/files"),
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhello"
            + "\r\n--x--\r\n");
  }

  @Test
  void the_bytes_of_a_file_in_a_container_count_until_the_file_is_deleted() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.CONTAINERS);
    String container = container(bob);
    String other = container(bob);
    String id = found("\"(cfile_[A-Za-z0-9]+)\"", add(bob, container));
    ObjectName file = new ObjectName(ObjectKind.CONTAINERS, id);
    assertThat(rig.held.row(file).bytes()).isEqualTo(5);

    assertThat(bob.delete(Rig.path("containers/" + other + "/files/" + id)).status())
        .isEqualTo(404);
    assertThat(rig.held.names()).contains(file);
    assertThat(bob.delete(Rig.path("containers/" + container + "/files/" + id)).status())
        .isEqualTo(200);

    assertThat(rig.held.names())
        .containsExactlyInAnyOrder(
            new ObjectName(ObjectKind.CONTAINERS, container),
            new ObjectName(ObjectKind.CONTAINERS, other));
  }

  @Test
  void a_file_in_a_container_beyond_the_quota_is_deleted_again() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.CONTAINERS);
    String container = container(bob);
    rig.held.answer(Recorded.FULL);

    TestResponse answer = add(bob, container);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("too_many_objects");
    assertThat(bob.get(Rig.path("containers/" + container + "/files")).body())
        .doesNotContain("cfile_");
    assertThat(rig.held.orphans).isEmpty();
  }

  @Test
  void an_upload_becomes_its_file_in_one_step() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.FILES);
    String uploaded = uploaded(bob);
    assertThat(rig.held.names())
        .hasSize(2)
        .extracting(name -> rig.held.row(name).expiresAt().orElseThrow())
        .containsOnly(expiry(uploaded));

    String file = found("\"(file-[A-Za-z0-9]+)\"", complete(bob, uploaded));

    assertThat(rig.held.names())
        .contains(new ObjectName(ObjectKind.FILES, file))
        .noneMatch(name -> name.id().startsWith("upload_"));
    assertThat(rig.held.ended).isEmpty();
    assertThat(complete(bob, uploaded).status()).isEqualTo(404);
  }

  @Test
  void a_response_whose_container_has_no_room_leaves_neither() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.RESPONSES, ObjectKind.CONTAINERS);
    rig.held.answer(Recorded.FULL, ObjectKind.CONTAINERS);

    TestResponse answer =
        send(
            bob,
            "POST",
            "responses",
            """
            {"model":"m","input":"one",
            "tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""");

    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(rig.held.orphans)
        .extracting(each -> each.name().kind())
        .containsExactly(ObjectKind.CONTAINERS);
    assertThat(rig.held.ended)
        .extracting(each -> each.name().id().substring(0, 5))
        .containsExactly("resp_");
    assertThat(rig.held.names()).noneMatch(name -> name.id().startsWith("resp_"));
    assertThat(rig.stub.objectIds(TestService.KEY)).noneMatch(id -> id.startsWith("resp_"));
  }

  /** A provider may state an id that it gave to somebody else. */
  @ParameterizedTest
  @EnumSource(names = {"FULL", "GONE"})
  void the_object_of_somebody_else_stays_although_another_one_has_no_room(Recorded other) {
    ObjectName carols = new ObjectName(ObjectKind.RESPONSES, "resp_1");
    rig.held.hold(carols, new User.Id(new UUID(1, 2)));
    rig.held.answer(other, ObjectKind.CONTAINERS);
    String body = TOOL_USED + "\"}]}";
    TestResponse answer;
    try (RawProvider provider =
        new RawProvider(new String(head(body.length()), US_ASCII) + body, false)) {
      rig.authorizer.grant(
          BOBS,
          TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI)
              .storing(ObjectKind.RESPONSES, ObjectKind.CONTAINERS)
              .calledBy(new User.Id(new UUID(1, 1))));
      answer =
          send(
              rig.anonymous().withToken(BOBS),
              "POST",
              "responses",
              "{\"model\":\"m\",\"input\":\"one\"}");
    }

    assertThat(answer.values("x-claviger-error")).containsExactly("object_not_recorded");
    assertThat(rig.held.names()).contains(carols);
    assertThat(rig.held.ended).isEmpty();
    assertThat(rig.held.orphans).extracting(NewObject::name).containsExactly(TOOLS_CONTAINER);
  }

  @Test
  void a_container_is_charged_by_the_memory_with_which_it_was_made() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.CONTAINERS);
    String made =
        found(
            "\"(cntr_[A-Za-z0-9]+)\"",
            send(bob, "POST", "containers", "{\"name\":\"a\",\"memory_limit\":\"64g\"}"));
    assertThat(rig.held.row(new ObjectName(ObjectKind.CONTAINERS, made)).purpose()).contains("64g");
    String request =
        "{\"model\":\"m\",\"input\":\"one\",\"tools\":[{\"type\":\"code_interpreter\","
            + "\"container\":%s}]}";

    send(bob, "POST", "responses", request.formatted("\"" + made + "\""));
    send(bob, "POST", "responses", request.formatted("{\"type\":\"auto\"}"));

    assertThat(fees(3)).isEqualTo(FeesUsed.of(FeeKind.CODE_INTERPRETER, 1));
    assertThat(fees(2)).isEqualTo(FeesUsed.of(FeePiece.container("64g"), 1));
  }

  /**
   * For example, a response continues an earlier one, and the provider uses the container of the
   * earlier response.
   */
  @Test
  void a_container_that_the_request_does_not_name_is_charged_by_its_memory_too() {
    String answer =
        """
        {"id":"resp_1","object":"response","status":"completed","model":"m","output":[
        {"id":"ci_1","type":"code_interpreter_call","status":"completed","container_id":"cntr_1"}],
        "usage":{"input_tokens":1,"output_tokens":1}}""";
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
    try (RawProvider provider = new RawProvider(head.formatted(answer.length()) + answer, false)) {
      User.Id holder = new User.Id(new UUID(1, 1));
      rig.authorizer.grant(
          BOBS,
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
              .storing(ObjectKind.CONTAINERS)
              .calledBy(holder));
      rig.held.hold(new ObjectName(ObjectKind.CONTAINERS, "cntr_1"), holder, Optional.of("64g"));

      TestResponse passed =
          send(
              rig.anonymous().withToken(BOBS),
              "POST",
              "responses",
              """
              {"model":"m","input":"one",
              "tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""");

      assertThat(passed.status()).as(passed.body()).isEqualTo(200);
      assertThat(fees(1)).isEqualTo(FeesUsed.of(FeePiece.container("64g"), 1));
    }
  }

  /** If the gateway read on, parts that fit again would follow the part that does not fit. */
  @Test
  void an_answer_that_is_too_large_is_not_forwarded_without_its_middle() throws Exception {
    CompletableFuture<Void> ledger = rig.held.delay();
    String end = "\"}]}";
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        RawCaller bob = askForTool(slow);
        Socket provider = slow.accept()) {
      OutputStream out = provider.getOutputStream();
      int tooMany = AnswerRoom.LARGEST + 5_000;
      out.write(head(tooMany + end.length()));
      out.write(TOOL_USED.getBytes(US_ASCII));
      out.write("x".repeat(AnswerRoom.LARGEST - 5_000 - TOOL_USED.length()).getBytes(US_ASCII));
      out.write("x".repeat(10_000).getBytes(US_ASCII));
      Rig.await(() -> ledger.getNumberOfDependents() > 0);

      out.write(end.getBytes(US_ASCII));
      caller(CAROLS, WireFormat.OPENAI).get(Rig.path("models"));
      boolean unused = ledger.complete(null);

      assertThat(bob.untilErrorEnds()).contains("HTTP/1.1 502").contains("answer_unusable");
    }
    assertThat(rig.held.names()).containsExactly(TOOLS_CONTAINER);
  }

  @Test
  void a_container_of_a_tool_is_recorded_although_the_caller_has_left() throws Exception {
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        RawCaller leaving = askForTool(slow);
        Socket provider = slow.accept()) {
      OutputStream out = provider.getOutputStream();
      out.write(head(AnswerRoom.LARGEST));
      out.write(TOOL_USED.getBytes(US_ASCII));
      // The buffers of two sockets can't keep so much: the gateway has read the beginning.
      out.write("x".repeat(AnswerRoom.LARGEST - 100_000).getBytes(US_ASCII));

      leaving.reset();

      Rig.await(() -> rig.held.names().contains(TOOLS_CONTAINER));
    }
  }

  @Test
  void a_call_whose_answer_breaks_off_ends_although_the_ledger_has_a_fault() throws Exception {
    rig.held.breakDown();
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        RawCaller bob = askForTool(slow)) {
      try (Socket provider = slow.accept()) {
        provider.getOutputStream().write(head(AnswerRoom.LARGEST));
        provider.getOutputStream().write(TOOL_USED.getBytes(US_ASCII));
      }

      assertThat(bob.untilErrorEnds()).contains("HTTP/1.1 500");
    }
  }

  /** The provider charges for each call that it has answered, so nothing may repeat the call. */
  @Test
  void a_caller_whose_answer_finds_no_memory_is_told_that_the_provider_may_charge_for_it()
      throws Exception {
    List<AnswerRoom> taken = new ArrayList<>();
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      AuthorizedCall another = toolsOf(slow).authorized("alice/my-openai");
      takeRooms(another, taken);
      int all = taken.size();
      taken.forEach(AnswerRoom::close);
      taken.clear();
      try (RawCaller bob = askForTool(slow);
          Socket provider = slow.accept()) {
        assertThat(provider.getInputStream().read()).isEqualTo('P');
        // The memory of Bob's request becomes free a moment after the provider has got it.
        Race.until(
            () -> {
              takeRooms(another, taken);
              return taken.size() == all;
            });
        OutputStream out = provider.getOutputStream();
        out.write(head(TOOL_USED.length() + 100));
        out.write(TOOL_USED.getBytes(US_ASCII));

        assertThat(bob.untilErrorEnds())
            .contains("HTTP/1.1 503", "x-should-retry: false", "answer_lost", "might charge")
            .doesNotContainIgnoringCase("retry-after", "try again");
      }
    } finally {
      taken.forEach(AnswerRoom::close);
    }
  }

  /** Takes room for answers to a caller until there is no more. */
  private void takeRooms(AuthorizedCall caller, List<AnswerRoom> taken) {
    while (true) {
      AnswerRoom room = new AnswerRoom(rig.gateway.buffering.budget(), caller);
      if (!room.holds(1)) {
        return;
      }
      taken.add(room);
    }
  }

  private static TestService toolsOf(ServerSocket provider) {
    return TestService.at("http://127.0.0.1:" + provider.getLocalPort() + "/v1", WireFormat.OPENAI)
        .storing(ObjectKind.CONTAINERS)
        .calledBy(new User.Id(new UUID(1, 1)));
  }

  private RawCaller askForTool(ServerSocket provider) {
    rig.authorizer.grant(BOBS, toolsOf(provider));
    return new RawCaller(rig)
        .post(
            "responses",
            "{\"model\":\"m\",\"input\":\"one\",\"store\":false,"
                + "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]}",
            BOBS);
  }

  private static byte[] head(int length) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(US_ASCII);
  }

  private FeesUsed fees(int call) {
    return rig.events.awaitFinished(call).used().orElseThrow().charged().orElseThrow().use().fees();
  }

  @Test
  void the_items_of_a_response_that_is_read_belong_to_whoever_made_it() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.RESPONSES);
    String id =
        found(
            "\"(resp_[A-Za-z0-9]+)\"",
            send(bob, "POST", "responses", "{\"model\":\"m\",\"input\":\"one\"}"));
    ProviderObject made = rig.held.row(new ObjectName(ObjectKind.RESPONSES, id));
    rig.held.madeBy(new UUID(8, 8));

    assertThat(bob.get(Rig.path("responses/" + id + "/input_items")).status()).isEqualTo(200);

    assertThat(rig.held.names()).hasSizeGreaterThan(2);
    assertThat(rig.held.names())
        .allMatch(name -> rig.held.row(name).maker().equals(new UUID(8, 8)));
    assertThat(made.maker()).isNotEqualTo(new UUID(8, 8));
  }

  @Test
  void what_a_call_makes_and_deletes_is_on_record_with_its_caller_and_request() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.VECTOR_STORES);
    TestResponse made = send(bob, "POST", "vector_stores", "{}");
    String id = found("\"(vs_[A-Za-z0-9]+)\"", made);
    assertThat(rig.held.recorded.getFirst().origin().orElseThrow().requestId())
        .isEqualTo(made.header("x-request-id"));

    TestResponse deleted = bob.delete(Rig.path("vector_stores/" + id));

    Origin origin = rig.held.ended.getFirst().origin().orElseThrow();
    assertThat(origin.requestId()).isEqualTo(deleted.header("x-request-id"));
    assertThat(origin.user()).isEqualTo(new UUID(1, 1));
    assertThat(origin.address()).isEqualTo("127.0.0.1");
  }

  @Test
  void a_stream_that_states_objects_without_end_is_broken_off() {
    String events =
        "data: {\"response\":{\"id\":\"resp_1\"}}\n\n"
            + IntStream.range(0, 2_000)
                .mapToObj(i -> "data: {\"item\":{\"id\":\"msg_" + i + "\"}}\n\n")
                .collect(Collectors.joining());
    String answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
            + events.length()
            + "\r\n\r\n"
            + events;
    try (RawProvider liar = new RawProvider(answer, false);
        RawCaller bob = new RawCaller(rig)) {
      rig.authorizer.grant(
          BOBS,
          TestService.at("http://127.0.0.1:" + liar.port(), WireFormat.OPENAI)
              .storing(ObjectKind.RESPONSES)
              .calledBy(new User.Id(new UUID(1, 1))));
      String json = "{\"model\":\"m\",\"input\":\"one\",\"stream\":true}";

      String got = bob.post("responses", json, BOBS).untilClosed();

      assertThat(got).contains("msg_499").doesNotContain("msg_500");
    }
    assertThat(rig.held.names()).hasSize(501);
  }

  /**
   * If the gateway read on, it would have to keep the rest of the stream in memory, and would break
   * it off.
   */
  @Test
  void no_more_of_a_stream_is_read_until_its_object_is_recorded_although_the_caller_has_left() {
    RecordedSpending spending = new RecordedSpending();
    CompletableFuture<Void> ledger = rig.held.delay();
    AtomicInteger sent = new AtomicInteger();
    try (LoopbackServer provider = new LoopbackServer(socket -> stream(socket, sent));
        RawCaller leaving = new RawCaller(rig)) {
      rig.authorizer.grantReserving(
          BOBS,
          () -> spending.reserve(true),
          TestService.at("http://127.0.0.1:" + provider.port(), WireFormat.OPENAI)
              .storing(ObjectKind.RESPONSES)
              .calledBy(new User.Id(new UUID(1, 1))));
      leaving.post("responses", "{\"model\":\"m\",\"input\":\"one\",\"stream\":true}", BOBS);
      Rig.await(() -> ledger.getNumberOfDependents() > 0);
      int open = rig.events.openConnections();

      leaving.reset();

      rig.events.await(() -> rig.events.openConnections() < open);
      int before = -1;
      while (sent.get() != before) {
        before = sent.get();
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
      assertThat(rig.events.finishedSoFar()).isZero();
      assertThat(before).isLessThan(MEGABYTES);
    }
  }

  /** Streams more than the gateway can keep, and counts the megabytes that it could send. */
  private static void stream(Socket caller, AtomicInteger sent) throws IOException {
    OutputStream out = caller.getOutputStream();
    String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    out.write((head + "data: {\"response\":{\"id\":\"resp_1\"}}\n\n").getBytes(US_ASCII));
    byte[] delta = ("data: {\"delta\":\"" + "x".repeat(1 << 20) + "\"}\n\n").getBytes(US_ASCII);
    while (sent.get() < MEGABYTES) {
      out.write(delta);
      sent.incrementAndGet();
    }
  }

  @Test
  void a_cache_expires_when_its_maker_said_last() {
    TestClient bob = caller(BOBS, WireFormat.GEMINI, ObjectKind.CACHES);
    String id =
        found(
            "\"cachedContents/([a-z0-9]+)\"",
            send(
                bob,
                "POST",
                "v1beta/cachedContents",
                """
                {"model":"models/m","ttl":"60s",
                "contents":[{"role":"user","parts":[{"text":"hello"}]}]}"""));
    ObjectName name = new ObjectName(ObjectKind.CACHES, id);
    Instant first = rig.held.row(name).expiresAt().orElseThrow();
    assertThat(first).isBefore(Instant.now().plus(Duration.ofMinutes(2)));

    TestResponse changed =
        send(
            bob, "PATCH", "v1beta/cachedContents/" + id + "?updateMask=ttl", "{\"ttl\":\"7200s\"}");
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);

    assertThat(rig.held.row(name).expiresAt().orElseThrow())
        .isAfter(first.plus(Duration.ofHours(1)));
  }

  @Test
  void a_vector_store_does_not_expire_in_the_ledger_because_each_use_moves_its_end() {
    TestClient bob = caller(BOBS, WireFormat.OPENAI, ObjectKind.VECTOR_STORES);
    String id =
        found(
            "\"(vs_[A-Za-z0-9]+)\"",
            send(
                bob,
                "POST",
                "vector_stores",
                "{\"expires_after\":{\"anchor\":\"last_active_at\",\"days\":1}}"));

    assertThat(rig.held.row(new ObjectName(ObjectKind.VECTOR_STORES, id)).expiresAt()).isEmpty();
  }
}
