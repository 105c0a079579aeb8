package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import java.net.URI;
import java.time.Duration;

/** A server that does not serve. */
record PretendedServer(URI api, URI gateway) implements RunningServer {
  /** Ends a program as soon as its server is announced. */
  static final Ending AT_ONCE =
      (start, announce) -> {
        announce.accept(start.get());
        return ExitCode.DONE;
      };

  /** One whose gateway is on port 8081. */
  static PretendedServer at(URI api) {
    return new PretendedServer(api, URI.create("http://127.0.0.1:8081"));
  }

  @Override
  public void stop(Duration grace) {}
}
