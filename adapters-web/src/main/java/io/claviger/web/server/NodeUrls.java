package io.claviger.web.server;

import java.net.URI;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The URLs by which callers reach this node, without a slash at the end. */
public final class NodeUrls {
  private final IntFunction<URI> api;
  private final Supplier<String> gateway;
  private volatile int port;

  /**
   * @param port the port of the API; 0 until the system has chosen a port
   * @param api a function that returns the API's URL for the port on which the API listens
   * @param gateway a function that returns the beginning of every {@code gateway_url}; it is called
   *     for each answer, because the gateway might start to listen later than this server
   */
  public NodeUrls(int port, IntFunction<URI> api, Supplier<String> gateway) {
    this.port = port;
    this.api = api;
    this.gateway = gateway;
  }

  /** Sets the port on which the API listens. */
  public void listeningOn(int chosen) {
    this.port = chosen;
  }

  public URI api() {
    return api.apply(port);
  }

  /** Returns the text with which every {@code gateway_url} begins. */
  public String gateway() {
    return gateway.get();
  }
}
