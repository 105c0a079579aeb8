package io.claviger.sdks;

import io.claviger.sdks.AgentPrograms.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two runs of every agent: for somebody who may use its service, and for somebody who may not. */
final class AgentRuns implements AutoCloseable {
  /** Agents keep a processor busy, and other tests run at the same time. */
  private static final int AT_ONCE = 2;

  private final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
  private final ClientServices services = new ClientServices();
  private final Path directory;
  private final Map<Agent, Future<Run>> permitted = new EnumMap<>(Agent.class);
  private final Map<Agent, Future<Run>> refused = new EnumMap<>(Agent.class);

  private AgentRuns(Path directory) {
    this.directory = directory;
  }

  /**
   * Starts all runs.
   *
   * @param directory an empty one, for all that the agents write
   */
  static AgentRuns start(Path directory) {
    AgentRuns runs = new AgentRuns(directory);
    Future<AgentPrograms> installed = runs.pool.submit(AgentPrograms::installed);
    for (Agent agent : Agent.values()) {
      runs.services.add(agent.handle(), agent.standard());
      runs.permitted.put(agent, runs.run(installed, agent, runs.services.token(), "permitted"));
      runs.refused.put(
          agent, runs.run(installed, agent, runs.services.strangersToken(), "refused"));
    }
    return runs;
  }

  private Future<Run> run(Future<AgentPrograms> installed, Agent agent, String token, String run) {
    return pool.submit(
        () -> {
          Path place = Files.createDirectory(directory.resolve(agent.handle() + "-" + run));
          return installed.get().edit(agent, settings(agent, token), place);
        });
  }

  private ClientSettings settings(Agent agent, String token) throws IOException {
    return ClientSettings.of(
        agent.handle(),
        Map.of(
            "GATEWAY_URL",
            services.clavigerUrl(),
            "GATEWAY_TOKEN",
            token,
            "MODEL",
            services.model(agent.handle())));
  }

  /** The run of somebody who may use the service. */
  Run permitted(Agent agent) {
    return Awaited.result(agent, Objects.requireNonNull(permitted.get(agent)));
  }

  /** The run of somebody who may not. */
  Run refused(Agent agent) {
    return Awaited.result(agent, Objects.requireNonNull(refused.get(agent)));
  }

  ClientServices services() {
    return services;
  }

  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
    services.close();
  }
}
