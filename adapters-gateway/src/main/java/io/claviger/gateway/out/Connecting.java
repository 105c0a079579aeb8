package io.claviger.gateway.out;

/** A connection that is being opened. */
public interface Connecting {
  /**
   * Nobody waits any more: what is being opened is closed, and its waiter hears nothing further. On
   * the event loop that asked.
   */
  void abandon();
}
