package io.claviger.sdks;

import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.sdks.AgentPrograms.Run;
import io.claviger.stub.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/**
 * Two runs of every agent at one node: Bob may use its service, and Carol may not. Each agent has a
 * service with a key of its own, by which the provider's requests can be told apart.
 */
final class AgentRuns implements AutoCloseable {
  /** Agents keep a processor busy, and other tests run at the same time. */
  private static final int AT_ONCE = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
  private final Journey journey = new Journey();
  private final Path directory;
  private final Node node = journey.startNode(journey.environment());
  private final Api alice = journey.user(node, "alice");
  private final Api bob = journey.user(node, "bob");
  private final Api carol = journey.user(node, "carol");
  private final Map<Agent, Future<Run>> permitted = new EnumMap<>(Agent.class);
  private final Map<Agent, Future<Run>> refused = new EnumMap<>(Agent.class);

  private AgentRuns(Path directory) {
    this.directory = directory;
  }

  static AgentRuns start(Path directory) {
    AgentRuns runs = new AgentRuns(directory);
    Future<AgentPrograms> installed = runs.pool.submit(AgentPrograms::installed);
    for (Agent agent : Agent.values()) {
      runs.offer(agent);
      runs.permitted.put(agent, runs.run(installed, agent, runs.bob, "bob"));
      runs.refused.put(agent, runs.run(installed, agent, runs.carol, "carol"));
    }
    return runs;
  }

  private void offer(Agent agent) {
    String ref = service(agent);
    String path = agent.standard().equals("openai") ? "/v1" : "";
    alice
        .put(
            "/v1/llm-services/" + ref,
            Map.of(
                "api_standard",
                agent.standard(),
                "endpoint",
                journey.provider().baseUrl() + path,
                "model",
                "parrot-large",
                "api_key",
                journey.key(ref)))
        .isStatus(201);
    alice.share(ref, "bob", "reader").isStatus(201);
  }

  private Future<Run> run(Future<AgentPrograms> installed, Agent agent, Api caller, String name) {
    return pool.submit(
        () -> {
          Path place = Files.createDirectory(directory.resolve(agent.handle() + "-" + name));
          return installed.get().edit(agent, settings(agent, caller), place);
        });
  }

  private ClientSettings settings(Agent agent, Api caller) throws IOException {
    return ClientSettings.of(
        agent.handle(),
        Map.of(
            "GATEWAY_URL",
            node.gateway() + "/gateway/services/" + service(agent),
            "CLAVIGER_TOKEN",
            caller.token(),
            "MODEL",
            "parrot-large"));
  }

  private static String service(Agent agent) {
    return "alice/" + agent.handle();
  }

  /** The run of a caller who may use the service. */
  Run permitted(Agent agent) {
    return ended(agent, permitted);
  }

  /** The run of a caller who may not. */
  Run refused(Agent agent) {
    return ended(agent, refused);
  }

  /** Waits for a run; ends the test where this machine can't run the agent. */
  private static Run ended(Agent agent, Map<Agent, Future<Run>> runs) {
    try {
      return Objects.requireNonNull(runs.get(agent)).get();
    } catch (ExecutionException e) {
      for (Throwable each = e; each != null; each = each.getCause()) {
        if (each instanceof NpmPackages.Missing missing) {
          Assumptions.abort(agent + " is not tested: " + missing.getMessage());
        }
      }
      throw new IllegalStateException(agent + " was not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What came to the provider, which knows the agent's service by its key. */
  List<RecordedRequest> arrived(Agent agent) {
    String key = journey.key(service(agent));
    return journey.provider().requests().stream()
        .filter(r -> r.headers().stream().anyMatch(h -> h.value().endsWith(key)))
        .toList();
  }

  /** All that came to the provider with an access token in its head. */
  List<RecordedRequest> arrivedWithToken() {
    return journey.provider().requests().stream()
        .filter(r -> r.headers().stream().anyMatch(h -> isToken(h.value())))
        .toList();
  }

  private boolean isToken(String value) {
    return value.contains(bob.token()) || value.contains(carol.token());
  }

  /** What is counted of Bob's calls, once there are as many as came to the provider. */
  CountedUsage counted(Agent agent) {
    int arrived = arrived(agent).size();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CountedUsage counted = countedSoFar(agent);
    while (counted.requests() < arrived && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(10_000_000);
      counted = countedSoFar(agent);
    }
    return counted;
  }

  private CountedUsage countedSoFar(Agent agent) {
    return CountedUsage.soFar(journey, service(agent), "bob");
  }

  void assertNothingLeaked() {
    journey.assertNothingLeaked();
  }

  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
    journey.close();
  }
}
