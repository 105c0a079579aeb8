package io.claviger.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.model.SessionEvent;
import io.claviger.gateway.model.SessionMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A session of OpenAI's Realtime API. The provider is allowed to detect turns, but not to begin a
 * response without a request. At the end of each turn of the caller, the gateway reserves the
 * amount that a response might cost and then requests the response.
 */
final class RealtimeDialogue implements Dialogue {
  private static final CallError ONE_AT_A_TIME =
      CallError.badRequest("A response is under way. Ask for the next one when it is complete.");

  private final CallParts parts;
  private final Sides sides;
  private final RealtimeSession session;
  private @Nullable ConversedResponse current;

  /**
   * An early message with audio; null if there is none. The message waits until the provider has
   * confirmed that it begins no response without a request.
   */
  private @Nullable SessionMessage early;

  /**
   * Whether the caller's turn has ended and the gateway still has to request the response to this
   * turn.
   */
  private boolean isDue;

  RealtimeDialogue(CallParts parts, Sides sides, RealtimeSession session) {
    this.parts = parts;
    this.sides = sides;
    this.session = session;
  }

  @Override
  public Said fromCaller(WebSocketFrame frame) {
    SessionMessage said = SessionMessage.begin(frame.content(), session.asked(), session.model());
    frame.release();
    return new Said(said, () -> takeInTime(said));
  }

  private void takeInTime(SessionMessage said) {
    if (said.fault().isEmpty() && said.isSound() && !session.takesSound()) {
      soundTooEarly(said);
    } else {
      take(said);
    }
  }

  private void take(SessionMessage said) {
    Optional<CallError> unfit =
        said.isCreate() && current != null ? Optional.of(ONE_AT_A_TIME) : said.fault();
    if (unfit.isPresent()) {
      sides.refuse(unfit.get());
      sides.taken();
      return;
    }
    session.said(said);
    if (said.isCreate()) {
      String event = RealtimeSession.newEvent();
      ask(said.mostOutput(), said.withEvent(event), event, true);
    } else {
      sides.toProvider(new TextWebSocketFrame(Unpooled.wrappedBuffer(said.edited())));
      sides.taken();
    }
  }

  private void soundTooEarly(SessionMessage sound) {
    Optional<String> asking = session.asksForNoTurns();
    if (asking.isPresent()) {
      early = sound;
      sides.toProvider(new TextWebSocketFrame(asking.get()));
    } else {
      sides.refuse(RealtimeSession.TURNS_NOT_OFF);
      sides.taken();
    }
  }

  /**
   * @param isOfCaller whether the caller has requested this response. The caller's message then
   *     waits until the request is permitted
   */
  private void ask(OptionalLong mostOutput, byte[] asking, String event, boolean isOfCaller) {
    session.asks();
    ByteBuf asks = Unpooled.copiedBuffer(session.asksFor(mostOutput), UTF_8);
    ConversedResponse begun =
        new ConversedResponse(parts, ConversedResponse.RESPONSES, asks, new Asking(isOfCaller));
    current = begun;
    begun.begin(
        new ConversedResponse.InSession(session.model(), session::estimate, false),
        Unpooled.wrappedBuffer(asking),
        event);
  }

  /**
   * Requests the response to a turn. The gateway has told the provider not to begin this response
   * without a request.
   */
  private void answerTurn() {
    isDue = false;
    String event = RealtimeSession.newEvent();
    byte[] create =
        "{\"type\":\"response.create\",\"event_id\":\"%s\"}".formatted(event).getBytes(UTF_8);
    ask(OptionalLong.empty(), create, event, false);
  }

  @Override
  public void fromProvider(WebSocketFrame message) {
    SessionEvent event = SessionEvent.of(message.content());
    ConversedResponse answers = current != null && current.isSent() ? current : null;
    boolean isUnasked = event.isCreated() && (answers == null || answers.isBegun());
    if (event.type().isEmpty() || isUnasked) {
      message.release();
      sides.end(CallError.PROVIDER_ANSWER_UNUSABLE, 1011); // no use is reserved for the response
      return;
    }
    boolean own = session.heard(event, message.content().readableBytes());
    isDue |= session.endsTurn(event);
    AuthorizedCall given = parts.permission().call();
    boolean tellsLimits = event.isOfLimits() && !given.showsRates();
    if (own || tellsLimits || (event.isOfResponse() && answers == null)) {
      message.release();
    } else {
      boolean last =
          answers != null
              && (event.isOfResponse() || answers.isRefused(event.refused()))
              && answers.answered(message.content(), event.type());
      ProviderApi api = given.standard().format().api();
      sides.toCaller(
          given.showsRates() ? message : HiddenRates.message(api, event.type(), "", message));
      if (answers != null && last) {
        current = null;
        answers.settle(Optional.empty());
      }
    }
    goOn();
  }

  private void goOn() {
    SessionMessage waits = early;
    if (waits != null && !session.awaitsUpdate()) {
      early = null;
      takeInTime(waits);
    }
    if (isDue && current == null && !sides.isOver()) {
      answerTurn();
    }
  }

  @Override
  public boolean takesMore() {
    return !session.awaitsUpdate();
  }

  @Override
  public boolean awaitsProvider() {
    return current == null ? session.awaitsUpdate() : current.isSent();
  }

  @Override
  public boolean isAnswering() {
    return current != null;
  }

  @Override
  public long held() {
    return 0; // the early message still counts as the current message
  }

  @Override
  public void close() {
    early = null;
    ConversedResponse broken = current;
    current = null;
    if (broken != null) {
      broken.settle(Optional.of("conversation_ended"));
    }
  }

  private final class Asking implements ConversedResponse.Asker {
    private final boolean isOfCaller;

    Asking(boolean isOfCaller) {
      this.isOfCaller = isOfCaller;
    }

    @Override
    public void admitted(ByteBuf message) {
      if (sides.ask(message)) {
        taken();
      }
    }

    private void taken() {
      if (isOfCaller) {
        sides.taken();
      }
    }

    @Override
    public void whilePermitted(Runnable then) {
      sides.whilePermitted(then);
    }

    @Override
    public void refused(CallError why) {
      current = null;
      sides.refuse(why);
      taken();
    }

    @Override
    public void ended(CallError why) {
      current = null;
      sides.end(why, 1008);
    }
  }
}
