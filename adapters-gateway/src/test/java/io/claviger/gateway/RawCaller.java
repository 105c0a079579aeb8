package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A caller who sends any bytes. */
public final class RawCaller implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  public RawCaller(Rig rig) {
    try {
      socket.connect(rig.gateway.address());
      socket.setSoTimeout((int) Rig.PATIENCE.toMillis());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RawCaller(InetSocketAddress to) throws IOException {
    socket.connect(to);
    socket.setSoTimeout((int) Rig.PATIENCE.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** The part of the gateway's answer that was not read yet. */
  public InputStream in() {
    return in;
  }

  /** The first lines of a call with the valid token. Other fields and an empty line follow. */
  public static String head(String method, String pathBelowService) {
    return head(method, pathBelowService, Rig.TOKEN);
  }

  static String head(String method, String pathBelowService, String token) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
        .formatted(method, Rig.path(pathBelowService), token);
  }

  /** The rest of a call: its type, its length and its body. */
  static String content(String type, String body) {
    return "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s".formatted(type, body.length(), body);
  }

  /** Sends a whole call for a chat, with the valid token. */
  public RawCaller chat(String body) {
    return post("chat/completions", body);
  }

  /** Sends a whole call with the valid token and a body of JSON. */
  RawCaller post(String pathBelowService, String json) {
    return post(pathBelowService, json, Rig.TOKEN);
  }

  RawCaller post(String pathBelowService, String json, String token) {
    return send(head("POST", pathBelowService, token) + content("application/json", json));
  }

  /** Sends a whole call with the valid token and a form whose parts {@code --x} separates. */
  RawCaller postForm(String pathBelowService, String form) {
    return send(head("POST", pathBelowService) + content("multipart/form-data; boundary=x", form));
  }

  public RawCaller send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Everything up to the end of the connection; a reset ends it too. */
  public String untilClosed() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    try {
      int next = in.read();
      while (next >= 0) {
        all.write(next);
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not closed; so far " + all.size() + " bytes");
        }
        next = in.read();
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("not closed; so far: " + all.toString(ISO_8859_1), e);
    } catch (IOException reset) {
      all.writeBytes("<reset>".getBytes(ISO_8859_1));
    }
    return all.toString(ISO_8859_1);
  }

  /** Reads up to the end of this text. */
  public String until(String text) {
    StringBuilder all = new StringBuilder();
    try {
      while (all.indexOf(text, all.length() - text.length()) < 0) {
        int next = in.read();
        if (next < 0) {
          throw new AssertionError("closed after: " + all);
        }
        all.append((char) next);
      }
    } catch (IOException e) {
      throw new AssertionError("after: " + all, e);
    }
    return all.toString();
  }

  /** Reads up to the end of an error of the format openai. */
  public String untilErrorEnds() {
    return until("\"object\"") + until("\"}");
  }

  /** Sends this text again and again, each time after a short silence, until there is an answer. */
  public String trickle(String text) {
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    try {
      socket.setSoTimeout(10);
      while (System.nanoTime() < deadline) {
        send(text);
        try {
          char first = (char) in.read();
          socket.setSoTimeout((int) Rig.PATIENCE.toMillis());
          return first + untilClosed();
        } catch (SocketTimeoutException silent) {
          // So it goes on.
        }
      }
      throw new AssertionError("no answer within " + Rig.PATIENCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A short silence, in which no answer is expected. */
  public void pause() {
    try {
      socket.setSoTimeout(10);
      throw new AssertionError("answered: " + in.read());
    } catch (SocketTimeoutException silent) {
      restorePatience();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restorePatience() {
    try {
      socket.setSoTimeout((int) Rig.PATIENCE.toMillis());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resets the connection, as a killed program does. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
