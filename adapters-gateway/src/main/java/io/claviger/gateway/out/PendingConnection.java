package io.claviger.gateway.out;

/** A connection that is being opened. */
public interface PendingConnection {
  /**
   * Stops opening the connection. The connection is closed, and from then on the waiter is no
   * longer called. This method is called on the event loop that requested the connection.
   */
  void abandon();
}
