package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.testkit.http.AnswerGenerator;
import io.claviger.testkit.http.StrictReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A provider that answers anything. What it answers follows from the number in the request's path,
 * {@code …/models/fuzz-7}, so that a caller knows what their answer was made of.
 */
final class FuzzedProvider implements AutoCloseable {
  private static final String PATH = "GET /v1/models/fuzz-";
  private static final int MOST_SEGMENTS = 8;

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final long seed;

  /**
   * What is answered to a call.
   *
   * @param closed whether the provider closes the connection behind it
   * @param silent whether the provider then waits for ever
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody changes or compares them
  record Reaction(byte[] bytes, boolean closed, boolean silent, SplittableRandom random) {
    /** What a strict reader makes of it. */
    StrictReader.Result read() {
      return StrictReader.answer(bytes, 0, bytes.length, "GET", closed);
    }
  }

  FuzzedProvider(long seed) {
    this.seed = seed;
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  Reaction reaction(int number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number * 0x9E3779B97F4A7C15L);
    byte[] bytes = AnswerGenerator.answer(random, "mark-" + number + ".", Lent.KEY);
    StrictReader.Result open = StrictReader.answer(bytes, 0, bytes.length, "GET", false);
    // What comes behind an answer may reach the gateway at any time, amid another call's even.
    boolean stays =
        open instanceof StrictReader.Whole whole
            && whole.message().end() == bytes.length
            && !whole.message().closes()
            && random.nextInt(10) > 0;
    boolean silent = open instanceof StrictReader.Incomplete && random.nextInt(1_000) == 0;
    return new Reaction(bytes, !stays && !silent, silent, random);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      StringBuilder head = new StringBuilder();
      byte[] part = new byte[1 << 12];
      int count = socket.getInputStream().read(part);
      while (count >= 0) {
        head.append(new String(part, 0, count, ISO_8859_1));
        if (head.indexOf("\r\n\r\n") >= 0) {
          int from = head.indexOf(PATH) + PATH.length();
          Reaction reaction =
              reaction(Integer.parseInt(head.substring(from, head.indexOf(" ", from))));
          head.setLength(0);
          write(socket, reaction);
          if (reaction.closed()) {
            return;
          }
        }
        count = socket.getInputStream().read(part);
      }
    } catch (IOException gone) {
      // The gateway had its reasons.
    } finally {
      sockets.remove(socket);
    }
  }

  private static void write(Socket socket, Reaction reaction) throws IOException {
    SplittableRandom random = reaction.random();
    byte[] bytes = reaction.bytes();
    int segments = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(MOST_SEGMENTS);
    int from = 0;
    for (int cut : random.ints(segments - 1L, 0, bytes.length + 1).sorted().toArray()) {
      socket.getOutputStream().write(bytes, from, cut - from);
      from = cut;
    }
    socket.getOutputStream().write(bytes, from, bytes.length - from);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
