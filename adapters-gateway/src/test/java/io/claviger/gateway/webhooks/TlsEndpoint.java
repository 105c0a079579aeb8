package io.claviger.gateway.webhooks;

import io.claviger.gateway.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** An endpoint on a socket of this machine that answers each request as it is told to. */
final class TlsEndpoint implements AutoCloseable {
  private static final String END = "\r\n\r\n";

  private final SSLServerSocket server;
  private final Answer answer;
  private final AtomicInteger connections = new AtomicInteger();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  /** Writes what the endpoint answers. */
  @FunctionalInterface
  interface Answer {
    void to(Socket caller) throws IOException;
  }

  private TlsEndpoint(SSLServerSocket server, Answer answer) {
    this.server = server;
    this.answer = answer;
    Thread.ofVirtual().start(this::serve);
  }

  static TlsEndpoint answering(SelfSigned certificate, Answer answer) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(certificate.keyManagers().getKeyManagers(), null, null);
    return new TlsEndpoint(
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        answer);
  }

  static TlsEndpoint answering(SelfSigned certificate, String text) throws Exception {
    return answering(
        certificate,
        caller -> caller.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII)));
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** Waits for the next request: head and body. */
  String request() throws InterruptedException {
    return requests.take();
  }

  private void serve() {
    try {
      while (true) {
        Socket caller = server.accept();
        int unused = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(caller));
      }
    } catch (IOException e) {
      // The endpoint is closed.
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      requests.add(read(caller.getInputStream()));
      answer.to(caller);
      caller.getOutputStream().flush();
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith(END)) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no whole head");
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.US_ASCII);
    int length =
        text.lines()
            .filter(line -> line.startsWith("content-length: "))
            .mapToInt(line -> Integer.parseInt(line.substring(16)))
            .sum();
    return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
