package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.testkit.http.AnswerGenerator;
import io.claviger.testkit.http.StrictReader;
import java.io.IOException;
import java.net.Socket;
import java.util.SplittableRandom;

/**
 * A provider whose answers are random bytes that resemble HTTP. They follow from the number in the
 * request's path, {@code …/models/fuzz-7}, so that a caller knows what was answered.
 */
final class FuzzedProvider implements AutoCloseable {
  private static final String PATH = "GET /v1/models/fuzz-";
  private static final int MOST_SEGMENTS = 8;

  private final long seed;
  private final LoopbackServer server;

  /**
   * What is answered to a call.
   *
   * @param closed whether the provider closes the connection after it
   * @param silent whether the provider leaves the connection open and sends nothing more
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
    this.server = new LoopbackServer(this::serve);
  }

  int port() {
    return server.port();
  }

  Reaction reaction(int number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number * 0x9E3779B97F4A7C15L);
    byte[] bytes = AnswerGenerator.answer(random, "mark-" + number + ".", TestService.KEY);
    StrictReader.Result open = StrictReader.answer(bytes, 0, bytes.length, "GET", false);
    // Bytes behind an answer can reach the gateway at any time, even during another call.
    boolean stays =
        open instanceof StrictReader.Whole whole
            && whole.message().end() == bytes.length
            && !whole.message().closes()
            && random.nextInt(10) > 0;
    boolean silent = open instanceof StrictReader.Incomplete && random.nextInt(1_000) == 0;
    return new Reaction(bytes, !stays && !silent, silent, random);
  }

  private void serve(Socket socket) throws IOException {
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
    server.close();
  }
}
