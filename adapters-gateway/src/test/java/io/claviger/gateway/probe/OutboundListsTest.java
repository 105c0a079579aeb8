package io.claviger.gateway.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.port.ObjectLists;
import io.claviger.application.objects.port.ObjectLists.ProviderList;
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.domain.formats.ObjectList;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.LoopbackServer;
import io.claviger.gateway.RawProvider;
import io.claviger.gateway.TestService;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.stub.StubProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers offer and hold, and how much of it is taken. */
class OutboundListsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict());
  private final OutboundModelLists lists = new OutboundModelLists(probe);

  @ParameterizedTest
  @CsvSource({
    "OPENAI, /v1, /v1/models",
    "ANTHROPIC, '', /v1/models?limit=1000",
    "GEMINI, '', /v1beta/models?pageSize=1000",
    "COHERE, '', /v1/models?page_size=1000",
    "OLLAMA, '', /api/tags"
  })
  void each_format_is_asked_for_its_models(WireFormat format, String base, String uri) {
    Optional<List<String>> models = offered(TestService.at(stub.baseUrl() + base, format));

    assertThat(models.orElseThrow()).contains("parrot-large").doesNotHaveDuplicates();
    assertThat(stub.requests().get(0).uri()).isEqualTo(uri);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANTHROPIC | {\"data\":[{\"id\":\"m%d\"}],\"has_more\":true,\"last_id\":\"c%d\"} |"
            + " after_id=c",
        "GEMINI | {\"models\":[{\"name\":\"models/m%d\"}],\"nextPageToken\":\"c%d\"} | pageToken=c",
        "COHERE | {\"models\":[{\"name\":\"m%d\"}],\"next_page_token\":\"c%d\"} | page_token=c"
      })
  void a_list_of_pages_without_end_is_asked_for_a_hundred(
      WireFormat format, String page, String parameter) {
    AtomicInteger pages = new AtomicInteger();
    try (LoopbackServer endless =
        serving(
            line -> {
              int number = pages.incrementAndGet();
              assertThat(number == 1 || line.contains(parameter + (number - 1))).isTrue();
              return page.formatted(number, number);
            })) {
      List<String> models = offered(at(endless.port(), format)).orElseThrow();

      assertThat(models).hasSize(ListReading.MOST_PAGES).startsWith("m1", "m2");
    }
  }

  @Test
  void a_page_that_leads_to_itself_is_read_once_more_at_most() {
    AtomicInteger pages = new AtomicInteger();
    try (LoopbackServer circle =
        serving(
            line -> {
              pages.incrementAndGet();
              return "{\"models\":[{\"name\":\"models/m\"}],\"nextPageToken\":\"c\"}";
            })) {
      assertThat(offered(at(circle.port(), WireFormat.GEMINI))).contains(List.of("m"));
      assertThat(pages.get()).isEqualTo(2);
    }
  }

  @Test
  void of_a_hundred_thousand_ids_ten_thousand_are_taken() {
    String ids =
        IntStream.range(0, 100_000)
            .mapToObj("{\"id\":\"m-%d\"}"::formatted)
            .collect(Collectors.joining(","));

    assertThat(offered("{\"data\":[" + ids + "]}").orElseThrow())
        .hasSize(ModelListSource.MOST)
        .startsWith("m-0", "m-1");
  }

  @Test
  void what_is_behind_four_mebibytes_is_not_read() {
    String entry = "{\"id\":\"m\",\"x\":\"" + "x".repeat(1 << 20) + "\"},";

    assertThat(offered("{\"data\":[{\"id\":\"a\"}," + entry.repeat(6) + "{\"id\":\"z\"}]}"))
        .contains(List.of("a", "m"));
  }

  @Test
  void an_answer_that_never_ends_is_cut_off() {
    try (LoopbackServer endless =
        new LoopbackServer(
            socket -> {
              requestLine(socket);
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\n\r\n{\"data\":[{\"id\":\"a\"}".getBytes(ISO_8859_1));
              byte[] more = (",{\"id\":\"a\"}".repeat(1_000)).getBytes(ISO_8859_1);
              while (true) {
                socket.getOutputStream().write(more);
              }
            })) {
      assertThat(offered(at(endless.port(), WireFormat.OPENAI))).contains(List.of("a"));
    }
  }

  @Test
  void a_provider_that_says_nothing_is_not_waited_for() {
    try (RawProvider silent = new RawProvider("HTTP/1.1 200 OK\r\n\r\n{\"data\":[", false);
        AuthorizedCall call = at(silent.port(), WireFormat.OPENAI).authorized("alice/x")) {
      assertThat(lists.models(call, Duration.ofMillis(100))).isEmpty();
    }
  }

  @Test
  void beyond_sixteen_lists_at_once_no_provider_is_asked() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(OutboundModelLists.AT_ONCE);
    TestService answering = TestService.at(stub.baseUrl() + "/v1", WireFormat.OPENAI);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        LoopbackServer silent =
            new LoopbackServer(
                socket -> {
                  requestLine(socket);
                  asked.countDown();
                  int unused = socket.getInputStream().read();
                })) {
      for (int n = 0; n < OutboundModelLists.AT_ONCE; n++) {
        threads.execute(() -> offered(at(silent.port(), WireFormat.OPENAI)));
      }
      assertThat(asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      try (AuthorizedCall call = answering.authorized("alice/x")) {
        assertThat(lists.models(call, Duration.ofMillis(100))).isEmpty();
      }
      assertThat(stub.requests()).isEmpty();
    }

    assertThat(offered(answering)).isPresent();
  }

  @Test
  void ids_that_nobody_could_name_are_left_out() {
    String huge = "x".repeat(1 << 20);
    String longest = "y".repeat(ModelListSource.LONGEST);
    String answer =
        "{\"data\":[{\"id\":\"\"},{\"id\":\"a b\"},{\"id\":\"a\\u0000b\"},{\"id\":\"a\\r"
            + "\\n"
            + "X: y\"},{\"id\":\"\\u00e9\"},"
            + "{\"id\":null},{\"id\":7},{},[],3,{\"id\":\"%s\"},{\"id\":\"%s\"},{\"id\":\"%sz\"},{\"id\":\"ok/1:x\"}]}";

    assertThat(offered(answer.formatted(huge, longest, longest)))
        .contains(List.of(longest, "ok/1:x"));
  }

  @Test
  void an_id_that_repeats_the_key_is_left_out() {
    String key = "sk-probe-0123456789";
    try (RawProvider echo =
            raw("{\"data\":[{\"id\":\"" + key + "\"},{\"id\":\"m-" + key + "\"},{\"id\":\"m\"}]}");
        AuthorizedCall call = at(echo.port(), WireFormat.OPENAI).key(key).authorized("alice/x")) {
      assertThat(lists.models(call, LIMIT)).contains(List.of("m"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "7", "{}", "{\"data\":{}}", "{\"data\":[{\"id\":\"a\"}", "<html>"})
  void an_answer_that_is_no_list_gives_none(String answer) {
    assertThat(offered(answer)).isEmpty();
  }

  @Test
  void a_bare_array_is_a_list() {
    assertThat(offered("[{\"id\":\"a\"},{\"id\":\"a\"}]")).contains(List.of("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"401 Unauthorized", "302 Found", "500 Oops", "204 No Content"})
  void an_error_gives_no_list(String status) {
    try (RawProvider failing =
        new RawProvider(
            "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", true)) {
      assertThat(offered(at(failing.port(), WireFormat.OPENAI))).isEmpty();
    }
  }

  @Test
  void a_users_service_does_not_reach_private_addresses() {
    assertThat(offered(at(stub.port(), WireFormat.OPENAI).ofUser())).isEmpty();
    assertThat(stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | /v1 | FILES | file-%d | {\"id\":\"%s\"} | data | GET /v1/files?limit=100",
        "ANTHROPIC | '' | FILES | file_%d | {\"id\":\"%s\"} | data | GET /v1/files?limit=100",
        "GEMINI | '' | CACHES | c-%d | {\"name\":\"cachedContents/%s\"} | cachedContents"
            + " | GET /v1beta/cachedContents?pageSize=100"
      })
  void the_objects_of_an_account_are_listed_without_their_content(
      WireFormat format,
      String base,
      ObjectKind kind,
      String id,
      String entry,
      String member,
      String first) {
    AtomicInteger pages = new AtomicInteger();
    try (LoopbackServer paged =
        serving(
            line -> {
              int page = pages.incrementAndGet();
              assertThat(line).startsWith(page == 1 ? first : first + "&");
              String one = entry.formatted(id.formatted(page));
              return "{\"%s\":[%s],\"has_more\":%s%s}"
                  .formatted(
                      member,
                      one,
                      page < 3,
                      page < 3 ? ",\"nextPageToken\":\"p" + page + "\"" : "");
            })) {
      ProviderList read =
          listed(TestService.at("http://127.0.0.1:" + paged.port() + base, format), kind);

      assertThat(read.ids()).containsExactly(id.formatted(1), id.formatted(2), id.formatted(3));
      assertThat(read.isComplete()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":[{\"id\":\"file-1\"},{\"id\":\"a b\"}]}",
        "{\"data\":[{\"id\":\"file-1\"}],\"has_more\":true,\"last_id\":\"file-1\"}"
      })
  void a_list_of_objects_that_lies_or_never_ends_is_not_complete(String answer) {
    try (LoopbackServer circle = serving(line -> answer)) {
      ProviderList read = listed(at(circle.port(), WireFormat.OPENAI), ObjectKind.FILES);

      assertThat(read.ids()).containsExactly("file-1");
      assertThat(read.isComplete()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"nextPageToken\":\"b\"}",
        "{\"files\":[],\"nextPageToken\":\"b\"}",
        "{\"files\":null,\"nextPageToken\":\"b\"}"
      })
  void an_empty_page_is_not_the_end_of_geminis_list(String empty) {
    try (LoopbackServer pages =
        serving(
            line ->
                line.contains("pageToken=b") ? "{\"files\":[{\"name\":\"files/a\"}]}" : empty)) {
      ProviderList read = listed(at(pages.port(), WireFormat.GEMINI), ObjectKind.FILES);

      assertThat(read.ids()).containsExactly("a");
      assertThat(read.isComplete()).isTrue();
    }
  }

  @Test
  void an_account_of_google_without_files_has_an_empty_list() {
    try (LoopbackServer none = serving(line -> "{}")) {
      ProviderList read = listed(at(none.port(), WireFormat.GEMINI), ObjectKind.FILES);

      assertThat(read.ids()).isEmpty();
      assertThat(read.isComplete()).isTrue();
      assertThat(offered(at(none.port(), WireFormat.GEMINI))).isEmpty();
    }
  }

  @Test
  void empty_pages_that_never_end_are_read_only_so_often() {
    AtomicInteger asked = new AtomicInteger();
    try (LoopbackServer endless =
        serving(line -> "{\"nextPageToken\":\"" + asked.incrementAndGet() + "\"}")) {
      ProviderList read = listed(at(endless.port(), WireFormat.GEMINI), ObjectKind.FILES);

      assertThat(read.isComplete()).isFalse();
      assertThat(asked.get()).isEqualTo(ListReading.MOST_PAGES);
    }
  }

  @Tag("thorough")
  @Test
  void of_a_million_objects_ten_thousand_are_taken() {
    try (LoopbackServer huge =
        serving(
            line ->
                "{\"data\":["
                    + IntStream.range(0, 1_000_000)
                        .mapToObj("{\"id\":\"file-%d\"}"::formatted)
                        .collect(Collectors.joining(","))
                    + "]}")) {
      ProviderList read = listed(at(huge.port(), WireFormat.OPENAI), ObjectKind.FILES);

      assertThat(read.ids()).hasSize(ObjectLists.MOST);
      assertThat(read.isComplete()).isFalse();
    }
  }

  private ProviderList listed(TestService service, ObjectKind kind) {
    try (AuthorizedCall call = service.authorized("alice/x")) {
      ObjectList list =
          call.standard().format().api().objectList(kind, call.endpoint().path()).orElseThrow();
      return new OutboundObjectLists(probe).read(call, list, ObjectLists.MOST, LIMIT).orElseThrow();
    }
  }

  private Optional<List<String>> offered(String answer) {
    try (RawProvider provider = raw(answer)) {
      return offered(at(provider.port(), WireFormat.OPENAI));
    }
  }

  private Optional<List<String>> offered(TestService service) {
    try (AuthorizedCall call = service.authorized("alice/x")) {
      return lists.models(call, LIMIT);
    }
  }

  private static TestService at(int port, WireFormat format) {
    return TestService.at("http://127.0.0.1:" + port, format);
  }

  private static RawProvider raw(String answer) {
    return new RawProvider(head(answer) + answer, false);
  }

  private static String head(String answer) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n";
  }

  /** Answers each request by its first line. */
  private static LoopbackServer serving(UnaryOperator<String> answers) {
    return new LoopbackServer(
        socket -> {
          String answer = answers.apply(requestLine(socket));
          socket.getOutputStream().write((head(answer) + answer).getBytes(ISO_8859_1));
        });
  }

  private static String requestLine(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))
        .readLine();
  }
}
