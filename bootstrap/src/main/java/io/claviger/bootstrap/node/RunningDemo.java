package io.claviger.bootstrap.node;

import io.claviger.bootstrap.cli.RunningServer;
import io.claviger.stub.StubProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** A running demo. When it stops, all its files are deleted. */
record RunningDemo(Node node, StubProvider provider, Path data) implements RunningServer {
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
