package io.claviger.web.served;

import io.claviger.application.UseCases;
import io.claviger.application.fakes.InMemoryPorts;

/** The application on in-memory ports, without a server. */
public final class InMemoryOperations {
  private InMemoryOperations() {}

  public static UseCases on(InMemoryPorts ports) {
    return new InMemoryUseCases(ports);
  }
}
