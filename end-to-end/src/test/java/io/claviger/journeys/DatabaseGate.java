package io.claviger.journeys;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A proxy between a node and its database, which can forward, hang or refuse connections. */
final class DatabaseGate implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("//(?<host>[^:/]+):(?<port>\\d+)/");

  private final String url;
  private final InetSocketAddress database;
  private final List<Socket> sockets = new ArrayList<>();
  private ServerSocket listener;
  private boolean hanging;

  DatabaseGate(String jdbcUrl) {
    Matcher address = ADDRESS.matcher(jdbcUrl);
    if (!address.find()) {
      throw new IllegalArgumentException("no host and port in it");
    }
    database =
        new InetSocketAddress(address.group("host"), Integer.parseInt(address.group("port")));
    listener = listen(0);
    url = address.replaceFirst("//127.0.0.1:" + listener.getLocalPort() + "/");
  }

  /** Returns the URL of the database through this proxy. */
  String jdbcUrl() {
    return url;
  }

  private ServerSocket listen(int port) {
    try {
      ServerSocket opened = new ServerSocket();
      opened.setReuseAddress(true);
      opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
      Thread.startVirtualThread(() -> accept(opened));
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket node = from.accept();
        Socket server = new Socket(database.getAddress(), database.getPort());
        node.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        synchronized (this) {
          if (from.isClosed()) {
            // The gate was cut while this connection was made. The connection must not outlive the
            // cut.
            node.close();
            server.close();
            return;
          }
          sockets.add(node);
          sockets.add(server);
        }
        Thread.startVirtualThread(() -> forward(node, server));
        Thread.startVirtualThread(() -> forward(server, node));
      }
    } catch (IOException closed) {
      // The gate was cut, or the test is over.
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 14];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read = in.read(buffer);
      while (read >= 0) {
        awaitOpen();
        out.write(buffer, 0, read);
        read = in.read(buffer);
      }
    } catch (IOException gone) {
      // One of the two connections was closed, so both are closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitOpen() throws InterruptedException {
    while (hanging) {
      wait();
    }
  }

  /** Forwards nothing more, without closing connections. */
  synchronized void hang() {
    hanging = true;
  }

  /** Forwards again, including what has arrived meanwhile. */
  synchronized void goOn() {
    hanging = false;
    notifyAll();
  }

  /** Closes all connections and accepts no more. */
  synchronized void cut() {
    closeAll();
  }

  /** Accepts connections again, on the same port. */
  synchronized void mend() {
    listener = listen(listener.getLocalPort());
  }

  private void closeAll() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.clear();
  }

  @Override
  public synchronized void close() {
    goOn();
    closeAll();
  }
}
