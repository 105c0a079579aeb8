package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.gateway.strangers.Composer.Fate;
import io.claviger.gateway.strangers.Composer.Request;
import io.claviger.gateway.strangers.MessageStream.Received;
import io.claviger.testkit.http.FuzzRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One account at the provider, the service that lends it, and its callers, of whom one calls at a
 * time. So each request that reaches the provider is known to be the caller's.
 */
final class World implements AutoCloseable {
  static final String OWNER = "alice";
  static final String WITH_OWN_KEY = "erin";
  static final List<String> CALLERS = List.of("bob", "carol", "dave", OWNER, WITH_OWN_KEY);
  private static final List<String> BORROWERS = CALLERS.subList(0, 3);
  static final String KEY = "sk-of-all-borrowers-0123456789abcdef";
  static final String OWN_KEY = "sk-of-erin-alone-0123456789abcdef";

  private static final boolean FIELDS_ARE_WRITTEN = true;
  private static final Pattern ID =
      Pattern.compile(
          "\"((?:resp_|conv_|file-|vs_|vsfb_|cntr_|cfile_|batch_|upload_|part_|chatcmpl-|msg_"
              + "|file_01|msgbatch_01|container_01|files/|cachedContents/|batches/)[A-Za-z0-9]+)\"");
  private static final int PATIENCE_MILLIS = 30_000;

  private final String name;
  private final InetSocketAddress gateway;
  private final Map<String, String> tokens;
  private final Map<String, Grammar> grammars;
  private final Coverage coverage;
  private final Consumer<AssertionError> findings;
  private final List<String> faults = new ArrayList<>();
  private final List<Judge.Arrival> arrivals = new ArrayList<>();
  private @Nullable Socket socket;
  private @Nullable MessageStream stream;
  private String format = "";
  private String caller = "";
  private @Nullable Request request;
  private @Nullable Judge judge;
  private @Nullable Account account;
  private @Nullable StatefulProvider stateful;

  /**
   * @param name what the paths of the account begin with; the services of the formats are {@code
   *     alice/FORMAT-NAME}
   * @param findings takes what should not have happened, and may throw it
   * @param tokens by the names of the callers
   */
  World(
      String name,
      InetSocketAddress gateway,
      Map<String, String> tokens,
      Map<String, Grammar> grammars,
      Coverage coverage,
      Consumer<AssertionError> findings) {
    this.name = name;
    this.gateway = gateway;
    this.tokens = tokens;
    this.grammars = grammars;
    this.coverage = coverage;
    this.findings = findings;
  }

  /** Plays a number of requests with new objects, of which none was made through Claviger. */
  int play(SplittableRandom random, int requests, int heldBytes) throws IOException {
    List<String> makers = new ArrayList<>(CALLERS);
    makers.add(Account.OUTSIDE);
    makers.add(Account.NOBODY);
    account = new Account(random, makers);
    judge = new Judge(account, FIELDS_ARE_WRITTEN, false);
    List<String> formats = grammars.keySet().stream().sorted().toList();
    for (int i = 0; i < requests; i++) {
      format = formats.get(Math.min(formats.size() - 1, random.nextInt(2 * formats.size())));
      caller =
          CALLERS.get(random.nextInt(6) > 0 ? random.nextInt(3) : random.nextInt(CALLERS.size()));
      play(random, heldBytes);
    }
    return requests;
  }

  /**
   * Plays a number of requests, before which each borrower has stored something.
   *
   * @param called the format of all of them
   * @param provider keeps what is stored
   */
  int playStoring(
      SplittableRandom random,
      String called,
      int requests,
      int heldBytes,
      StatefulProvider provider)
      throws IOException {
    stateful = provider;
    account = new Account(random, List.of(Account.OUTSIDE, Account.NOBODY));
    judge = new Judge(account, FIELDS_ARE_WRITTEN, true);
    format = called;
    for (String borrower : BORROWERS) {
      caller = borrower;
      new Possessions(this::send, borrower).make(format);
    }
    for (int i = 0; i < requests; i++) {
      caller = BORROWERS.get(random.nextInt(BORROWERS.size()));
      play(random, heldBytes);
    }
    return requests;
  }

  private void play(SplittableRandom random, int heldBytes) throws IOException {
    Account all = Objects.requireNonNull(account);
    Composer composer =
        new Composer(
            random,
            all,
            Objects.requireNonNull(grammars.get(format)),
            Formats.kinds(format),
            caller,
            heldBytes,
            stateful != null);
    Request next = composer.next();
    Received answer = call(next);
    check(next, answer);
    if (!isAlike(next) || random.nextInt(20) > 0) {
      return;
    }
    Account.Thing named = Objects.requireNonNull(next.named());
    for (String other : List.of(Account.NOBODY, Account.OUTSIDE)) {
      Request same = Composer.with(next, all.of(named.kind(), other));
      Received its = call(same);
      check(same, its);
      String one = told(answer).replace(named.id(), "ID");
      String two = told(its).replace(Objects.requireNonNull(same.named()).id(), "ID");
      if (!one.equals(two)) {
        found("The answers tell objects apart:\n" + one + "\n" + two + shown(next));
      }
    }
  }

  /** Sends a request that has to succeed, and returns its answer. */
  private Received send(String method, String target, String type, String body) throws IOException {
    Grammar grammar = Objects.requireNonNull(grammars.get(format));
    String path = target.split("\\?")[0];
    Request next =
        new Request(
            grammar.lent(method, path).orElse(grammar.shapes(false).getFirst()),
            method + " " + path,
            method,
            target,
            type.isEmpty() ? List.of() : List.of("Content-Type: " + type),
            body.getBytes(ISO_8859_1),
            false,
            Fate.PASSES,
            null,
            null);
    Received answer = call(next);
    check(next, answer);
    return answer;
  }

  private boolean isAlike(Request next) {
    return next.fate() == Fate.IS_REFUSED
        && next.named() != null
        && !caller.equals(WITH_OWN_KEY)
        && !caller.equals(OWNER);
  }

  /** What an answer tells, without what differs between any two. */
  private static String told(Received answer) {
    StringBuilder told = new StringBuilder(answer.startLine());
    answer
        .fields()
        .forEach(
            (field, value) -> {
              if (!field.equals("date")
                  && !field.equals("connection")
                  && !field.contains("request-id")) {
                told.append('\n').append(field).append(": ").append(value);
              }
            });
    return told.append('\n').append(answer.text()).toString();
  }

  private Received call(Request next) throws IOException {
    request = next;
    faults.clear();
    arrivals.clear();
    byte[] bytes = written(next);
    for (int attempt = 0; ; attempt++) {
      try {
        if (socket == null) {
          socket = new Socket();
          socket.connect(gateway);
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(PATIENCE_MILLIS);
          stream = new MessageStream(socket);
        }
        try {
          socket.getOutputStream().write(bytes);
        } catch (IOException refusedEarly) {
          // The answer may be there already.
        }
        Received answer = Objects.requireNonNull(stream).read(next.method().equals("HEAD"));
        if (answer.fields().getOrDefault("connection", "").contains("close")) {
          disconnect();
        }
        return answer;
      } catch (IOException lost) {
        disconnect();
        if (attempt > 0 || !arrivals.isEmpty()) {
          throw new IOException(lost + shown(next), lost);
        }
      }
    }
  }

  private void disconnect() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }

  private byte[] written(Request next) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder();
    head.append(next.method())
        .append(" /gateway/services/alice/")
        .append(format)
        .append('-')
        .append(name)
        .append('/')
        .append(next.target())
        .append(" HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer ")
        .append(tokens.get(caller))
        .append("\r\n");
    next.fields().forEach(field -> head.append(field).append("\r\n"));
    if (next.chunked()) {
      head.append("Transfer-Encoding: chunked\r\n\r\n");
      out.writeBytes(head.toString().getBytes(ISO_8859_1));
      int half = next.body().length / 2;
      chunk(out, next.body(), 0, half);
      chunk(out, next.body(), half, next.body().length);
      out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    } else {
      if (next.body().length > 0 || !next.method().equals("GET")) {
        head.append("Content-Length: ").append(next.body().length).append("\r\n");
      }
      out.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
      out.writeBytes(next.body());
    }
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, byte[] bytes, int from, int to) {
    if (to > from) {
      out.writeBytes((Integer.toHexString(to - from) + "\r\n").getBytes(ISO_8859_1));
      out.write(bytes, from, to - from);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
  }

  /** What the provider does with a request of the caller who calls now. */
  synchronized SharedAccounts.Answer answer(Judge.Arrival arrival) throws IOException {
    Request now = Objects.requireNonNull(request);
    arrivals.add(arrival);
    boolean own = arrival.fields().toString().contains(OWN_KEY);
    if (own != caller.equals(WITH_OWN_KEY)) {
      faults.add("called with the key of somebody else");
    }
    if (!own && !caller.equals(OWNER)) {
      Grammar.Shape shape =
          now.shape().lent
              ? now.shape()
              : Objects.requireNonNull(grammars.get(format))
                  .lent(arrival.method(), arrival.path())
                  .orElse(now.shape());
      faults.addAll(
          Objects.requireNonNull(judge).faults(format, shape, now.operation(), caller, arrival));
    }
    return stateful == null
        ? SharedAccounts.Answer.ok(Formats.answer(format, now.operation(), arrival))
        : stateful.answer(format, arrival);
  }

  /** Whoever gets the id of an object has made it, unless it is known to be another's. */
  private void learn(Request sent, Received answer) {
    String asked = new String(written(sent), ISO_8859_1);
    Matcher ids = ID.matcher(answer.text());
    while (ids.find()) {
      String id = ids.group(1);
      if (!asked.contains(id)) {
        String maker = Objects.requireNonNull(account).made(id, caller);
        if (!maker.equals(caller)) {
          found("The answer names " + id + " of " + maker + ": " + told(answer) + shown(sent));
        }
      }
    }
  }

  private void check(Request sent, Received answer) {
    boolean borrower = !caller.equals(WITH_OWN_KEY) && !caller.equals(OWNER);
    if (!faults.isEmpty()) {
      found(String.join("\n", faults) + shown(sent));
    }
    if (answer.status() >= 500) {
      found("answered " + told(answer) + shown(sent));
    }
    String all = told(answer);
    for (int at = all.indexOf("canary-"); at >= 0; at = all.indexOf("canary-", at + 1)) {
      // A mutation may have torn the caller's own canary.
      if (!all.startsWith("canary-" + caller, at)) {
        found("A canary of somebody else: " + all + shown(sent));
      }
    }
    if (stateful != null) {
      learn(sent, answer);
    }
    if (sent.fate() == Fate.PASSES && answer.status() != 200) {
      found("An allowed request was refused: " + all + shown(sent));
    }
    if (borrower
        && sent.fate() == Fate.IS_REFUSED
        && !arrivals.isEmpty()
        && (FIELDS_ARE_WRITTEN
            || sent.piece() == null
            || sent.piece().use() != Grammar.Use.STORING)) {
      found("A request that must be refused passed." + shown(sent));
    }
    if (borrower && answer.fields().containsValue(SharedAccounts.REMAINING)) {
      found("The answer tells what is left of the account: " + all + shown(sent));
    }
    if (borrower && sent.piece() != null) {
      coverage.sent(format, sent.piece());
    }
    coverage.answered(answer.status(), answer.fields().getOrDefault("x-claviger-error", ""));
  }

  private void found(String fault) {
    findings.accept(new AssertionError(fault));
  }

  private String shown(Request sent) {
    return "\n\n--- "
        + caller
        + " called "
        + sent.operation()
        + " with the piece "
        + (sent.piece() == null ? "-" : sent.piece().text())
        + "\n"
        + FuzzRun.shown(written(sent))
        + (arrivals.isEmpty() ? "" : "\n--- The provider received\n" + arrivals.getLast());
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
