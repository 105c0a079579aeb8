package io.claviger.gateway.warmup;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.OptionalLong;

/**
 * A connection of the warm-up to the gateway, or of the gateway to the warm-up's provider.
 *
 * <p>This class uses blocking sockets instead of Netty. The JVM's compiler inlines a method of
 * Netty's handlers only while it has seen few kinds of handlers. If the warm-up added handlers of
 * its own, the code for later calls would be slower for as long as the node runs.
 */
final class WarmUpConnection implements Closeable {
  private static final int LONGEST_LINE = 16 << 10;
  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final InputStream in;

  WarmUpConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /**
   * Reads a request or a response, and skips its body.
   *
   * @return the first line of the message
   * @throws EOFException if the other side has closed the connection
   */
  String readMessage() throws IOException {
    String first = readLine();
    OptionalLong length = OptionalLong.empty();
    for (String field = readLine(); !field.isEmpty(); field = readLine()) {
      if (field.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        length = OptionalLong.of(Long.parseLong(field.substring(LENGTH.length()).strip()));
      }
    }
    if (length.isPresent()) {
      in.skipNBytes(length.getAsLong());
    } else {
      skipChunks();
    }
    return first;
  }

  private void skipChunks() throws IOException {
    long size = readChunkSize();
    while (size > 0) {
      in.skipNBytes(size);
      String unusedLineEnd = readLine();
      size = readChunkSize();
    }
    String unusedLineEnd = readLine();
  }

  private long readChunkSize() throws IOException {
    return Long.parseLong(readLine(), 16);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() == LONGEST_LINE) {
        throw new EOFException("the connection ended within a message");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
