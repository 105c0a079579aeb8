package io.claviger.bootstrap.node;

import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.cli.RunningServer;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.Confidential;
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
import java.util.stream.Stream;

/**
 * The program behind {@code demo}: a node with a new data directory, ports of its own, and a
 * simulated provider. From the environment it uses only the settings of the log.
 */
public final class Demo implements Programs.Demo {
  static final String PROVIDER_KEY = "sk-demo-of-the-provider-0001";

  @Override
  public RunningServer start(Map<String, String> environment, PrintWriter out) {
    StubProvider provider =
        StubProvider.start(StubOptions.defaults().expectedKey(PROVIDER_KEY).recording(false));
    Path data = freshDirectory();
    try {
      Confidential rootToken = new RandomKey().next();
      Node node =
          Node.start(Settings.forServing(variables(environment, data, provider, rootToken)));
      try {
        DemoScene scene = DemoScene.create(node, provider, rootToken);
        out.print(scene.text());
        out.flush();
        return new RunningDemo(node, provider, data);
      } catch (RuntimeException e) {
        node.stop(Duration.ZERO);
        throw e;
      }
    } catch (RuntimeException e) {
      provider.close();
      RunningDemo.delete(data);
      throw e;
    }
  }

  private static Map<String, String> variables(
      Map<String, String> environment, Path data, StubProvider provider, Confidential rootToken) {
    Map<String, String> variables = new HashMap<>();
    for (String name : new String[] {"PATH", "CLAVIGER_LOG_LEVEL", "CLAVIGER_LOG_FORMAT"}) {
      String value = environment.get(name);
      if (value != null) {
        variables.put(name, value);
      }
    }
    variables.put("CLAVIGER_DATA_DIR", data.toString());
    // Both variables are set, so that the log does not advise keeping a copy of what is thrown
    // away.
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

  /** A running demo. When it stops, all its files are deleted. */
  private record RunningDemo(Node node, StubProvider provider, Path data) implements RunningServer {
    @Override
    public URI api() {
      return node.api();
    }

    @Override
    public URI gateway() {
      return node.gateway();
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
