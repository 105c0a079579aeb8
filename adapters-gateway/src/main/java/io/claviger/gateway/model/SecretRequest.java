package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.connections.ClientSecrets;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The body of a request for a client secret. The request contains the settings of the session, and
 * the lifetime of the client secret. The session has to name its model, and may have the members
 * that {@code session.update} may have.
 */
public final class SecretRequest implements JsonEvents {
  /** The largest body, in bytes: the largest session and the JSON around it. */
  public static final int LARGEST = ClientSecrets.LARGEST_SESSION + (1 << 10);

  private static final int LONGEST = 128;
  private static final long LEAST_SECONDS = 10;

  private static final CallError UNREADABLE =
      CallError.badRequest(
          "State the session, with its model in it, and nothing else but expires_after:"
              + " {\"session\": {\"type\": \"realtime\", \"model\": \"gpt-realtime\"}}.");
  private static final CallError BAD_EXPIRY =
      CallError.badRequest(
          "expires_after is {\"anchor\": \"created_at\", \"seconds\": 600}, with 10 seconds or more.");
  private static final CallError TOO_LARGE =
      CallError.badRequest("The session of a client secret has at most 16 KiB.");

  private final byte[] body;
  private final JsonScanner scanner = new JsonScanner(this, LONGEST);
  private final Set<String> names = new HashSet<>();
  private String outer = "";
  private String inner = "";
  private int depth;
  private int from = -1;
  private int to = -1;
  private String model = "";
  private boolean badExpiry;
  private OptionalLong seconds = OptionalLong.empty();

  private SecretRequest(byte[] body) {
    this.body = body;
  }

  /**
   * @throws CallRefused if the gateway does not understand or does not permit the request
   */
  public static SecretRequest of(byte[] body) {
    SecretRequest read = new SecretRequest(body);
    try {
      read.scanner.read(body, 0, body.length);
      read.scanner.end();
    } catch (MalformedBody e) {
      throw new CallRefused(UNREADABLE);
    }
    read.check();
    return read;
  }

  /** Returns a request with the given session settings, which have been stored. */
  public static SecretRequest ofSession(byte[] session) {
    return of(around("{\"session\":", session));
  }

  private void check() {
    if (badExpiry || (names.contains("expires_after") && seconds.isEmpty())) {
      throw new CallRefused(BAD_EXPIRY);
    }
    if (to < 0 || model.isEmpty() || !Set.of("session", "expires_after").containsAll(names)) {
      throw new CallRefused(UNREADABLE);
    }
    if (to - from > ClientSecrets.LARGEST_SESSION) {
      throw new CallRefused(TOO_LARGE);
    }
    SessionMessage.of(Unpooled.wrappedBuffer(update()), model, model)
        .fault()
        .ifPresent(
            fault -> {
              throw new CallRefused(fault);
            });
  }

  /** The model of the session. */
  public String model() {
    return model;
  }

  /**
   * The lifetime of the client secret, in seconds. If the request names no lifetime, or a lifetime
   * above the maximum, the result is the maximum.
   */
  public long seconds() {
    long most = ClientSecrets.LONGEST.toSeconds();
    return Math.min(most, seconds.orElse(most));
  }

  /** The session settings as the client sent them. */
  public byte[] session() {
    return Arrays.copyOfRange(body, from, to);
  }

  /** The message that applies these settings to a WebSocket's session. */
  public byte[] update() {
    return around("{\"type\":\"session.update\",\"session\":", session());
  }

  private static byte[] around(String begin, byte[] session) {
    byte[] before = begin.getBytes(UTF_8);
    byte[] whole = Arrays.copyOf(before, before.length + session.length + 1);
    System.arraycopy(session, 0, whole, before.length, session.length);
    whole[whole.length - 1] = '}';
    return whole;
  }

  private boolean isIn(String member) {
    return depth == 2 && outer.equals(member);
  }

  @Override
  public void opened(boolean array) {
    depth++;
    if (depth == 1 && array) {
      throw new MalformedBody("is no object");
    }
    if (isIn("session")) {
      demandObject(array);
      from = (int) scanner.position();
    } else if (isIn("expires_after")) {
      demandObject(array);
    }
  }

  private static void demandObject(boolean array) {
    if (array) {
      throw new MalformedBody("has a list in place of an object");
    }
  }

  @Override
  public void closed() {
    if (isIn("session")) {
      to = (int) scanner.position() + 1;
    }
    depth--;
  }

  @Override
  public void name(ScannedText name) {
    String read = name.isLonger() ? "" : name.toString();
    if (depth == 1) {
      outer = read;
      if (!names.add(read)) {
        throw new MalformedBody("has a member twice");
      }
    } else if (depth == 2) {
      inner = read;
    }
  }

  @Override
  public boolean wantsText() {
    return depth == 2;
  }

  @Override
  public void text(ScannedText text) {
    String value = text.isLonger() ? "" : text.toString();
    if (isIn("session") && inner.equals("model")) {
      model = value;
    } else if (isIn("expires_after")) {
      badExpiry |= !inner.equals("anchor") || !value.equals("created_at");
    }
  }

  @Override
  public void number(ScannedNumber number) {
    if (isIn("expires_after")) {
      badExpiry |=
          !inner.equals("seconds")
              || seconds.isPresent()
              || number.plainCount().isEmpty()
              || number.plainCount().getAsLong() < LEAST_SECONDS;
      seconds = number.plainCount();
    }
  }

  @Override
  public void other() {
    badExpiry |= isIn("expires_after");
  }
}
