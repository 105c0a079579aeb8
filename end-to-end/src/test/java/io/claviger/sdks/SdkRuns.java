package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every case of every SDK at one node, run at once and told afterwards. Each has a service with a
 * key of its own, by which the provider's requests and the usage counted can be told apart; all are
 * Alice's, and called by Bob.
 */
final class SdkRuns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SdkRuns.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NO_TOKEN = "clv_nobody";

  private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
  private final Journey journey = new Journey();
  private final Socket unheard = new Socket();
  private final Node node;
  private final Node encrypted;
  private final Api alice;
  private final Api bob;
  private final Map<Sdk, Future<Map<SdkCase, CaseResult>>> outcomes = new EnumMap<>(Sdk.class);

  private SdkRuns() throws IOException {
    // Bound and not listening, so that nothing else takes the port and answers.
    unheard.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.merge(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
        "127.0.0.1:" + unheard.getLocalPort(),
        (before, more) -> before + ", " + more);
    journey
        .provider()
        .limit("requests=10000&tokens=10000000&input_tokens=9000000&output_tokens=1000000");
    node = journey.startNode(environment);
    encrypted = journey.startNode(withTls(environment));
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
  }

  /** Adds the settings with which a node speaks TLS, with the certificate that all tests share. */
  private static Map<String, String> withTls(Map<String, String> environment) throws IOException {
    try {
      TlsIdentity identity = TlsIdentity.shared();
      Map<String, String> more = new HashMap<>(environment);
      more.put("CLAVIGER_TLS_CERT", identity.certificateFile().toString());
      more.put("CLAVIGER_TLS_KEY", identity.keyFile().toString());
      return more;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static SdkRuns start() throws IOException {
    SdkRuns runs = new SdkRuns();
    runs.run();
    return runs;
  }

  private void run() {
    Future<NodeSdks> installed = pool.submit(NodeSdks::installed);
    for (Sdk sdk : Sdk.values()) {
      List<CaseCall> calls = new ArrayList<>();
      for (SdkCase each : sdk.cases()) {
        offer(sdk, each);
        calls.add(call(sdk, each));
      }
      Callable<List<CaseResult>> run =
          sdk == Sdk.OPENAI_JAVA
              ? () -> OpenAiJava.run(calls)
              : () -> installed.get().run(List.of(sdk.script()), calls);
      outcomes.put(sdk, pool.submit(() -> byCase(run.call())));
    }
  }

  private static Map<SdkCase, CaseResult> byCase(List<CaseResult> outcomes) {
    Map<SdkCase, CaseResult> byCase = new EnumMap<>(SdkCase.class);
    outcomes.forEach(outcome -> byCase.put(outcome.of(), outcome));
    return byCase;
  }

  private void offer(Sdk sdk, SdkCase each) {
    String ref = service(sdk, each);
    String host =
        each == SdkCase.PROVIDER_DOWN
            ? "http://127.0.0.1:" + unheard.getLocalPort()
            : journey.provider().baseUrl();
    Map<String, Object> service = new HashMap<>();
    service.put("api_standard", sdk.standard());
    service.put("endpoint", host + sdk.path());
    service.put("model", "parrot-large");
    service.put("enabled", each != SdkCase.DISABLED);
    if (each != SdkCase.NO_KEY) {
      service.put("api_key", journey.key(ref));
    }
    if (each == SdkCase.PROVIDER_THROTTLES) {
      service.put("on_429", "pass");
    }
    if (each == SdkCase.RATE_LIMITED) {
      service.put("limits", Map.of("requests_per_minute", 1));
    }
    if (each == SdkCase.BUDGET_EXHAUSTED) {
      Map<String, Object> one = Map.of("amount", 1, "unit", "requests", "window", "day");
      service.put("limits", Map.of("budgets", List.of(one)));
    }
    alice.put("/v1/llm-services/" + ref, service).isStatus(201);
    if (each != SdkCase.NO_ROLE) {
      alice.share(ref, "bob", "reader").isStatus(201);
    }
  }

  private CaseCall call(Sdk sdk, SdkCase each) {
    return new CaseCall(
        each,
        each.call(),
        (each == SdkCase.CHATS_OVER_TLS ? encrypted : node).gateway()
            + "/gateway/services/"
            + service(sdk, each),
        each == SdkCase.BAD_TOKEN ? NO_TOKEN : bob.token(),
        each.model(sdk),
        each.times(),
        each.retries());
  }

  static String service(Sdk sdk, SdkCase each) {
    return "alice/" + sdk.handle() + "-" + each.handle();
  }

  /** Returns the result of a case. Skips the test if this machine can't run the SDK. */
  CaseResult outcome(Sdk sdk, SdkCase each) {
    Map<SdkCase, CaseResult> all = all(sdk);
    assertThat(all).as("what %s told", sdk).containsKey(each);
    return Objects.requireNonNull(all.get(each));
  }

  private Map<SdkCase, CaseResult> all(Sdk sdk) {
    return Awaited.result(sdk, running(sdk));
  }

  private Future<Map<SdkCase, CaseResult>> running(Sdk sdk) {
    return Objects.requireNonNull(outcomes.get(sdk));
  }

  /** Why this machine can't run an SDK, once that is known. */
  private static Optional<String> missing(Future<?> running) {
    for (Throwable each = failure(running); each != null; each = each.getCause()) {
      if (each instanceof NpmPackages.Missing missing) {
        return Optional.of(String.valueOf(missing.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static @Nullable Throwable failure(Future<?> running) {
    try {
      Object unused = running.get();
      return null;
    } catch (ExecutionException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the requests of a case that reached the provider. They are recognized by the key of the
   * case.
   */
  List<RecordedRequest> arrived(Sdk sdk, SdkCase each) {
    all(sdk);
    String key = journey.key(service(sdk, each));
    return journey.provider().requests().stream()
        .filter(r -> r.headers().stream().anyMatch(h -> h.value().endsWith(key)))
        .toList();
  }

  /** Returns all requests at the provider that contain one of the access tokens. */
  List<RecordedRequest> arrivedWithToken() {
    return journey.provider().requests().stream()
        .filter(r -> holds(r, bob.token()) || holds(r, NO_TOKEN))
        .toList();
  }

  private static boolean holds(RecordedRequest request, String token) {
    return request.uri().contains(token)
        || request.text().contains(token)
        || request.headers().stream().anyMatch(h -> h.value().contains(token));
  }

  /**
   * Waits until the calls of a case are counted, and returns the usage of Bob's calls with the
   * service's own key.
   */
  CountedUsage counted(Sdk sdk, SdkCase each) {
    all(sdk);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CountedUsage counted = countedSoFar(sdk, each);
    while (counted.requests() == 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(10_000_000);
      counted = countedSoFar(sdk, each);
    }
    return counted;
  }

  /** Waits until refused calls are counted, and returns how many calls of a case were refused. */
  long refused(Sdk sdk, SdkCase each) {
    all(sdk);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long refused = CountedUsage.refusedSoFar(journey, service(sdk, each), "bob");
    while (refused == 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(10_000_000);
      refused = CountedUsage.refusedSoFar(journey, service(sdk, each), "bob");
    }
    return refused;
  }

  private CountedUsage countedSoFar(Sdk sdk, SdkCase each) {
    return CountedUsage.soFar(journey, service(sdk, each), "bob");
  }

  /** Of what the node answered, logged, measured and stored, once all SDKs have ended. */
  void assertNothingLeaked() {
    outcomes.values().forEach(SdkRuns::failure);
    journey.assertNothingLeaked();
  }

  @Override
  public void close() {
    pool.close();
    journey.close();
    Sdk.forNode()
        .flatMap(sdk -> missing(running(sdk)).stream())
        .distinct()
        .forEach(why -> LOG.warn("the SDKs for Node are NOT tested: {}", why));
    try {
      unheard.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
