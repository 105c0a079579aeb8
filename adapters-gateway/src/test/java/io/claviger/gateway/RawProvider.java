package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider that answers the head of every request with the same bytes, whatever they mean. */
public final class RawProvider implements AutoCloseable {
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new ArrayList<>();
  private final boolean closes;

  /**
   * @param closes whether it closes after an answer
   */
  public RawProvider(String answer, boolean closes) {
    this.closes = closes;
    try {
      listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(() -> accept(answer));
  }

  public int port() {
    return listener.getLocalPort();
  }

  public synchronized int connections() {
    return sockets.size();
  }

  private void accept(String answer) {
    try {
      while (true) {
        Socket socket = listener.accept();
        synchronized (this) {
          sockets.add(socket);
        }
        threads.execute(() -> serve(socket, answer));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket, String answer) {
    try (socket) {
      StringBuilder head = new StringBuilder();
      int next = socket.getInputStream().read();
      while (next >= 0) {
        head.append((char) next);
        if (head.indexOf("\r\n\r\n") >= 0) {
          head.setLength(0);
          socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
          if (closes) {
            return;
          }
        }
        next = socket.getInputStream().read();
      }
    } catch (IOException gone) {
      // The gateway had its reasons.
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      listener.close();
      synchronized (this) {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
