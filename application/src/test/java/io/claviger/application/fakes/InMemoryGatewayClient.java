package io.claviger.application.fakes;

import io.claviger.application.gateway.port.GatewayClient;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A {@link GatewayClient} without a gateway. It records the questions. */
public final class InMemoryGatewayClient implements GatewayClient {
  private final List<GatewayRequest> asked = new CopyOnWriteArrayList<>();
  private volatile Function<GatewayRequest, GatewayResponse> answer =
      question -> said("Hello to you!");

  /** The answer of a model that said this. */
  public static GatewayResponse said(String text) {
    return new GatewayResponse(
        Ending.OK,
        OptionalInt.of(200),
        Optional.empty(),
        text,
        OptionalInt.empty(),
        TokenUsage.stated(14, 7, TokenParts.NONE),
        new Receipt(Optional.of("central"), Optional.of("r-1"), Optional.of("p-1")));
  }

  /** The answer of a gateway that refuses the call. */
  public static GatewayResponse refused(int status, String code, String message) {
    return new GatewayResponse(
        Ending.REFUSED,
        OptionalInt.of(status),
        Optional.of(code),
        message,
        OptionalInt.empty(),
        TokenUsage.NONE,
        Receipt.NONE);
  }

  /** Sets a function that answers each call. */
  public void answers(Function<GatewayRequest, GatewayResponse> each) {
    answer = each;
  }

  /** The questions so far, oldest first. */
  public List<GatewayRequest> asked() {
    return List.copyOf(asked);
  }

  @Override
  public GatewayResponse call(GatewayRequest question, Duration limit) {
    asked.add(question);
    return answer.apply(question);
  }
}
