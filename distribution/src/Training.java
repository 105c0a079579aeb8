import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.claviger.stub.StubProvider;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Runs the program once as people use it. The caches then contain the classes that were loaded, and
 * the profile that the compiler collected. A node answers calls under limits and budgets, and an
 * owner's requests to the API. The compiler later relies on this profile. So the calls are as
 * concurrent and as varied as those of a busy node: code that was trained by four callers, one call
 * after another, stayed slower.
 */
final class Training {
  private static final int CALLS = 240_000;
  private static final int CALLERS = 4;
  private static final int CONNECTIONS = 64;
  private static final int STREAM_EVERY = 25;
  private static final int LARGE_EVERY = 50;
  private static final int SERVICES = 2_000;
  private static final int TRIES = 10;
  private static final String MODEL = "text-embedding-3-small";
  private static final String CHAT_MODEL = "stub-chunk-delay-0-count-20";
  private static final String MAKE_CACHE = "CLAVIGER_TRAINED_CACHE";
  private static final Pattern READY = Pattern.compile("ready on (\\S+), gateway on (\\S+)");

  private static final List<String> LISTS =
      List.of(
          "/v1/me",
          "/v1/llm-services/alice",
          "/v1/llm-services/alice/trained",
          "/v1/llm-definitions",
          "/v1/models",
          "/v1/budgets",
          "/v1/usage",
          "/v1/audit-events");

  private final Path home;

  // SDKs speak HTTP/1.1.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Training(Path home) {
    this.home = home;
  }

  void run() throws Exception {
    Path work = Files.createTempDirectory("claviger-training");
    Process node = null;
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    try (StubProvider provider = StubProvider.start()) {
      int port = provider.port();
      Path nodeOut = work.resolve("node");
      Map<String, String> settings =
          Map.of(
              "CLAVIGER_DATA_DIR",
              work.resolve("data").toString(),
              "CLAVIGER_PORT",
              "0",
              "CLAVIGER_GATEWAY_PORT",
              "0",
              "CLAVIGER_LOG_LEVEL",
              "warn",
              "CLAVIGER_API_REQUESTS_PER_MINUTE",
              "1000000",
              "CLAVIGER_MAX_SERVICES_PER_USER",
              "10000",
              MAKE_CACHE,
              "make",
              "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
              "127.0.0.1:" + port);
      List<String> serve = List.of(home.resolve("bin/claviger").toString(), "serve");
      node = start(nodeOut, settings, serve);
      Matcher ready = await(node, nodeOut, READY);
      String alice =
          use(ready.group(1), Files.readString(work.resolve("data/admin-token")).strip(), port);
      useCommands(work, ready.group(1), alice);
      end(node);
      for (String cache : List.of("serve", "client")) {
        if (!Files.exists(home.resolve("lib/" + cache + ".aot"))) {
          throw new IllegalStateException("the training run left no cache of " + cache);
        }
      }
    } finally {
      if (node != null) {
        end(node);
      }
      Distribution.delete(work);
    }
  }

  /** Signs in as people do on their own machines, and runs the most frequent command. */
  private void useCommands(Path work, String api, String token) throws Exception {
    Map<String, String> person = Map.of("HOME", work.toString());
    command(work, person, token, "login", api, "--token-stdin");
    Map<String, String> making = Map.of("HOME", work.toString(), MAKE_CACHE, "make");
    command(work, making, "", "token", "--service", "alice/trained", "--for", "8h");
  }

  private void command(Path work, Map<String, String> settings, String input, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/claviger").toString()));
    command.addAll(List.of(arguments));
    Path output = work.resolve("command");
    Process process = start(output, settings, command);
    try (Writer standardInput = process.outputWriter()) {
      standardInput.write(input);
    }
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IllegalStateException(arguments[0] + " failed: " + Files.readString(output));
    }
  }

  /** Returns Alice's access token. */
  private String use(String api, String root, int providerPort) throws Exception {
    for (String model : List.of(MODEL, CHAT_MODEL)) {
      send(
          "PUT",
          api + "/v1/prices/openai?model=" + model,
          root,
          "{\"valid_from\": \"2026-01-01\", \"input\": \"0.02\", \"output\": \"0.08\"}");
    }
    String alice =
        text("access_token", send("POST", api + "/v1/users", root, "{\"handle\": \"alice\"}"));
    String service =
        send(
            "PUT",
            api + "/v1/llm-services/alice/trained",
            alice,
            "{\"definition\": \"_system/openai-large\", \"endpoint\": \"http://127.0.0.1:"
                + providerPort
                + "/v1\", \"api_key\": \"sk-training-0123456789abcdef\", \"limits\": {\"budgets\": ["
                + "{\"amount\": \"1000000\", \"unit\": \"usd\", \"window\": \"month\"},"
                + "{\"amount\": \"100000\", \"unit\": \"usd\", \"window\": \"day\", \"bound\": \"strict\"},"
                + "{\"amount\": 1000000000000, \"unit\": \"tokens\", \"window\": \"week\"},"
                + "{\"amount\": 1000000000, \"unit\": \"requests\", \"window\": \"day\"}]}}");
    String gateway = text("gateway_url", service);
    List<String> tokens = new ArrayList<>();
    for (int n = 1; n <= CALLERS; n++) {
      String handle = "bob-" + n;
      tokens.add(
          text(
              "access_token",
              send("POST", api + "/v1/users", root, "{\"handle\": \"" + handle + "\"}")));
      send(
          "PUT",
          api + "/v1/llm-services/alice/trained/shares/" + handle,
          alice,
          "{\"role\": \"reader\", \"limits\": {\"requests_per_minute\": 1000000, \"models\": [\""
              + MODEL
              + "\", \""
              + CHAT_MODEL
              + "\"], \"operations\": [\"POST embeddings\", \"POST chat/completions\"]}}");
    }
    List<Callable<Void>> writers = new ArrayList<>();
    List<Callable<Void>> callers = new ArrayList<>();
    for (int n = 0; n < CALLERS; n++) {
      int first = n;
      writers.add(() -> services(api, alice, first));
    }
    for (int n = 0; n < CONNECTIONS; n++) {
      String token = tokens.get(n % CALLERS);
      callers.add(() -> calls(gateway, token));
    }
    atOnce(writers);
    atOnce(callers);
    provision(api, root);
    for (int round = 0; round < 20; round++) {
      for (String path : LISTS) {
        send("GET", api + path, alice, "");
      }
    }
    return alice;
  }

  /** Creates, finds and changes a user, as an identity provider does by SCIM. */
  private void provision(String api, String root) throws Exception {
    String token =
        text(
            "token",
            send(
                "POST",
                api + "/v1/scim-tokens",
                root,
                "{\"name\": \"training\", \"issuer\": \"https://id.example\"}"));
    String users = api + "/scim/v2/Users";
    String id = text("id", send("POST", users, token, "{\"userName\": \"carol@id.example\"}"));
    send("GET", users + "?filter=userName%20eq%20%22carol@id.example%22", token, "");
    send(
        "PATCH",
        users + "/" + id,
        token,
        "{\"Operations\": [{\"op\": \"replace\", \"path\": \"active\", \"value\": false}]}");
  }

  private static void atOnce(List<Callable<Void>> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      List<Future<Void>> begun = new ArrayList<>();
      work.forEach(each -> begun.add(threads.submit(each)));
      for (Future<Void> each : begun) {
        each.get(30, TimeUnit.MINUTES);
      }
    }
  }

  /** Creates every fourth service, in the way in which {@code apply} does it. */
  private Void services(String api, String token, int first) throws Exception {
    for (int n = first; n < SERVICES; n += CALLERS) {
      send(
          "PUT",
          api + "/v1/llm-services/alice/applied-" + n,
          token,
          "{\"definition\": \"_system/openai-small\", \"display_name\": \"Service\","
              + " \"limits\": {\"requests_per_minute\": 60}, \"applied_by\": \"training\","
              + " \"api_key\": \"sk-training-0123456789abcdef\", \"api_key_version\": \"1\"}");
    }
    return null;
  }

  /** Makes mostly small calls, and some streams and large bodies. */
  private Void calls(String gateway, String token) throws Exception {
    String small = embedding(950);
    String large = embedding(256 << 10);
    String stream =
        "{\"model\": \"" + CHAT_MODEL + "\", \"max_tokens\": 100, \"stream\": true,"
            + " \"messages\": [{\"role\": \"user\", \"content\": \"" + "x".repeat(900) + "\"}]}";
    for (int n = 1; n <= CALLS / CONNECTIONS; n++) {
      if (n % LARGE_EVERY == 0) {
        send("POST", gateway + "/embeddings", token, large);
      } else if (n % STREAM_EVERY == 0) {
        send("POST", gateway + "/chat/completions", token, stream);
      } else {
        send("POST", gateway + "/embeddings", token, small);
      }
    }
    return null;
  }

  private static String embedding(int characters) {
    return "{\"model\": \"" + MODEL + "\", \"dimensions\": 8, \"input\": \"" + "x".repeat(characters) + "\"}";
  }

  private String send(String method, String url, String token, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = answer(request);
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(
          method + " " + url + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /**
   * Sends a request, and repeats it if its connection breaks or the node is too busy to answer. On a
   * busy machine, the client may choose an idle connection just when the node closes it, and the
   * client itself does not repeat a POST or PUT. The node answers 503 if the database does not
   * answer in time. All requests may arrive twice, except those that create users. These come first,
   * when no connection has been idle for long and the node has little to do, and are not repeated
   * after an answer.
   */
  private HttpResponse<String> answer(HttpRequest request)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      String reason;
      try {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        boolean createsUser =
            request.method().equals("POST") && request.uri().getPath().equals("/v1/users");
        if (answer.statusCode() != 503 || createsUser || attempt == TRIES) {
          return answer;
        }
        reason = answer.body();
        Thread.sleep(1_000);
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw e;
        }
        reason = e.getMessage();
      }
      System.out.printf("repeats %s %s: %s%n", request.method(), request.uri(), reason);
    }
  }

  private static String text(String field, String json) {
    Matcher found = Pattern.compile("\"" + field + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    if (!found.find()) {
      throw new IllegalStateException("no " + field + " in " + json);
    }
    return found.group(1);
  }

  private static Process start(Path output, Map<String, String> settings, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(settings);
    return builder.start();
  }

  private static Matcher await(Process process, Path output, Pattern wanted) throws Exception {
    for (int tenths = 0; tenths < 6_000; tenths++) {
      String said = Files.readString(output);
      Matcher found = wanted.matcher(said);
      if (found.find()) {
        return found;
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("ended with " + process.exitValue() + ": " + said);
      }
    }
    throw new IllegalStateException("not ready after ten minutes: " + Files.readString(output));
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
  }
}
