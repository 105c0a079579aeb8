package io.claviger.gateway.out;

/** A connection that the gateway is still opening. */
public interface PendingConnection {
  /**
   * Stops opening the connection. Closes the connection; the waiter is no longer called. Must be
   * called on the event loop that requested the connection.
   */
  void abandon();
}
