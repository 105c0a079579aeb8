package io.claviger.application.gateway;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.gateway.port.GatewayClient;
import io.claviger.application.gateway.port.GatewayClient.GatewayResponse;
import io.claviger.application.instances.Instances;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.application.standards.Standards;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallCost;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Calls a service once with a short text that Claviger chooses, to show what a program would get.
 *
 * <p>It is a call like that of any program: it goes through the gateway of this node, with an
 * access token of the caller that is made for it, works for this service alone and is revoked right
 * after. The gateway alone therefore decides whether the call may be made, and it counts against
 * limits and budgets as all calls do.
 */
public interface TestCalls {
  static TestCalls of(
      Instances instances,
      Standards standards,
      AccessTokens tokens,
      GatewayClient gateway,
      PriceBook prices,
      InstantSource clock) {
    return new TestCallsByToken(instances, standards, tokens, gateway, prices, clock);
  }

  /** The longest time until the whole answer has arrived. */
  Duration MOST = Duration.ofSeconds(10);

  /** The most tokens that the call asks for. */
  int MOST_TOKENS = 16;

  /** The most test calls at once on this node. A user can make only one test call at a time. */
  int MOST_AT_ONCE = 16;

  /**
   * Makes the call. Whoever may not make access tokens may not make test calls. A call that the
   * gateway or the provider refused counts as made, and the result says that it was refused.
   *
   * @param model the one to ask for; the service's own if empty
   */
  TestCallOutcome call(Actor actor, Instance.Ref service, Optional<ModelName> model);

  /** The result of a request for a test call. */
  sealed interface TestCallOutcome {
    record Called(TestCall call) implements TestCallOutcome {}

    /** The user's last test call is under way, or too many others' are. */
    record Limited(Duration retryAfter) implements TestCallOutcome {}

    record Refused(Refusal why) implements TestCallOutcome {}
  }

  /**
   * A test call that was made.
   *
   * @param model the model that was asked for
   * @param cost what the service is charged; empty if nobody set a price, or nothing was answered
   * @param took from the request to the end of the answer
   */
  record TestCall(
      Instance.Ref service,
      ModelName model,
      GatewayResponse answer,
      Optional<CallCost> cost,
      Duration took) {}
}
