package io.claviger.persistence;

import io.claviger.application.contracts.PricesContract;
import io.claviger.application.fakes.Ports;

class PostgresPricesTest extends PricesContract {
  private static final PostgresPorts PORTS = new PostgresPorts();

  @Override
  protected Ports freshPorts() {
    return PORTS.emptied();
  }
}
