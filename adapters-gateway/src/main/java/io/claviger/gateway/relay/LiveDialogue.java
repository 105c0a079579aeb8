package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.LiveEvent;
import io.claviger.gateway.model.LiveMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules for a session of Gemini's Live API. The provider can begin turns without a request. So
 * a caller's message that might begin a turn waits until the use of the next turn is reserved. The
 * provider's messages of that turn wait, too. If the use can't be reserved, the session ends. The
 * use of the first turn is reserved before the initial history is complete, in case a model answers
 * the history.
 *
 * <p>A turn ends when the provider has stated its use and the model has stopped: it has finished,
 * was interrupted, or waits for function results.
 */
final class LiveDialogue implements Dialogue {
  private static final CallError SETUP_FIRST =
      CallError.badRequest("Begin a session with exactly one setup message.");

  private enum Stage {
    NEW,
    SETTING_UP,
    OPEN
  }

  private final CallParts parts;
  private final Sides sides;
  private final Optional<SocketTarget.Names> names;
  private final LiveSpeech speech = new LiveSpeech();
  private final WaitingMessages answers = new WaitingMessages();
  private Stage stage = Stage.NEW;
  private String model = "";
  private OptionalLong mostOutput = OptionalLong.empty();

  /** Whether the caller may still send the initial history, which the setup announced. */
  private boolean awaitsHistory;

  /** The turn after the current one; its use is being reserved or has been reserved. */
  private @Nullable ConversedResponse next;

  private boolean isReserved;

  /** The caller's message that waits for the reservation of the next turn; null if none waits. */
  private @Nullable Message waiting;

  private @Nullable ConversedResponse current;
  private boolean isOver;
  private boolean isStated;

  LiveDialogue(CallParts parts, Sides sides, Optional<SocketTarget.Names> names) {
    this.parts = parts;
    this.sides = sides;
    this.names = names;
  }

  @Override
  public Said fromCaller(WebSocketFrame frame) {
    String called = names.map(SocketTarget.Names::called).orElse("");
    LiveMessage said = LiveMessage.begin(frame.content(), called, MALFORMED);
    Message message = new Message(said, frame instanceof BinaryWebSocketFrame);
    frame.release();
    return new Said(said, () -> take(message, called));
  }

  /** A caller's message. The message is forwarded in the kind of frame in which it arrived. */
  private record Message(LiveMessage said, boolean isBinary) {}

  private void take(Message message, String called) {
    LiveMessage said = message.said();
    awaitsHistory = awaitsHistory && said.joinsHistory();
    Optional<CallError> unfit = unfit(said);
    if (unfit.isPresent()) {
      sides.refuse(unfit.get());
    } else if (said.isSetup()) {
      stage = Stage.SETTING_UP;
      model = called.isEmpty() ? said.model() : called;
      mostOutput = said.mostOutput();
      awaitsHistory = said.announcesHistory();
      pass(message);
    } else if (said.isOnlyContent() || isReserved) {
      pass(message);
    } else {
      waiting = message;
      reserve();
    }
  }

  private Optional<CallError> unfit(LiveMessage said) {
    if (said.fault().isPresent()) {
      return said.fault();
    }
    if (said.isSetup() != (stage == Stage.NEW)) {
      return Optional.of(SETUP_FIRST);
    }
    String meant = names.map(SocketTarget.Names::called).orElse(said.model());
    Optional<Set<ModelPattern>> allowed = parts.permission().call().models();
    return said.isSetup() && allowed.isPresent() && !ModelPattern.anyMatches(allowed.get(), meant)
        ? Optional.of(CallError.modelNotAllowed(meant))
        : Optional.empty();
  }

  private void pass(Message message) {
    speech.said(message.said());
    ByteBuf edited = Unpooled.wrappedBuffer(message.said().edited());
    sides.toProvider(
        message.isBinary() ? new BinaryWebSocketFrame(edited) : new TextWebSocketFrame(edited));
    sides.taken();
  }

  /** Reserves the use of the next turn: everything that the model may read and write. */
  private void reserve() {
    if (next != null) {
      return;
    }
    String most =
        mostOutput.isPresent()
            ? ",\"generationConfig\":{\"maxOutputTokens\":" + mostOutput.getAsLong() + "}"
            : "";
    String asks = "{\"contents\":[{\"parts\":[{\"text\":\"\"}]}]" + most + "}";
    ConversedResponse begun =
        new ConversedResponse(
            parts,
            "models/" + model + ":streamGenerateContent",
            Unpooled.copiedBuffer(asks, UTF_8),
            new Asking());
    next = begun;
    begun.begin(
        new ConversedResponse.InSession(model, speech::estimate, true), Unpooled.buffer(0), "");
  }

  @Override
  public void fromProvider(WebSocketFrame message) {
    boolean others = !answers.isEmpty();
    answers.add(message);
    if (!others) { // if other messages wait for a reservation, this message waits behind them
      takeAnswers();
    }
  }

  /** Forwards the provider's messages, up to the first message of a turn without a reservation. */
  private void takeAnswers() {
    for (WebSocketFrame first = answers.peek(); first != null; first = answers.peek()) {
      LiveEvent event = LiveEvent.of(first.content());
      boolean isOfSession = event.hasContent() || event.hasUsage();
      if (!event.isReadable() || (isOfSession && stage == Stage.NEW)) {
        sides.end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011);
        return;
      }
      if (isOfSession && !isOfTurn(event) && !beginsTurn()) {
        reserve();
        return;
      }
      take(event);
      if (sides.isOver()) {
        return;
      }
    }
  }

  /** Whether a provider's message belongs to the current turn. */
  private boolean isOfTurn(LiveEvent event) {
    return current != null && (!isOver || !event.hasContent());
  }

  /**
   * Begins the next turn if its use is reserved. The current turn then ends, even if the provider
   * has not stated the current turn's use.
   */
  private boolean beginsTurn() {
    if (!isReserved) {
      return false;
    }
    endTurn();
    current = next;
    next = null;
    isReserved = false;
    speech.answered();
    sides.asked();
    return true;
  }

  private void take(LiveEvent event) {
    WebSocketFrame message = answers.poll();
    if (message == null) {
      return;
    }
    boolean isFirstOfTurn = event.hasUsage() && !event.hasContent() && !isOver && !isBegun();
    if (event.isSetUp() && stage == Stage.SETTING_UP) {
      stage = Stage.OPEN;
    }
    ConversedResponse turn = current;
    if (turn != null) {
      speech.heard(event, message.content().readableBytes());
      boolean unused = turn.answered(message.content(), "");
      isOver |= event.ends() || isFirstOfTurn;
      isStated |= event.hasUsage();
    }
    if (event.tellsHandle()) {
      message.release(); // whoever knows the handle could continue the session
    } else {
      AuthorizedCall given = parts.permission().call();
      boolean hides = event.hasError() && !given.showsRates();
      sides.toCaller(hides ? HiddenRates.live(given.standard().format().api(), message) : message);
    }
    if (isOver && isStated) {
      endTurn();
    }
  }

  /** Whether the provider has sent content in the current turn. */
  private boolean isBegun() {
    ConversedResponse turn = current;
    return turn != null && turn.isBegun();
  }

  private void endTurn() {
    ConversedResponse turn = current;
    current = null;
    if (turn != null) {
      if (isStated) {
        turn.complete();
      }
      turn.settle(Optional.empty());
      speech.turnEnds();
    }
    isOver = false;
    isStated = false;
  }

  @Override
  public boolean takesMore() {
    return stage != Stage.SETTING_UP;
  }

  @Override
  public boolean awaitsProvider() {
    return stage == Stage.SETTING_UP || (isReserved && speech.isAsked()) || isAnswering();
  }

  @Override
  public long soundMillis() {
    return isAnswering() ? speech.spokenMillis() : 0;
  }

  @Override
  public boolean isAnswering() {
    return current != null && !isOver;
  }

  @Override
  public long held() {
    return answers.held();
  }

  @Override
  public void close() {
    answers.release();
    waiting = null;
    ConversedResponse turn = current;
    current = null;
    try {
      if (turn != null) {
        if (isStated) {
          turn.complete();
        }
        turn.settle(isOver ? Optional.empty() : Optional.of("conversation_ended"));
        speech.turnEnds();
      }
    } finally {
      closeNext();
    }
  }

  private void closeNext() {
    ConversedResponse unbegun = next;
    next = null;
    TokenUsage read = speech.unanswered();
    if (unbegun != null && isReserved && speech.isAsked()) {
      unbegun.settle(Optional.of("conversation_ended"));
    } else if (unbegun != null && isReserved && !read.isNothing()) {
      unbegun.settleUnanswered(read);
    } else if (unbegun != null) {
      unbegun.giveBack();
    }
    isReserved = false;
  }

  private final class Asking implements ConversedResponse.Asker {
    @Override
    public void admitted(ByteBuf nothing) {
      nothing.release();
      if (sides.isOver()) {
        return;
      }
      isReserved = true;
      Message message = waiting;
      waiting = null;
      if (message != null) {
        pass(message);
      }
      takeAnswers();
    }

    @Override
    public void whilePermitted(Runnable then) {
      sides.whilePermitted(then);
    }

    @Override
    public void refused(CallError why) {
      next = null;
      sides.refuse(why);
    }

    @Override
    public void ended(CallError why) {
      next = null;
      sides.end(why, 1008);
    }
  }
}
