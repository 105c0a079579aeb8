package io.claviger.gateway.out;

import io.claviger.gateway.errors.CallError;

/** Gets a connection, or why there is none, on the event loop that asked. */
public interface ConnectionWaiter {
  void connected(ProviderConnection connection);

  void notConnected(CallError why);
}
