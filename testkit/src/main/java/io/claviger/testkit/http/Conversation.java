package io.claviger.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Sends bytes to a server on one connection, and compares the answers with the requests that a
 * strict reader finds in the bytes. The rules are:
 *
 * <ul>
 *   <li>Every answer is well-formed. Each request gets one answer, up to the first malformed
 *       request. There may be fewer answers only if an answer said that it is the last one.
 *   <li>A malformed head is refused, and nothing after it is answered.
 *   <li>The connection is either closed or remains usable, so the client never waits for an answer
 *       that does not come.
 * </ul>
 */
public final class Conversation {
  private static final byte[] LAST =
      "GET /last-of-the-fuzzed HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(US_ASCII);
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int MOST_SEGMENTS = 12;

  private static final Set<Integer> REFUSALS = Set.of(400, 413, 414, 431, 501, 505);

  /** Says how the sent bytes end. */
  private enum Ending {
    /** The bytes end after a whole request that keeps the connection open. */
    OPEN,
    /** The bytes end after a whole request that asks the server to close the connection. */
    CLOSING,
    INCOMPLETE,
    MALFORMED_HEAD,
    MALFORMED_BODY
  }

  /**
   * A request and its answer.
   *
   * @param request the request; empty if the answer refuses bytes that are not a request
   */
  public record Answered(Optional<Message> request, Message answer) {}

  /**
   * Exceptions to the rules for servers.
   *
   * @param closes whether the server may end the connection between two requests without announcing
   *     this (RFC 9112, 9.5)
   * @param malformed the reasons for which the strict reader rejects a head that the server may
   *     accept
   */
  public record Tolerance(boolean closes, Set<String> malformed) {
    public static final Tolerance NONE = new Tolerance(false, Set.of());
  }

  private final byte[] sent;
  private final Tolerance tolerance;
  private final List<Message> requests = new ArrayList<>();
  private final Ending ending;
  private final String endsWith;
  private final boolean headEnds;
  private final boolean tolerated;

  private final List<Answered> answers = new ArrayList<>();
  private byte[] received = new byte[1 << 12];
  private int length;
  private int read;
  private boolean closed;
  private boolean reset;

  private Conversation(byte[] sent, Tolerance tolerance) {
    this.sent = sent;
    this.tolerance = tolerance;
    int at = 0;
    Ending found = Ending.OPEN;
    String why = "";
    while (found == Ending.OPEN && StrictReader.behindEmptyLines(sent, at) < sent.length) {
      switch (StrictReader.request(sent, at)) {
        case StrictReader.Whole whole -> {
          requests.add(whole.message());
          at = whole.message().end();
          found = whole.message().closes() ? Ending.CLOSING : Ending.OPEN;
        }
        case StrictReader.Incomplete incomplete -> found = Ending.INCOMPLETE;
        case StrictReader.Malformed malformed -> {
          found = malformed.inBody() ? Ending.MALFORMED_BODY : Ending.MALFORMED_HEAD;
          why = malformed.why();
        }
      }
    }
    ending = found;
    tolerated = tolerance.malformed().contains(why);
    endsWith = why.isEmpty() ? found.toString() : found + ", " + why;
    String rest = new String(sent, at, sent.length - at, ISO_8859_1);
    headEnds = rest.stripLeading().contains("\r\n\r\n");
  }

  /**
   * Sends the bytes in segments of any size, and reads until the server closes the connection.
   *
   * @return the server's answers, each with its request
   * @throws AssertionError if the server violated a rule
   */
  public static List<Answered> hold(
      InetSocketAddress to, byte[] bytes, SplittableRandom random, Tolerance tolerance)
      throws IOException {
    Conversation conversation = new Conversation(bytes, tolerance);
    try (Socket socket = new Socket()) {
      socket.connect(to);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      conversation.hold(socket, random);
    } catch (SocketTimeoutException e) {
      throw conversation.wrong("neither answered nor closed within " + PATIENCE_MILLIS + " ms");
    }
    conversation.check();
    return conversation.answers;
  }

  private void hold(Socket socket, SplittableRandom random) throws IOException {
    sendInSegments(socket, random);
    while (answers.size() < requests.size() && readAnswer(socket)) {}
    if (!closed) {
      if (tolerated) {
        endSending(socket);
      } else if (ending == Ending.OPEN) {
        send(socket, LAST, 0, LAST.length);
      } else if (ending == Ending.INCOMPLETE
          || ending == Ending.MALFORMED_BODY
          || (ending == Ending.MALFORMED_HEAD && !headEnds)) {
        endSending(socket);
      }
    }
    while (readAnswer(socket)) {
      if (!tolerated && answers.size() > requests.size() + 1) {
        throw wrong("more answers than requests");
      }
    }
  }

  private void sendInSegments(Socket socket, SplittableRandom random) {
    int segments = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(MOST_SEGMENTS);
    int[] cuts = random.ints(segments - 1L, 0, sent.length + 1).sorted().toArray();
    int from = 0;
    for (int cut : cuts) {
      send(socket, sent, from, cut);
      from = cut;
    }
    send(socket, sent, from, sent.length);
  }

  /**
   * Sends bytes. Continues to read after the server has closed the connection, because further
   * answers might still arrive.
   */
  private void send(Socket socket, byte[] bytes, int from, int to) {
    try {
      socket.getOutputStream().write(bytes, from, to - from);
    } catch (IOException e) {
      reset = true;
    }
  }

  private void endSending(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      reset = true;
    }
  }

  private boolean readAnswer(Socket socket) throws IOException {
    int index = answers.size();
    Optional<Message> request =
        index < requests.size() ? Optional.of(requests.get(index)) : Optional.empty();
    while (true) {
      if (read < length || closed) {
        if (read == length) {
          return false;
        }
        String method = request.map(Message::method).orElse("GET");
        switch (StrictReader.answer(received, read, length, method, closed)) {
          case StrictReader.Whole whole -> {
            read = whole.message().end();
            answers.add(new Answered(request, whole.message()));
            if (method.equals("HEAD") && refuses(whole.message())) {
              dropBody(socket);
            }
            return true;
          }
          case StrictReader.Malformed malformed -> throw wrong("a malformed answer: " + malformed);
          case StrictReader.Incomplete incomplete -> {
            if (closed) {
              endedWithin(request);
              return false;
            }
          }
        }
      }
      receive(socket);
    }
  }

  private static boolean refuses(Message answer) {
    return answer.closes() && REFUSALS.contains(answer.status());
  }

  /** Accepts a body in the answer to a {@code HEAD} request that the server could not read. */
  private void dropBody(Socket socket) throws IOException {
    while (!closed) {
      receive(socket);
    }
    if (new String(received, read, length - read, ISO_8859_1).contains("HTTP/1.1 ")) {
      throw wrong("an answer after the last answer");
    }
    read = length;
  }

  /**
   * Permits two kinds of incomplete endings. The server may refuse a malformed {@code HEAD} request
   * without sending the announced body. A client that does not continue its request, although the
   * server has asked for this, may get no final answer.
   */
  private void endedWithin(Optional<Message> request) {
    boolean refused = request.isEmpty() && answers.size() == requests.size();
    if (refused
        && StrictReader.answer(received, read, length, "HEAD", true)
            instanceof StrictReader.Whole whole
        && whole.message().end() == length) {
      answers.add(new Answered(request, whole.message()));
    } else if (!reset && !(refused && isToldToGoOn())) {
      throw wrong("an answer that ends early");
    }
    read = length;
  }

  private boolean isToldToGoOn() {
    return new String(received, read, length - read, ISO_8859_1)
        .equals("HTTP/1.1 100 Continue\r\n\r\n");
  }

  private void receive(Socket socket) throws IOException {
    if (length == received.length) {
      received = Arrays.copyOf(received, 2 * length);
    }
    try {
      int count = socket.getInputStream().read(received, length, received.length - length);
      closed = count < 0;
      length += Math.max(0, count);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      closed = true;
      reset = true;
    }
  }

  private void check() {
    if (tolerated) {
      return;
    }
    int behind = answers.size() - requests.size();
    int most = ending == Ending.CLOSING ? 0 : 1;
    if (behind > most) {
      throw wrong("more answers than requests");
    }
    if (behind == 1
        && ending == Ending.MALFORMED_HEAD
        && answers.getLast().answer().status() < 400) {
      throw wrong("the server treated a malformed head as a request");
    }
    boolean expected = behind < 0 || (behind == 0 && headEndsInRefusal());
    if (expected && !isLast() && !reset && !tolerance.closes()) {
      throw wrong("an answer is missing");
    }
  }

  /**
   * Whether this answer is allowed to be the last answer on the connection. A server may reject a
   * head that the strict reader accepts. The server then closes the connection.
   */
  private boolean isLast() {
    if (answers.isEmpty()) {
      return false;
    }
    Message last = answers.getLast().answer();
    return last.closes() || REFUSALS.contains(last.status());
  }

  private boolean headEndsInRefusal() {
    return ending == Ending.OPEN || (ending == Ending.MALFORMED_HEAD && headEnds);
  }

  private AssertionError wrong(String what) {
    return new AssertionError(
        "%s; a strict reader finds %d requests and then: %s (%d answers)%nsent:%n%s%nreceived:%n%s"
            .formatted(
                what,
                requests.size(),
                endsWith,
                answers.size(),
                FuzzRun.shown(sent),
                FuzzRun.shown(Arrays.copyOf(received, length))));
  }
}
