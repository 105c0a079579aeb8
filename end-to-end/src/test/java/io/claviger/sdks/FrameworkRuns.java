package io.claviger.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Every case of every framework at one node, run once. */
final class FrameworkRuns implements AutoCloseable {
  /**
   * The maximum number of processes at a time. Each process keeps a processor busy, and other tests
   * run at the same time.
   */
  private static final int AT_ONCE = 2;

  private final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
  private final ClientServices services = new ClientServices();
  private final Map<Framework, Future<List<CaseResult>>> outcomes = new EnumMap<>(Framework.class);

  static FrameworkRuns start() {
    FrameworkRuns runs = new FrameworkRuns();
    for (Framework framework : Framework.values()) {
      runs.services.add(framework.handle(), framework.standard());
      runs.services.addWithoutBudget(framework.handle(), framework.standard());
      runs.outcomes.put(framework, runs.pool.submit(() -> framework.run(runs.calls(framework))));
    }
    return runs;
  }

  private List<FrameworkCall> calls(Framework framework) {
    return Stream.of(FrameworkCase.values()).map(each -> call(framework, each)).toList();
  }

  private FrameworkCall call(Framework framework, FrameworkCase each) {
    return new FrameworkCall(
        each,
        each.call(),
        services.clavigerUrl(),
        each.permitted() ? services.token() : services.strangersToken(),
        model(framework.handle(), each),
        each.prompt());
  }

  private String model(String client, FrameworkCase each) {
    return switch (each) {
      case ANSWERS_BY_REFERENCE -> services.reference(client);
      case BUDGET_EXHAUSTED -> services.model(ClientServices.spent(client));
      default -> services.model(client);
    };
  }

  /** Returns the result of a case. Skips the test if this machine can't run the framework. */
  CaseResult outcome(Framework framework, FrameworkCase each) {
    Future<List<CaseResult>> running = Objects.requireNonNull(outcomes.get(framework));
    List<CaseResult> all = Awaited.result(framework, running);
    assertThat(all).hasSameSizeAs(FrameworkCase.values());
    return all.stream().filter(one -> one.name().equals(each.name())).findFirst().orElseThrow();
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
