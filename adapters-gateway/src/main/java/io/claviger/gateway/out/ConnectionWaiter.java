package io.claviger.gateway.out;

import io.claviger.gateway.errors.CallError;

/** Is given a connection, or the reason why there is none, on the event loop that asked. */
public interface ConnectionWaiter {
  void connected(ProviderConnection connection);

  void notConnected(CallError why);
}
