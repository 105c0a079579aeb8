package io.claviger.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/** A server on a free port of this machine. The test determines the answers of the server. */
public final class LocalHttp implements AutoCloseable {
  private final HttpServer server;

  /** Starts a server that answers one request at a time. */
  public LocalHttp() {
    this(Runnable::run);
  }

  public LocalHttp(Executor executor) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.start();
  }

  /**
   * Returns a port of this machine on which nobody listens. The port is below the ports that
   * operating systems give to outgoing connections, so that no connection of another test takes it
   * before it is used.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next round tries another port.
      }
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Lets a handler answer all requests whose paths begin with this path. */
  public void serve(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  /** Answers a request and ends the exchange. */
  public static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
