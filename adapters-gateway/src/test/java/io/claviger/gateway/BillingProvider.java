package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider of chats that bills everything that a request asks for, even if the caller has left: a
 * token for each two bytes of the body, and the output maximum. The usage that it states can differ
 * from the bill. Like many servers, it knows only {@code max_tokens} as the maximum. Without this
 * member, it writes any amount.
 */
final class BillingProvider implements AutoCloseable {
  /** When a stream states its usage. */
  enum Stating {
    /** If {@code include_usage} is true, like OpenAI. */
    IF_ASKED,
    NEVER,
    /** A growing part of the usage in each event, like some servers. */
    IN_EACH_EVENT,
    /** A billion tokens. */
    TOO_MUCH
  }

  private static final Pattern MAXIMUM = Pattern.compile("\"max_tokens\":(\\d+)");
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
  private static final Pattern ASKED = Pattern.compile("\"include_usage\": ?true");
  private static final int EVENTS = 4;

  private final LoopbackServer server = new LoopbackServer(this::serve);
  private final AtomicLong billed = new AtomicLong();
  private volatile Stating stating = Stating.IF_ASKED;
  private volatile String model = "m";
  private volatile String media = "";
  private volatile String more = "";
  private volatile CountDownLatch untilLastHalf = new CountDownLatch(0);
  private volatile Optional<CountDownLatch> hungUp = Optional.empty();
  private volatile boolean breaksOff;
  private volatile long unasked;

  String baseUrl() {
    return "http://127.0.0.1:" + server.port() + "/v1";
  }

  BillingProvider stating(Stating when) {
    stating = when;
    return this;
  }

  /** Answers as this model. */
  BillingProvider answeringAs(String other) {
    model = other;
    return this;
  }

  /** Writes so many tokens if a request has no maximum that it knows. */
  BillingProvider writing(long tokens) {
    unasked = tokens;
    return this;
  }

  /** Adds these members to answers that are no streams. */
  BillingProvider adding(String members) {
    more = members;
    return this;
  }

  /** Answers with so many bytes of audio. */
  BillingProvider speaking(int bytes) {
    media = "a".repeat(bytes);
    return this;
  }

  /** Sends the last half of a stream only once the latch is open. */
  BillingProvider waitingFor(CountDownLatch latch) {
    untilLastHalf = latch;
    return this;
  }

  /** Opens the latch when the gateway closes the connection before the last half. */
  BillingProvider noticing(CountDownLatch latch) {
    hungUp = Optional.of(latch);
    return this;
  }

  /** Breaks streams off before their last half. */
  BillingProvider breakingOff() {
    breaksOff = true;
    return this;
  }

  /** The tokens that were billed so far. */
  long billed() {
    return billed.get();
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    for (String head = head(in); !head.isEmpty(); head = head(in)) {
      Matcher length = LENGTH.matcher(head);
      String body =
          length.find()
              ? new String(in.readNBytes(Integer.parseInt(length.group(1))), ISO_8859_1)
              : "";
      Matcher maximum = MAXIMUM.matcher(body);
      long input = body.length() / 2;
      long output = maximum.find() ? Long.parseLong(maximum.group(1)) : unasked;
      billed.addAndGet(input + output);
      answer(socket, body, input, output);
    }
  }

  private void answer(Socket socket, String body, long input, long output) throws IOException {
    OutputStream out = socket.getOutputStream();
    if (!media.isEmpty()) {
      out.write(whole("audio/mpeg", media));
      return;
    }
    boolean states = stating != Stating.NEVER;
    if (!body.contains("\"stream\"") || body.contains("\"stream\":false")) {
      String usage = states ? ",\"usage\":" + usage(input, output) : "";
      out.write(
          whole(
              "application/json",
              "{\"model\":\"%s\",\"choices\":[{\"message\":{\"content\":\"a\"}}]%s%s}"
                  .formatted(model, more, usage)));
      return;
    }
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(ISO_8859_1));
    for (int i = 0; i < EVENTS; i++) {
      if (i == EVENTS / 2) {
        if (breaksOff) {
          throw new IOException("broken off");
        }
        await(socket);
      }
      String part =
          stating == Stating.IN_EACH_EVENT ? usage(input, output * (i + 1) / EVENTS) : "null";
      event(
          out,
          "{\"model\":\"%s\",\"choices\":[{\"delta\":{\"content\":\"piece\"}}],\"usage\":%s}"
              .formatted(model, part));
    }
    if (stating == Stating.TOO_MUCH
        || (stating == Stating.IF_ASKED && ASKED.matcher(body).find())) {
      event(
          out,
          "{\"model\":\"%s\",\"choices\":[],\"usage\":%s}".formatted(model, usage(input, output)));
    }
    event(out, "[DONE]");
    out.write("0\r\n\r\n".getBytes(ISO_8859_1));
  }

  private void await(Socket socket) throws IOException {
    try {
      while (!untilLastHalf.await(5, TimeUnit.MILLISECONDS)) {
        if (hungUp.isPresent() && isClosed(socket)) {
          hungUp.get().countDown();
          throw new IOException("closed");
        }
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException silent) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private String usage(long input, long output) {
    long stated = stating == Stating.TOO_MUCH ? 1_000_000_000 : output;
    return "{\"prompt_tokens\":%d,\"completion_tokens\":%d}".formatted(input, stated);
  }

  private static void event(OutputStream out, String data) throws IOException {
    String text = "data: " + data + "\n\n";
    out.write((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(ISO_8859_1));
  }

  private static byte[] whole(String type, String body) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(ISO_8859_1);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() {
    server.close();
  }
}
