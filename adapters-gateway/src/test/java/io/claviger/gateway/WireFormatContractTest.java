package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ClientExample;
import io.claviger.domain.formats.ModelListShape;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.formats.OllamaApi;
import io.claviger.domain.formats.OpenAiApi;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.TestCall;
import io.claviger.domain.formats.UseFields;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.RecordedFormat.Part;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.head.CredentialReader;
import io.claviger.gateway.head.ModelUrl;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.probe.OutboundModelLists;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.http.TestResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the {@link WireFormatContract} against every format, and proves that it can fail. */
class WireFormatContractTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @EnumSource
  void a_format_says_all_that_it_has_to(WireFormat format) {
    rig.lend(format);
    rig.stub.respondNextWith(Behaviour.named("stub-status-503"));
    TestCall call = WireFormatContract.textCall(format.api());
    String error = rig.post(call.path(), call.body()).body();

    WireFormatContract.check(format.api(), WireFormatContract.placeOfMessage(error));
  }

  @ParameterizedTest
  @EnumSource
  void a_caller_is_recognized_and_gets_errors_in_the_format(WireFormat format) {
    String path = WireFormatContract.textCall(format.api()).path();

    assertThat(unauthorized(path, "x-nothing")).isEqualTo(refusal(format, CallError.NO_TOKEN));
    if (format != WireFormat.USUAL) {
      for (String header : format.api().typicalHeaders()) {
        boolean carriesToken =
            CredentialReader.HEADERS.stream()
                .anyMatch(each -> each.contentEqualsIgnoreCase(header));
        assertThat(unauthorized("what/is/this", header))
            .as(header)
            .isEqualTo(refusal(format, carriesToken ? CallError.BAD_TOKEN : CallError.NO_TOKEN));
      }
    }
  }

  private String unauthorized(String path, String header) {
    TestResponse answer =
        rig.anonymous()
            .send("POST", Rig.path(path), BodyPublishers.ofString("{}"), header, "clv_wrong");
    assertThat(answer.status()).isEqualTo(401);
    return answer.body();
  }

  private static String refusal(WireFormat format, CallError error) {
    return format.api().errorBody(error.status(), error.code(), error.message());
  }

  @ParameterizedTest
  @EnumSource
  void a_call_reaches_its_provider_and_is_counted(WireFormat format) {
    rig.lend(format);
    TestCall call = WireFormatContract.textCall(format.api());

    TestResponse answer = rig.post(call.path(), call.body());

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    UsageCounts counts = counts(1);
    assertThat(counts.inputTokens()).isPositive();
    assertThat(counts.outputTokens()).isPositive();
    assertThat(counts.estimated()).isEqualTo(EstimatedUsage.NONE);
    assertThat(rig.events.awaitFinished(1).format()).contains(format);
  }

  @ParameterizedTest
  @EnumSource
  void a_name_leads_to_a_model_whose_name_replaces_it(WireFormat format) {
    if (!format.api().hasBaseUrl()) {
      return;
    }
    rig.lend(format);
    rig.routing.lead("fast", "alice/my-openai", WireFormatContract.MODEL);
    TestCall call = WireFormatContract.textCall(format.api());
    String base = ModelUrl.base(format);
    String path =
        format.api().withoutVersions(call.path()).replace(WireFormatContract.MODEL, "fast");

    TestResponse answer =
        rig.client()
            .send(
                "POST",
                base + "/" + path,
                BodyPublishers.ofString(call.body().replace(WireFormatContract.MODEL, "fast")));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(rig.stub.awaitRequests(1, Rig.PATIENCE).get(0))
        .satisfies(
            sent ->
                assertThat(sent.uri() + sent.text())
                    .contains(WireFormatContract.MODEL)
                    .doesNotContain("fast"));
    assertThat(ModelUrl.of(base).orElseThrow().format()).isEqualTo(format);
  }

  static List<WireFormat> recorded() {
    return RecordedFormat.formats();
  }

  @Test
  void each_known_provider_was_recorded() {
    assertThat(RecordedFormat.formats())
        .contains(
            WireFormat.OPENAI,
            WireFormat.ANTHROPIC,
            WireFormat.GEMINI,
            WireFormat.COHERE,
            WireFormat.OLLAMA);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void recorded_answers_state_their_usage(WireFormat format) {
    int calls = 0;
    RecordedFormat recorded = RecordedFormat.of(format);
    TestCall call = WireFormatContract.textCall(format.api());
    for (Part part :
        Stream.concat(recorded.all("answer").stream(), recorded.all("stream").stream()).toList()) {
      try (RawProvider provider = answering(part)) {
        rig.lend(TestService.at("http://127.0.0.1:" + provider.port(), format));

        assertThat(rig.post(call.path(), call.body()).body()).isEqualTo(part.body());

        UsageCounts counts = counts(++calls);
        assertThat(List.of("" + counts.inputTokens(), "" + counts.outputTokens()))
            .as(part.kind())
            .isEqualTo(part.facts());
      }
    }
  }

  private static RawProvider answering(Part part) {
    String type =
        part.kind().equals("answer")
            ? "application/json"
            : part.body().startsWith("{") ? "application/x-ndjson" : "text/event-stream";
    return new RawProvider(
        "HTTP/1.1 200 OK\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + part.body().length()
            + "\r\n\r\n"
            + part.body(),
        false);
  }

  private UsageCounts counts(int call) {
    return rig.events.awaitFinished(call).used().orElseThrow().counts();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void recorded_lists_are_read_page_by_page(WireFormat format) {
    List<Part> pages = RecordedFormat.of(format).all("list");
    ModelListShape.Paging paging = format.api().modelList().paging();
    assertThat(pages).hasSize(paging.size().isEmpty() ? 1 : 2);
    try (LoopbackServer provider =
            new LoopbackServer(socket -> serve(socket, pages, "&" + paging.after() + "="));
        OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict());
        AuthorizedCall call =
            TestService.at("http://127.0.0.1:" + provider.port(), format).authorized("alice/x")) {
      assertThat(new OutboundModelLists(probe).models(call, Rig.PATIENCE))
          .contains(pages.stream().flatMap(page -> page.facts().stream()).toList());
    }
  }

  private static void serve(Socket socket, List<Part> pages, String after) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    String request = lines.readLine();
    for (String line = request; line != null && !line.isEmpty(); line = lines.readLine()) {}
    String body = pages.get(request != null && request.contains(after) ? 1 : 0).body();
    String head =
        "HTTP/1.1 200 OK\r\n"
            + "Content-Type: application/json\r\n"
            + "Connection: close\r\n"
            + "Content-Length: ";
    socket.getOutputStream().write((head + body.length() + "\r\n\r\n" + body).getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @EnumSource
  void a_provider_accepts_probes_and_lists_its_models(WireFormat format) {
    try (OutboundProbe probe = OutboundProbe.start(OutboundSettings.strict());
        AuthorizedCall call = rig.at(format).authorized("alice/x")) {
      assertThat(probe.probe(call, Rig.PATIENCE).join().status()).isEqualTo(ConnectionStatus.OK);
      assertThat(new OutboundModelLists(probe).models(call, Rig.PATIENCE).orElseThrow())
          .contains(WireFormatContract.MODEL);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_usual_provider_sends_keys_where_the_format_takes_them(WireFormat format) {
    Provider provider = Provider.of(format.api().usualProvider());

    assertThat(provider.defaultFormat())
        .isIn(format, WireFormat.USUAL); // Ollama's is reached by the API of OpenAI
  }

  /** Formats each of which has forgotten a part. */
  static List<ProviderApi> forgetful() {
    return List.of(
        new OpenAiApi() {
          @Override
          public String errorBody(int status, String code, String message) {
            return "{}";
          }
        },
        new OpenAiApi() {
          @Override
          public String errorBody(int status, String code, String message) {
            return "{\"error\":{\"message\":\"" + message + "\"}}";
          }
        },
        new OpenAiApi() {
          @Override
          public boolean namesModelInPath(String path) {
            return true;
          }
        },
        new OpenAiApi() {
          @Override
          protected UseFields fieldsOf(String path) {
            return new OllamaApi().useFields(path);
          }
        },
        new OpenAiApi() {
          @Override
          public ObjectPlaces objectPlaces() {
            return new OllamaApi().objectPlaces();
          }
        },
        new OpenAiApi() {
          @Override
          public ModelListShape modelList() {
            return new OllamaApi().modelList();
          }
        },
        new OpenAiApi() {
          @Override
          public String listedModel(String name, String model, String ownedBy, Instant since) {
            return "{\"name\":\"m\"}";
          }
        },
        new OpenAiApi() {
          @Override
          public String modelPage(
              String models, Optional<String> first, Optional<String> last, Optional<String> next) {
            return "{}";
          }
        },
        new OpenAiApi() {
          @Override
          public List<ClientExample> examples(boolean embeds) {
            return List.of();
          }
        },
        new OpenAiApi() {
          @Override
          public String usualProvider() {
            return "nobody";
          }
        },
        new OpenAiApi() {
          @Override
          public TestCall textCall(ProviderApi.TestQuestion question) {
            return new TestCall("nowhere", super.textCall(question).body());
          }
        });
  }

  @ParameterizedTest
  @MethodSource
  void forgetful(ProviderApi api) {
    assertThatThrownBy(() -> WireFormatContract.check(api, "/error/message"))
        .isInstanceOfAny(AssertionError.class, RuntimeException.class);
  }
}
