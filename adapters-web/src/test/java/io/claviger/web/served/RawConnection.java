package io.claviger.web.served;

import io.claviger.web.contract.Exchange;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** A connection on which anything can be sent, well-formed or not. */
public final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  public RawConnection(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
    socket.setSoTimeout(30_000);
  }

  /** A connection from another address of this machine. */
  public static RawConnection from(String address, int port) throws IOException {
    return new RawConnection(
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0));
  }

  public RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public RawConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /**
   * Sends the head of a request, and waits until the server has read it and wants the body.
   *
   * @param fields header fields, without {@code Host} and those about the body's length
   * @param length the length of the body
   */
  public RawConnection begin(String method, String path, int length, String... fields)
      throws IOException {
    send(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + String.join("\r\n", fields)
            + "\r\nExpect: 100-continue\r\nContent-Length: "
            + length
            + "\r\n\r\n");
    if (answer(method, path).status() != 100) {
      throw new IOException("the server does not want the body of " + method + " " + path);
    }
    return this;
  }

  /** Closes the sending side. */
  public RawConnection end() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Everything until the server closes the connection. */
  public String all() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** One answer, of which the head says how long it is. */
  public Exchange answer(String method, String path) throws IOException {
    String head = head();
    String[] lines = head.split("\r\n");
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers
          .computeIfAbsent(lines[i].substring(0, colon), name -> new ArrayList<>())
          .add(lines[i].substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", List.of("0")).get(0));
    String body =
        method.equals("HEAD") ? "" : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Exchange(method, path, Integer.parseInt(lines[0].split(" ")[1]), headers, body);
  }

  /**
   * Sends a text again and again, whenever the server was silent for a moment.
   *
   * @return whether the server closed the connection in the end
   */
  public boolean closedWhileSending(String text) throws IOException {
    socket.setSoTimeout(20);
    for (int i = 0; i < 1_500; i++) {
      try {
        if (in.read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException e) {
        try {
          send(text);
        } catch (SocketException closed) {
          return true;
        }
      } catch (SocketException e) {
        return true;
      }
    }
    return false;
  }

  /** Whether the server neither sends anything nor closes the connection for so long. */
  public boolean isSilentFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      return in.read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(30_000);
    }
  }

  /** Whether the server has closed the connection by now. What it has sent is discarded. */
  public boolean isClosed() throws IOException {
    socket.setSoTimeout(1);
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    } finally {
      socket.setSoTimeout(30_000);
    }
  }

  /** Whether the server closes the connection although nothing that it sends is read. */
  public boolean closedWithoutReading() throws IOException {
    long end = System.nanoTime() + 30_000_000_000L;
    try {
      while (System.nanoTime() < end) {
        send("\r");
        LockSupport.parkNanos(10_000_000);
      }
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("ended within a head: " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
