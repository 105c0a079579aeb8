package io.claviger.gateway.out;

/** A connection that is being opened. */
public interface PendingConnection {
  /**
   * Gives the connection up. The connection is closed, and from then on the waiter is no longer
   * called. Called on the event loop that requested the connection.
   */
  void abandon();
}
