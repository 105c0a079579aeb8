package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.openai.client.OpenAIClient;
import io.claviger.stub.StubProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The official SDKs store, list, read and delete things of every kind at the stub provider itself,
 * which shows that it behaves as they expect of a provider. It limits its accounts, and states that
 * in its headers.
 */
@Tag("thorough")
class StubObjectsTest {
  /** An SDK for Node, with what {@code objects.js} does with it. */
  private record Node(String format, String path, List<String> calls) {
    static final List<Node> ALL =
        List.of(
            new Node(
                "openai",
                "/v1",
                List.of(
                    "files",
                    "uploads",
                    "batches",
                    "vectorStores",
                    "responses",
                    "conversations",
                    "containers",
                    "storedChats")),
            new Node("anthropic", "", List.of("files", "batches")),
            new Node("gemini", "", List.of("files", "caches", "batches")));
  }

  private record Call(String name, String call, String url, String token, String model) {}

  private static StubProvider stub;
  private static ExecutorService pool;
  private static Map<String, Future<Map<String, CaseResult>>> outcomes;

  @BeforeAll
  static void run() {
    stub = StubProvider.start();
    stub.limit("requests=10000&tokens=10000000&input_tokens=9000000&output_tokens=1000000");
    pool = Executors.newFixedThreadPool(2);
    outcomes =
        Node.ALL.stream()
            .collect(Collectors.toMap(Node::format, node -> pool.submit(() -> run(node))));
  }

  private static Map<String, CaseResult> run(Node node) throws Exception {
    String url = stub.baseUrl() + node.path();
    List<Call> calls =
        node.calls().stream()
            .map(call -> new Call(call, call, url, node.format(), "parrot"))
            .toList();
    return NodeSdks.installed().run(List.of("objects.js", node.format()), calls).stream()
        .collect(Collectors.toMap(CaseResult::name, Function.identity()));
  }

  @AfterAll
  static void stop() {
    pool.shutdownNow();
    stub.close();
  }

  static Stream<Object[]> calls() {
    return Node.ALL.stream()
        .flatMap(node -> node.calls().stream().map(call -> new Object[] {node.format(), call}));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void an_sdk_for_node_stores(String format, String call) {
    CaseResult outcome = Awaited.result(format, outcomes.get(format)).get(call);
    assertThat(outcome.raised()).as("%s", outcome).isFalse();
    assertThat(outcome.saw("text")).isNotEmpty();
    assertThat(outcome.json().at("/saw/listed").asBoolean(true)).as("%s", outcome).isTrue();
    assertThat(outcome.json().at("/saw/refused").asInt(404)).isIn(400, 403, 404);
  }

  private record InJava<T>(String name, Consumer<T> use) {
    @Override
    public String toString() {
      return name.toLowerCase(Locale.ROOT);
    }
  }

  static List<InJava<OpenAIClient>> openAi() {
    return List.of(
        new InJava<>("files", ObjectsInJava::files),
        new InJava<>("uploads", ObjectsInJava::uploads),
        new InJava<>("vector stores", ObjectsInJava::vectorStores),
        new InJava<>("responses", ObjectsInJava::responses),
        new InJava<>("conversations", ObjectsInJava::conversations),
        new InJava<>("batches", ObjectsInJava::batches));
  }

  @ParameterizedTest
  @MethodSource("openAi")
  void openai_for_java_stores(InJava<OpenAIClient> each) {
    OpenAIClient client = ObjectsInJava.openAi(stub.baseUrl() + "/v1", "java");
    each.use().accept(client);
    client.close();
  }

  static List<InJava<AnthropicClient>> anthropic() {
    return List.of(
        new InJava<>("files", ObjectsInJava::files),
        new InJava<>("batches", ObjectsInJava::batches));
  }

  @ParameterizedTest
  @MethodSource("anthropic")
  void anthropic_for_java_stores(InJava<AnthropicClient> each) {
    AnthropicClient client = ObjectsInJava.anthropic(stub.baseUrl(), "java");
    each.use().accept(client);
    client.close();
  }
}
