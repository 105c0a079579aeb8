package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.openai.client.OpenAIClient;
import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a service lends to store, the official SDKs store, list, read and delete in their own ways:
 * {@code objects.js} has the calls. Somebody else has stored things of all kinds with the same key
 * before.
 */
@Order(2)
class StoredObjectsTest {
  /** An SDK, with those of its calls that store something. */
  enum Client {
    OPENAI(
        "openai",
        "/v1",
        "files",
        "uploads",
        "vectorStores",
        "responses",
        "conversations",
        "containers",
        "storedChats"),
    ANTHROPIC("anthropic", "", "files", "batches", "unlent", "threads"),
    GEMINI("gemini", "", "files", "caches", "batches");

    private final String standard;
    private final String path;
    private final List<String> calls;

    Client(String standard, String path, String... calls) {
      this.standard = standard;
      this.path = path;
      this.calls = List.of(calls);
    }

    private String service() {
      return "alice/stored-" + standard;
    }

    private List<String> kinds() {
      return switch (this) {
        case OPENAI ->
            List.of("files", "responses", "conversations", "vector_stores", "containers");
        case ANTHROPIC -> List.of("files", "batches");
        case GEMINI -> List.of("files", "caches", "batches");
      };
    }
  }

  /** Deletes everything that its user has made, so this call has a user of its own. */
  private static final String CLEANING = "cleaning";

  private record Call(String name, String call, String url, String token, String model) {}

  private static ExecutorService pool;
  private static Journey journey;
  private static Node node;
  private static Api bob;
  private static final Map<Client, Future<Map<String, CaseResult>>> OUTCOMES =
      new EnumMap<>(Client.class);

  @BeforeAll
  static void run() {
    pool = Executors.newFixedThreadPool(2);
    journey = new Journey();
    node = journey.startNode();
    Api alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    Api carol = journey.user(node, "carol");
    Api dave = journey.user(node, "dave");
    for (Client client : Client.values()) {
      String service = client.service();
      alice
          .put(
              "/v1/llm-services/" + service,
              Map.of(
                  "provider",
                  client == Client.GEMINI ? "google" : client.standard,
                  "api_standard",
                  client.standard,
                  "endpoint",
                  journey.provider().baseUrl() + client.path,
                  "model",
                  "parrot-large",
                  "api_key",
                  journey.key(service),
                  "storage",
                  client.kinds()))
          .isStatus(201);
      alice.share(service, "bob", "reader").isStatus(201);
      alice.share(service, "carol", "reader").isStatus(201);
      alice.share(service, "dave", "reader").isStatus(201);
      String url = url(client);
      OUTCOMES.put(
          client,
          pool.submit(
              () -> {
                run(client, client.calls, url, carol.token());
                Map<String, CaseResult> outcomes = run(client, client.calls, url, bob.token());
                outcomes.putAll(run(client, List.of(CLEANING), url, dave.token()));
                return outcomes;
              }));
    }
  }

  private static String url(Client client) {
    return node.gateway() + "/gateway/services/" + client.service();
  }

  private static Map<String, CaseResult> run(
      Client client, List<String> calls, String url, String token) throws Exception {
    Map<String, CaseResult> outcomes = new HashMap<>();
    NodeSdks.installed()
        .run(
            List.of("objects.js", client.standard),
            calls.stream().map(call -> new Call(call, call, url, token, "parrot-large")).toList())
        .forEach(outcome -> outcomes.put(outcome.name(), outcome));
    return outcomes;
  }

  @AfterAll
  static void stop() {
    pool.shutdownNow();
    journey.close();
  }

  static Stream<Object[]> calls() {
    return Stream.of(Client.values())
        .flatMap(
            client ->
                Stream.concat(client.calls.stream(), Stream.of(CLEANING))
                    .map(call -> new Object[] {client, call}));
  }

  private static CaseResult outcome(Client client, String call) {
    return Objects.requireNonNull(
        Awaited.result(client, Objects.requireNonNull(OUTCOMES.get(client))).get(call));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void it_stores_lists_reads_and_deletes(Client client, String call) {
    CaseResult outcome = outcome(client, call);
    assertThat(outcome.raised()).as("%s", outcome).isFalse();
    assertThat(outcome.saw("text")).as("%s", outcome).isNotEmpty();
    assertThat(outcome.json().at("/saw/listed").asBoolean(true)).as("%s", outcome).isTrue();
    assertThat(outcome.json().at("/saw/own").asBoolean(true)).as("%s", outcome).isTrue();
    // Google answers 403 for an object that was just deleted. A batch is not deleted before it is
    // charged.
    boolean ofBatch = call.equals("batches") && client != Client.OPENAI;
    assertThat(outcome.json().at("/saw/refused").asInt(404))
        .as("%s", outcome)
        .isIn(ofBatch ? List.of(409) : List.of(400, 403, 404));
  }

  private record InJava(String name, Consumer<OpenAIClient> use) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<InJava> inJava() {
    return List.of(
        new InJava("files", ObjectsInJava::files),
        new InJava("uploads", ObjectsInJava::uploads),
        new InJava("vector stores", ObjectsInJava::vectorStores),
        new InJava("responses", ObjectsInJava::responses),
        new InJava("conversations", ObjectsInJava::conversations));
  }

  @ParameterizedTest
  @MethodSource("inJava")
  void openai_for_java_stores(InJava each) {
    OpenAIClient client = ObjectsInJava.openAi(url(Client.OPENAI), bob.token());
    each.use().accept(client);
    client.close();
  }

  @Test
  void anthropic_for_java_stores_files_and_makes_batches() {
    AnthropicClient client = ObjectsInJava.anthropic(url(Client.ANTHROPIC), bob.token());
    ObjectsInJava.files(client);
    ObjectsInJava.batches(client);
    client.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothing_of_it_leaks(Client client) {
    outcome(client, client.calls.get(0));
    journey.assertNothingLeaked();
  }
}
