package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.node.RunningServer;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.embeddedpostgres.ThrowawayGuard;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.RandomKey;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description =
        "Serve with sample data and a simulated provider. Each start begins with an empty"
            + " installation, on free ports. Of the environment variables, only CLAVIGER_LOG_LEVEL"
            + " and CLAVIGER_LOG_FORMAT have an effect.")
public final class DemoCommand implements Callable<Integer> {
  private final Program demo;
  private final Map<String, String> environment;
  private final Ending ending;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DemoCommand(Program demo, Map<String, String> environment, Ending ending) {
    this.demo = demo;
    this.environment = environment;
    this.ending = ending;
  }

  @Override
  public Integer call() {
    StandardErrorLog.configure(Settings.from(ofLog(environment)).log());
    PrintWriter out = spec.commandLine().getOut();
    return ending.await(
        () -> demo.start(environment, out), serving -> ServeCommand.announce(serving, out));
  }

  /** Starts a demo. Of the environment, it uses only the variables for the log. */
  @FunctionalInterface
  public interface Program {
    RunningServer start(Map<String, String> environment, PrintWriter out);
  }

  static final String PROVIDER_KEY = "sk-demo-of-the-provider-0001";

  /**
   * Starts a node with a new data directory, its own ports and a simulated provider. If the process
   * is killed, the database server ends too, and the directory is deleted nevertheless. The demo
   * ignores all environment variables except the variables for the log.
   */
  public static RunningServer start(Map<String, String> environment, PrintWriter out) {
    StubProvider provider =
        StubProvider.start(StubOptions.defaults().expectedKey(PROVIDER_KEY).recording(false));
    Path data = freshDirectory();
    ThrowawayGuard guard = ThrowawayGuard.of(DataDirectory.open(data));
    try {
      Confidential rootToken = new RandomKey().next();
      Node node =
          Node.start(Settings.forServing(variables(environment, data, provider, rootToken)));
      try {
        DemoScene scene = DemoScene.create(node, data.resolve("home"), provider, rootToken);
        out.print(scene.text());
        out.flush();
        return new RunningDemo(node, provider, data, guard);
      } catch (RuntimeException e) {
        node.stop(Duration.ZERO);
        throw e;
      }
    } catch (RuntimeException e) {
      provider.close();
      RunningDemo.delete(data);
      guard.close();
      throw e;
    }
  }

  /** Returns the variables that have an effect. Faults of other variables do no harm. */
  private static Map<String, String> ofLog(Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.keySet().retainAll(Set.of("CLAVIGER_LOG_LEVEL", "CLAVIGER_LOG_FORMAT"));
    return variables;
  }

  private static Map<String, String> variables(
      Map<String, String> environment, Path data, StubProvider provider, Confidential rootToken) {
    Map<String, String> variables = ofLog(environment);
    variables.put("CLAVIGER_DATA_DIR", data.toString());
    // ENCRYPTION_KEY and CLAVIGER_ADMIN_TOKEN are set, because the log would otherwise advise the
    // user to keep a copy of a key and a token that are thrown away.
    variables.put("ENCRYPTION_KEY", new RandomKey().next().lend(String::new));
    variables.put("CLAVIGER_ADMIN_TOKEN", rootToken.lend(String::new));
    variables.put("CLAVIGER_PORT", "0");
    variables.put("CLAVIGER_GATEWAY_PORT", "0");
    variables.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + provider.port());
    return variables;
  }

  private static Path freshDirectory() {
    try {
      return Files.createTempDirectory("claviger-demo-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A running demo. When the demo stops, it deletes all its files. */
  private record RunningDemo(Node node, StubProvider provider, Path data, ThrowawayGuard guard)
      implements RunningServer {
    @Override
    public URI api() {
      return node.api();
    }

    @Override
    public URI gateway() {
      return node.gateway();
    }

    @Override
    public CompletableFuture<String> failure() {
      return node.failure();
    }

    @Override
    public Duration notice() {
      return node.notice();
    }

    @Override
    public void stop(Duration grace) {
      node.stop(grace);
      provider.close();
      delete(data);
      guard.close();
    }

    static void delete(Path directory) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
