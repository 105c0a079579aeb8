package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.ObjectName;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.BodyReaders;
import io.claviger.gateway.model.MessageScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for OpenAI's Responses API over WebSocket. Each message of the caller counts as a call:
 * the gateway reads, changes, counts and charges it like any other call. A stream has only one
 * running response at a time.
 */
final class ResponsesDialogue implements Dialogue {
  private static final String CREATE = "response.create";
  private static final int MOST_REMEMBERED = 1_024;
  private static final int MOST_STREAMS = 16;
  private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** The approximate memory, in bytes, that a remembered id takes in addition to its characters. */
  private static final int BYTES_BESIDE_ID = 136;

  private static final CallError NOT_CREATE =
      CallError.badRequest(
          "On this WebSocket, only messages of the type response.create are accepted.");
  private static final CallError NESTED =
      CallError.badRequest(
          "Put the parameters of a response.create into the message itself, not into its member"
              + " response.");
  private static final CallError ONE_AT_A_TIME =
      CallError.badRequest("A response is under way. Ask for the next one when it is complete.");
  private static final CallError BAD_STREAM =
      CallError.badRequest(
          "Give a stream_id once, with 1 to 64 letters, digits, dots, colons, hyphens and"
              + " underscores.");
  private static final CallError TOO_MANY_STREAMS =
      CallError.badRequest("Responses are under way in 16 streams. Wait until one is complete.");
  private static final CallError OTHER_MODEL =
      CallError.badRequest(
          "The first message of this WebSocket has chosen the model. Open another WebSocket for"
              + " another model.");

  private final CallParts parts;
  private final Sides sides;
  private final String path;
  private final Optional<SocketTarget.Names> names;
  private final Map<String, ConversedResponse> current = new HashMap<>();
  private final Set<String> responses = new LinkedHashSet<>();

  /**
   * The ids of approval requests in responses of this connection. The ledger does not know these
   * ids, because the provider stores nothing, but the caller may name them.
   */
  private final Set<String> approvalRequests = new LinkedHashSet<>();

  /** The approximate memory, in bytes, that the remembered ids take. */
  private long bytesOfIds;

  /**
   * Whether a message of the provider on this connection has named the stream to which the
   * message's response belongs. Before the first such message, the gateway can't tell to which of
   * several responses a message belongs, and could charge the wrong response.
   */
  private boolean repeatsStreams;

  ResponsesDialogue(CallParts parts, Sides sides, String path, Optional<SocketTarget.Names> names) {
    this.parts = parts;
    this.sides = sides;
    this.path = path;
    this.names = names;
  }

  @Override
  public Said fromCaller(WebSocketFrame frame) {
    Message message = new Message(MessageScan.begin(frame.content()));
    frame.release();
    return new Said(message, message::take);
  }

  private void take(MessageScan scan, boolean namesOther) {
    Optional<CallError> unfit = unfit(scan, namesOther);
    if (unfit.isPresent()) {
      sides.refuse(unfit.get(), isPlain(scan) ? scan.stream() : "");
      sides.taken();
      return;
    }
    String stream = scan.stream();
    ByteBuf message = Unpooled.wrappedBuffer(scan.message());
    ConversedResponse begun = new ConversedResponse(parts, path, message, new Asking(stream));
    current.put(stream, begun);
    boolean known = scan.previous().filter(responses::contains).isPresent();
    begun.begin(scan, known, Set.copyOf(approvalRequests));
  }

  /**
   * A caller's message that is being read. The message is read again if its model has another name
   * at the provider.
   */
  private final class Message implements BodyReaders.Reading {
    private MessageScan scan;
    private boolean isRenamed;

    Message(MessageScan scan) {
      this.scan = scan;
    }

    @Override
    public long bytes() {
      return scan.bytes();
    }

    @Override
    public boolean readOn() {
      if (!scan.readOn()) {
        return false;
      }
      if (names.isEmpty() || isRenamed || namesOther()) {
        return true;
      }
      scan = scan.renamed(names.get().called());
      isRenamed = true;
      return false;
    }

    private boolean namesOther() {
      return names.isPresent()
          && !isRenamed
          && !scan.model().equals(Optional.of(names.get().asked()));
    }

    void take() {
      ResponsesDialogue.this.take(scan, namesOther());
    }
  }

  private static boolean isPlain(MessageScan scan) {
    return scan.statesStream() && STREAM.matcher(scan.stream()).matches();
  }

  private Optional<CallError> unfit(MessageScan scan, boolean namesOther) {
    if (!scan.type().equals(CREATE)) {
      return Optional.of(NOT_CREATE);
    }
    // Some providers read the parameters from the member `response` instead of the message itself.
    // The gateway checks only the message itself, so it refuses a message with such a member.
    if (scan.isAboutResponse()) {
      return Optional.of(NESTED);
    }
    if (scan.mentionsStream() && !isPlain(scan)) {
      return Optional.of(BAD_STREAM);
    }
    if (current.containsKey(scan.stream()) || (!current.isEmpty() && !repeatsStreams)) {
      return Optional.of(ONE_AT_A_TIME);
    }
    if (namesOther) {
      return Optional.of(OTHER_MODEL);
    }
    return current.size() < MOST_STREAMS ? Optional.empty() : Optional.of(TOO_MANY_STREAMS);
  }

  @Override
  public void fromProvider(WebSocketFrame message) {
    MessageScan scan = MessageScan.of(message.content());
    String stream = scan.stream();
    ConversedResponse answers = answering(scan);
    if (answers == null) {
      message.release(); // the message belongs to no requested response, so nobody would be charged
      return;
    }
    repeatsStreams |= !stream.isEmpty();
    scan.response().ifPresent(id -> remember(id, responses));
    scan.approvalRequest().ifPresent(id -> remember(id, approvalRequests));
    boolean last = answers.answered(message.content(), scan.type());
    AuthorizedCall given = parts.permission().call();
    if (given.showsRates()) {
      sides.toCaller(message);
    } else if (scan.type().contains("rate_limits.") || scan.type().endsWith("rate_limits")) {
      message.release(); // for example, Codex's message "codex.rate_limits"
    } else {
      ProviderApi api = given.standard().format().api();
      sides.toCaller(HiddenRates.message(api, scan.type(), stream, message));
    }
    if (last) {
      boolean unused = current.remove(stream, answers) || current.values().remove(answers);
      answers.settle(Optional.empty());
    }
  }

  /** The requested response that a message is about; null if there is none. */
  private @Nullable ConversedResponse answering(MessageScan scan) {
    ConversedResponse named = current.get(scan.stream());
    if (named == null && scan.stream().isEmpty() && current.size() == 1) {
      named = current.values().iterator().next(); // some providers don't repeat the stream
    }
    return named != null && named.isSent() ? named : null;
  }

  private void remember(String id, Set<String> known) {
    if (!ObjectName.isId(id) || !known.add(id)) {
      return;
    }
    bytesOfIds += BYTES_BESIDE_ID + id.length();
    if (known.size() > MOST_REMEMBERED) {
      String eldest = known.iterator().next();
      boolean unused = known.remove(eldest);
      bytesOfIds -= BYTES_BESIDE_ID + eldest.length();
    }
  }

  @Override
  public boolean takesMore() {
    return true;
  }

  @Override
  public boolean awaitsProvider() {
    return current.values().stream().anyMatch(ConversedResponse::isSent);
  }

  @Override
  public boolean isAnswering() {
    return !current.isEmpty();
  }

  @Override
  public long held() {
    return bytesOfIds;
  }

  @Override
  public void close() {
    List<ConversedResponse> broken = new ArrayList<>(current.values());
    current.clear();
    settle(broken);
  }

  /** Settles all responses, even if settling one of them throws an exception. */
  private static void settle(List<ConversedResponse> broken) {
    if (!broken.isEmpty()) {
      try {
        broken.getFirst().settle(Optional.of("conversation_ended"));
      } finally {
        settle(broken.subList(1, broken.size()));
      }
    }
  }

  private final class Asking implements ConversedResponse.Asker {
    private final String stream;

    Asking(String stream) {
      this.stream = stream;
    }

    @Override
    public void admitted(ByteBuf message) {
      if (sides.ask(message)) {
        sides.taken();
      }
    }

    @Override
    public void whilePermitted(Runnable then) {
      sides.whilePermitted(then);
    }

    @Override
    public void refused(CallError why) {
      current.remove(stream);
      sides.refuse(why, stream);
      sides.taken();
    }

    @Override
    public void ended(CallError why) {
      current.remove(stream);
      sides.end(why, 1008);
    }
  }
}
