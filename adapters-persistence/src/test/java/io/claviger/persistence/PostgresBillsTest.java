package io.claviger.persistence;

import io.claviger.application.contracts.BillsContract;
import io.claviger.application.fakes.Ports;

class PostgresBillsTest extends BillsContract {
  private static final PostgresPorts PORTS = new PostgresPorts();

  @Override
  protected Ports freshPorts() {
    return PORTS.emptied();
  }
}
