package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings one provider's answer to the caller, or says what the caller is told instead. */
final class ResponseRelay implements ProviderListener {
  private final GatewayCall exchange;
  private final AuthorizedCall passage;
  private final ProviderConnection connection;
  private final Channel caller;
  private final CallerResponse answer;

  private @Nullable Redactor redactor;
  private @Nullable BufferedErrorBody undecided;
  private final TokenCounts tokens = new TokenCounts();
  private boolean detached;
  private long bytes;

  ResponseRelay(
      GatewayCall exchange,
      AuthorizedCall passage,
      ProviderConnection connection,
      Channel caller,
      CallerResponse answer) {
    this.exchange = exchange;
    this.passage = passage;
    this.connection = connection;
    this.caller = caller;
    this.answer = answer;
  }

  /** Whatever the connection still has to tell no longer counts. */
  void detach() {
    detached = true;
    if (redactor != null) {
      redactor.close();
    }
    if (undecided != null) {
      undecided.close();
      undecided = null;
    }
  }

  @Override
  public void answered(HttpResponse head) {
    Optional<CallError> instead = ResponsePolicy.on(head);
    if (instead.isPresent()) {
      exchange.fail(instead.get());
    } else if (ResponsePolicy.dependsOnBody(head, passage.standard().format())) {
      undecided = new BufferedErrorBody(head, caller.alloc());
    } else {
      begin(head);
    }
  }

  @Override
  public void content(ByteBuf content) {
    if (detached) {
      content.release();
    } else if (undecided != null) {
      if (undecided.collect(content)) {
        decide(undecided);
      }
    } else {
      forward(content);
    }
  }

  @Override
  public void answerEnded() {
    if (undecided != null) {
      decide(undecided);
    }
    if (detached || redactor == null) {
      return;
    }
    answer.content(redactor.end());
    answer.end();
    redactor.close();
    exchange.answerEnded();
  }

  /** Once enough of the body is there to know what the answer means. */
  private void decide(BufferedErrorBody decided) {
    undecided = null;
    if (decided.isRejection()) {
      decided.close();
      exchange.fail(CallError.PROVIDER_REJECTED_KEY);
    } else {
      begin(decided.head());
      forward(decided.body());
    }
  }

  private void begin(HttpResponse head) {
    Redactor begun = CallSecretRedactor.of(passage, head.status().code() >= 400);
    redactor = begun;
    answer.begin(head, passage.standard().responseHeaders(), begun);
    if (begun.finds(head.status().reasonPhrase()) || begun.hasFoundInText()) {
      connection.secretInHead();
    }
    exchange.answerBegun();
  }

  private void forward(ByteBuf content) {
    bytes += content.readableBytes();
    tokens.look(content);
    answer.content(redactor == null ? content : redactor.pass(content));
    if (!caller.isWritable()) {
      connection.read(false);
    }
  }

  /** Of the answer's body, as far as it came. */
  long bytes() {
    return bytes;
  }

  long inputTokens() {
    return tokens.inputTokens();
  }

  long outputTokens() {
    return tokens.outputTokens();
  }

  /** The caller has read what was under way. */
  void callerWritable() {
    connection.read(true);
  }

  @Override
  public void paused() {
    answer.flush();
  }

  @Override
  public void writable() {
    exchange.providerWritable();
  }

  @Override
  public void silent() {
    fail(CallError.PROVIDER_TIMEOUT);
  }

  @Override
  public void broken() {
    fail(CallError.PROVIDER_BROKE_OFF);
  }

  @Override
  public void malformed() {
    fail(CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  private void fail(CallError why) {
    if (!detached) {
      exchange.fail(why);
    }
  }
}
