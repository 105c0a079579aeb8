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
 * Calls a service once with a short text that Claviger chooses, and shows the answer that a program
 * would get.
 *
 * <p>A test call is made like a program's call: through this node's gateway, and with an access
 * token of the caller. The token is made for this call, is restricted to this service, and is
 * revoked immediately after the call. So the gateway decides whether the call is allowed, and the
 * call counts against limits and budgets like any other call.
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

  /** The time limit for the whole answer to a test call. */
  Duration MOST = Duration.ofSeconds(10);

  /** The maximum number of output tokens that the call requests. */
  int MOST_TOKENS = 16;

  /**
   * The maximum number of simultaneous test calls on this node. A user can make only one test call
   * at a time.
   */
  int MOST_AT_ONCE = 16;

  /**
   * Makes a test call. Users who may not make access tokens can't make test calls either. If the
   * gateway or the provider refuses the call, the test call still counts as made, and its result
   * reports the refusal.
   *
   * @param model the requested model; if empty, the service's own model
   */
  TestCallOutcome call(Actor actor, Instance.Ref service, Optional<ModelName> model);

  /** The result of a request for a test call. */
  sealed interface TestCallOutcome {
    record Called(TestCall call) implements TestCallOutcome {}

    /**
     * The user's previous test call is still running, or too many other users' test calls are
     * running.
     */
    record Limited(Duration retryAfter) implements TestCallOutcome {}

    record Refused(Refusal why) implements TestCallOutcome {}
  }

  /**
   * A completed test call.
   *
   * @param model the requested model
   * @param cost the cost that is charged for the service; empty if there is no price or no answer
   * @param took how long the call took, from the request to the end of the answer
   */
  record TestCall(
      ModelName model, GatewayResponse answer, Optional<CallCost> cost, Duration took) {}
}
