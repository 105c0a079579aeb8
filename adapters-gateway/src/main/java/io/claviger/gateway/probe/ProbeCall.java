package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe.Probed;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.relay.BufferedErrorBody;
import io.claviger.gateway.relay.ResponsePolicy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call that finds out whether a provider accepts a key. The call ends after the answer's head,
 * unless the body decides the outcome. Only used on the event loop of the call.
 */
final class ProbeCall extends ProviderCall<Probed> {
  private final AuthorizedCall authorized;
  private @Nullable BufferedErrorBody undecided;
  private OptionalInt status = OptionalInt.empty();
  private Optional<Instant> date = Optional.empty();
  private long answered;
  private boolean notAllowed;

  ProbeCall(AuthorizedCall authorized, Duration limit) {
    super(authorized, ProbeRequest.of(authorized), limit);
    this.authorized = authorized;
  }

  @Override
  public void refused(CallError why) {
    notAllowed = why.code().equals(CallError.DESTINATION_NOT_ALLOWED.code());
    end(ConnectionStatus.UNREACHABLE);
  }

  @Override
  public void answered(HttpResponse head) {
    answered = nanos();
    int code = head.status().code();
    status = OptionalInt.of(code);
    date =
        Optional.ofNullable(head.headers().get(HttpHeaderNames.DATE))
            .map(DateFormatter::parseHttpDate)
            .map(Date::toInstant);
    if (ResponsePolicy.dependsOnBody(head, authorized.standard().format())) {
      undecided =
          new BufferedErrorBody(authorized.standard().format(), head, OutboundTransport.BUFFERS);
    } else if (code >= 200 && code < 300) {
      end(ConnectionStatus.OK);
    } else {
      end(code == 401 || code == 403 ? ConnectionStatus.UNAUTHORIZED : ConnectionStatus.ERROR);
    }
  }

  @Override
  public void content(ByteBuf content) {
    if (undecided == null) {
      content.release();
    } else if (undecided.collect(content)) {
      answerEnded();
    }
  }

  /**
   * Decides whether the provider accepts the key. Considers only the part of the body that has
   * arrived.
   */
  @Override
  public void answerEnded() {
    boolean rejection = undecided != null && undecided.isRejection();
    end(rejection ? ConnectionStatus.UNAUTHORIZED : ConnectionStatus.ERROR);
  }

  @Override
  public void silent() {
    if (status.isPresent()) {
      answerEnded();
    } else {
      end(ConnectionStatus.TIMEOUT);
    }
  }

  @Override
  public void broken() {
    answerEnded();
  }

  @Override
  public void malformed() {
    answerEnded();
  }

  @Override
  protected void giveUp() {
    end(ConnectionStatus.UNREACHABLE);
  }

  @Override
  public void failed(Throwable why) {
    end(ConnectionStatus.ERROR);
  }

  private void end(ConnectionStatus outcome) {
    long latency = status.isPresent() ? answered : nanos();
    end(new Probed(outcome, status, Duration.ofNanos(latency), notAllowed, date));
  }

  @Override
  protected void letGo() {
    super.letGo();
    if (undecided != null) {
      undecided.close();
      undecided = null;
    }
  }
}
