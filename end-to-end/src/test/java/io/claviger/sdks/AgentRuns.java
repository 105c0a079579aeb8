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

/**
 * Runs of every agent for somebody who may use its service, and of those that are tried in all ways
 * for somebody who may not, and for somebody whose budget is used up.
 */
final class AgentRuns implements AutoCloseable {
  /** Agents keep a processor busy, and other tests run at the same time. */
  private static final int AT_ONCE = 2;

  private final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
  private final ClientServices services = new ClientServices();
  private final Path directory;
  private final Map<Agent, Future<Run>> permitted = new EnumMap<>(Agent.class);
  private final Map<Agent, Future<Run>> refused = new EnumMap<>(Agent.class);
  private final Map<Agent, Future<Run>> spent = new EnumMap<>(Agent.class);

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
      String model = runs.services.model(agent.handle());
      String token = runs.services.token();
      runs.permitted.put(agent, runs.run(installed, agent, token, model, "permitted"));
      runs.services.addWithoutBudget(agent.handle(), agent.standard());
      String without = runs.services.model(ClientServices.spent(agent.handle()));
      String strangers = runs.services.strangersToken();
      runs.refused.put(agent, runs.run(installed, agent, strangers, model, "refused"));
      runs.spent.put(agent, runs.run(installed, agent, token, without, "spent"));
    }
    return runs;
  }

  private Future<Run> run(
      Future<AgentPrograms> installed, Agent agent, String token, String model, String run) {
    return pool.submit(
        () -> {
          Path place = Files.createDirectory(directory.resolve(agent.handle() + "-" + run));
          return installed.get().edit(agent, settings(agent, token, model), place);
        });
  }

  private ClientSettings settings(Agent agent, String token, String model) throws IOException {
    return ClientSettings.of(
        agent.handle(),
        Map.of("GATEWAY_URL", services.clavigerUrl(), "GATEWAY_TOKEN", token, "MODEL", model));
  }

  /** Returns the run of a user who may use the service. */
  Run permitted(Agent agent) {
    return Awaited.result(agent, Objects.requireNonNull(permitted.get(agent)));
  }

  /** Returns the run of a user who may not use the service. */
  Run refused(Agent agent) {
    return Awaited.result(agent, Objects.requireNonNull(refused.get(agent)));
  }

  /** Returns the run of a user whose budget has no room for a call. */
  Run spent(Agent agent) {
    return Awaited.result(agent, Objects.requireNonNull(spent.get(agent)));
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
