package io.claviger.gateway.out;

/** A connection that is being opened. */
public interface PendingConnection {
  /**
   * Gives the connection up: it is closed, and the waiter is not called any more. Called on the
   * event loop that asked for the connection.
   */
  void abandon();
}
